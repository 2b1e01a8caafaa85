import { isList, isObject, property, type Json, type JsonObject } from "../../../model/json.ts";
import { handoffTo, toolBy, type Agents, type ToolTable } from "./agents.ts";
import { headersOf, parametersOf, present, take, takeTimeout, webhookOf } from "./shared.ts";
import { elements, inside, takeText, textAt, use, valueAt, type Source } from "./source.ts";
import { TODO } from "./resource.ts";

const TOOLS: ToolTable = { webhook, client };

/** Tools that come with ElevenLabs, by their names. */
const BUILT_IN: ToolTable = {
  end_call: (tool) => ({ type: "hangup", hangup: described(tool) }),
  skip_turn: (tool) => ({ type: "skip_turn", skip_turn: described(tool) }),
  play_keypad_touch_tone: () => ({ type: "send_dtmf", send_dtmf: {} }),
  transfer_to_number: transferToNumber,
  transfer_to_agent: transferToAgent,
};

export function elevenLabsTools(agent: Source, prompt: string, agents: Agents): readonly JsonObject[] {
  const listed = elements(agent, `${prompt}/tools`).map((tool) => converted(tool, agents));
  const names = Object.keys(BUILT_IN).filter(
    (name) => valueAt(agent, `${prompt}/built_in_tools/${name}`) !== undefined,
  );
  const builtIn = names.map((name) =>
    builtInTool(inside(agent, `${prompt}/built_in_tools/${name}`), name, agents),
  );
  return [...listed, ...builtIn].filter((tool) => tool !== undefined);
}

function converted(tool: Source, agents: Agents): JsonObject | undefined {
  const type = textAt(tool, "/type");
  return type === "system"
    ? builtInTool(tool, textAt(tool, "/name"), agents)
    : toolBy(TOOLS, type, tool, { agents, places: ["/type"] });
}

function builtInTool(tool: Source, name: string | undefined, agents: Agents): JsonObject | undefined {
  return toolBy(BUILT_IN, name, tool, { agents, places: ["/type", "/name", "/params/system_tool_type"] });
}

function described(tool: Source): JsonObject {
  const description = takeText(tool, "/description");
  return present({ description: description === "" ? undefined : description });
}

function webhook(tool: Source): JsonObject {
  const query = parametersIn(take(tool, "/api_schema/query_params_schema"));
  const body = parametersIn(take(tool, "/api_schema/request_body_schema"));
  return present({
    type: "webhook",
    webhook: present({
      ...webhookOf({
        name: takeText(tool, "/name"),
        description: takeText(tool, "/description"),
        url: takeText(tool, "/api_schema/url"),
      }),
      // Telnyx would take POST.
      method: take(tool, "/api_schema/method") ?? "GET",
      headers: headersOf(take(tool, "/api_schema/request_headers")),
      path_parameters: parametersIn(take(tool, "/api_schema/path_params_schema")).parameters,
      query_parameters: query.parameters,
      preset_query_params: query.fixed,
      body_parameters: body.parameters,
      preset_body_fields: body.fixed,
    }),
    timeout_ms: takeTimeout(tool, "/response_timeout_secs", 1000),
  });
}

interface Parameters {
  readonly parameters: JsonObject | undefined;
  /** Values that do not come from the model. */
  readonly fixed: JsonObject | undefined;
}

/** A JSON Schema, a mapping of schemas, or a list of fields with their ids, as the dashboard writes them. */
function parametersIn(value: Json | undefined): Parameters {
  if (isList(value)) return fromFields(value.filter(isObject));
  const inner = property(value, "properties");
  const description = property(value, "description");
  if (isList(inner)) return fromFields(inner.filter(isObject), description);
  const required = property(value, "required");
  const properties = isObject(inner) ? inner : value;
  if (!isObject(properties)) return { parameters: undefined, fixed: undefined };
  const fields = Object.entries(properties).flatMap(([id, schema]) => {
    const isRequired = isList(required) && required.includes(id);
    return isObject(schema) ? [Object.assign({}, schema, { id, required: isRequired })] : [];
  });
  return fromFields(fields, isObject(inner) ? description : undefined);
}

function fromFields(fields: readonly JsonObject[], description?: Json): Parameters {
  const fixed: Record<string, Json> = {};
  const asked: Record<string, Json> = {};
  const needed: string[] = [];
  for (const field of fields) {
    const {
      id,
      required,
      value_type,
      constant_value,
      dynamic_variable,
      is_system_provided: _,
      ...schema
    } = field;
    const name = String(id ?? "");
    const variable = value_type === "dynamic_variable" || (value_type === undefined && says(dynamic_variable));
    const constant = value_type === "constant" || (value_type === undefined && says(constant_value));
    if (variable) fixed[name] = `{{${String(dynamic_variable)}}}`;
    else if (constant) fixed[name] = constant_value ?? "";
    else {
      asked[name] = Object.fromEntries(Object.entries(schema).filter(([, one]) => says(one)));
      if (required === true) needed.push(name);
    }
  }
  const parameters = parametersOf(
    present({
      description: says(description) ? description : undefined,
      properties: asked,
      required: needed.length > 0 ? needed : undefined,
    }),
  );
  return { parameters, fixed: Object.keys(fixed).length > 0 ? fixed : undefined };
}

function says(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}

function client(tool: Source): JsonObject {
  const parameters = parametersIn(take(tool, "/parameters")).parameters ?? { type: "object", properties: {} };
  const { name, description } = webhookOf({
    name: takeText(tool, "/name"),
    description: takeText(tool, "/description"),
    url: undefined,
  });
  return { type: "client_side_tool", client_side_tool: present({ name, description, parameters }) };
}

function transferToNumber(tool: Source): JsonObject {
  const targets = elements(tool, "/params/transfers").flatMap((one) => {
    const to =
      takeText(one, "/transfer_destination/phone_number") ??
      takeText(one, "/transfer_destination/sip_uri") ??
      takeText(one, "/phone_number");
    if (to === undefined) return [];
    use(one, "/phone_number", "/transfer_destination/type");
    return [present({ name: takeText(one, "/condition"), to })];
  });
  return { type: "transfer", transfer: { from: TODO, targets, ...described(tool) } };
}

function transferToAgent(tool: Source, agents: Agents): JsonObject {
  const targets = elements(tool, "/params/transfers").map((one) => ({
    agent: takeText(one, "/agent_id"),
    when: takeText(one, "/condition"),
  }));
  return handoffTo(targets, agents);
}
