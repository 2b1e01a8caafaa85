import { isObject, type Json, type JsonObject } from "../../../model/json.ts";
import { handoffTo, toolBy, type Agents, type ToolTable } from "./agents.ts";
import { headersOf, parametersOf, present, take, takeTimeout, webhookOf } from "./shared.ts";
import { elements, takeText, textAt, use, valueAt, type Source } from "./source.ts";
import { TODO } from "./resource.ts";

/** The tools of Retell by their types. */
const TOOLS: ToolTable = {
  end_call: (tool) => ({ type: "hangup", hangup: described(tool) }),
  press_digit: () => ({ type: "send_dtmf", send_dtmf: {} }),
  send_sms: (tool) => {
    const message_template = takeText(tool, "/sms_content/content");
    return { type: "send_message", send_message: present({ message_template }) };
  },
  agent_swap: (tool, agents) =>
    handoffTo([{ agent: takeText(tool, "/agent_id"), when: takeText(tool, "/description") }], agents),
  transfer_call: transferCall,
  custom,
};

export function retellTools(source: Source, at: string, agents: Agents): readonly JsonObject[] {
  return elements(source, at)
    .map((tool) => retellTool(tool, agents))
    .filter((tool) => tool !== undefined);
}

/** The tool as Telnyx has it; `undefined` where it has none of its type. */
export function retellTool(tool: Source, agents: Agents): JsonObject | undefined {
  const places = ["/type", "/name", "/sms_content/type"];
  return toolBy(TOOLS, textAt(tool, "/type"), tool, { agents, places });
}

function described(tool: Source): JsonObject {
  return present({ description: takeText(tool, "/description") });
}

/** Telnyx asks for the number that places the call, which Retell does not have. */
function transferCall(tool: Source): JsonObject {
  const to = takeText(tool, "/transfer_destination/number") ?? takeText(tool, "/number");
  use(tool, "/transfer_destination/type");
  const target = present({
    name: textAt(tool, "/name"),
    to: to ?? TODO,
    extension: takeText(tool, "/transfer_destination/extension"),
  });
  const description = takeText(tool, "/description");
  return { type: "transfer", transfer: present({ from: TODO, targets: [target], description }) };
}

function custom(tool: Source): JsonObject {
  const method = take(tool, "/method");
  const parameters = parametersOf(take(tool, "/parameters"));
  const isQuery = method === "GET";
  // Telnyx sends the arguments as the body itself.
  if (valueAt(tool, "/args_at_root") === true) use(tool, "/args_at_root");
  return present({
    type: "webhook",
    webhook: present({
      ...webhookOf({
        name: textAt(tool, "/name"),
        description: takeText(tool, "/description"),
        url: takeText(tool, "/url"),
      }),
      method,
      headers: headersOf(take(tool, "/headers")),
      query_parameters: isQuery ? parameters : undefined,
      preset_query_params: take(tool, "/query_params"),
      body_parameters: isQuery ? undefined : parameters,
      store_fields_as_variables: variables(take(tool, "/response_variables")),
    }),
    timeout_ms: takeTimeout(tool, "/timeout_ms", 1),
  });
}

function variables(value: Json | undefined): Json | undefined {
  if (!isObject(value) || Object.keys(value).length === 0) return undefined;
  return Object.entries(value).map(([name, path]) => ({
    name,
    value_path: String(path).replace(/^\$\.?/, ""),
  }));
}
