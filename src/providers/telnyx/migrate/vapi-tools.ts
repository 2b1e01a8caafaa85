import { property, type Json, type JsonObject } from "../../../model/json.ts";
import { handoffTo, toolBy, type Agents, type ToolTable } from "./agents.ts";
import { headersOf, parametersOf, present, take, takeTimeout, webhookOf } from "./shared.ts";
import { elements, takeText, textAt, use, valueAt, type Source } from "./source.ts";
import { TODO } from "./resource.ts";

/** The tools of Vapi by their types. */
const TOOLS: ToolTable = {
  function: functionTool,
  apiRequest: functionTool,
  transferCall,
  endCall: (tool) => {
    const description = takeText(tool, "/function/description");
    return { type: "hangup", hangup: present({ description }) };
  },
  dtmf: () => ({ type: "send_dtmf", send_dtmf: {} }),
  sms: () => ({ type: "send_message", send_message: {} }),
  handoff: (tool, agents) => vapiHandoff(elements(tool, "/destinations"), agents) ?? handoffTo([], agents),
};

/** The tool as Telnyx has it; `undefined` where it has none of its type. */
export function vapiTool(tool: Source, agents: Agents): JsonObject | undefined {
  return toolBy(TOOLS, textAt(tool, "/type"), tool, { agents, places: ["/type"] });
}

export function vapiHandoff(destinations: readonly Source[], agents: Agents): JsonObject | undefined {
  if (destinations.length === 0) return undefined;
  const targets = destinations.map((one) => {
    use(one, "/type");
    const [name, id] = [takeText(one, "/assistantName"), takeText(one, "/assistantId")];
    return { agent: id ?? name, when: takeText(one, "/description") };
  });
  return handoffTo(targets, agents);
}

/** A request to a server: `function` has its settings under `server`, `apiRequest` beside `type`. */
function functionTool(tool: Source): JsonObject {
  const webhook = present({
    ...webhookOf({
      name: takeText(tool, "/function/name") ?? takeText(tool, "/name"),
      description: takeText(tool, "/function/description") ?? takeText(tool, "/description"),
      url: takeText(tool, "/server/url") ?? takeText(tool, "/url"),
    }),
    method: take(tool, "/method"),
    headers: headers(tool),
    body_parameters: parametersOf(take(tool, "/body") ?? take(tool, "/function/parameters")),
    preset_body_fields: staticFields(tool),
    async: take(tool, "/async") === true ? true : undefined,
    messages: messages(tool),
  });
  return present({
    type: "webhook",
    webhook,
    timeout_ms: takeTimeout(tool, "/server/timeoutSeconds", 1000) ?? takeTimeout(tool, "/timeoutSeconds", 1000),
  });
}

/** `headers` of a server are a mapping; those of an API request a JSON Schema with fixed values. */
function headers(tool: Source): Json | undefined {
  const value = take(tool, "/server/headers") ?? take(tool, "/headers");
  const properties = property(value, "properties");
  return headersOf(properties === undefined ? value : fixedValues(properties));
}

function fixedValues(properties: Json): JsonObject {
  return Object.fromEntries(
    Object.entries(properties ?? {}).map(([name, schema]: [string, Json]) => [
      name,
      property(schema, "value") ?? property(schema, "default") ?? TODO,
    ]),
  );
}

/** Fixed values of the body, which win over those of the model. */
function staticFields(tool: Source): JsonObject | undefined {
  const fields = elements(tool, "/parameters").flatMap((one) => {
    const [key, value] = [textAt(one, "/key"), valueAt(one, "/value")];
    if (key === undefined || value === undefined) return [];
    use(one, "/key", "/value");
    return [[key, value] as const];
  });
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

const MESSAGES: Readonly<Record<string, string>> = {
  "request-start": "request_start",
  "request-response-delayed": "request_response_delayed",
};

function messages(tool: Source): Json | undefined {
  const list = elements(tool, "/messages").flatMap((one) => {
    const type = MESSAGES[textAt(one, "/type") ?? ""];
    const [content, timing] = [textAt(one, "/content"), valueAt(one, "/timingMilliseconds")];
    const isDelayed = type === "request_response_delayed";
    const isTimed = typeof timing === "number" && timing >= 100 && timing <= 120_000;
    if (type === undefined || content === undefined || content === "" || (isDelayed && !isTimed)) return [];
    use(one, "/type", "/content", "/timingMilliseconds");
    return [present({ type, content, timing_ms: isDelayed ? timing : undefined })];
  });
  return list.length > 0 ? list : undefined;
}

/** Telnyx asks for the number that places the call, which Vapi does not have. */
function transferCall(tool: Source): JsonObject {
  const targets = elements(tool, "/destinations").flatMap((one) => {
    const to = takeText(one, "/number") ?? takeText(one, "/sipUri");
    if (to === undefined) return [];
    use(one, "/type");
    return [present({ name: takeText(one, "/description"), to })];
  });
  const description = takeText(tool, "/function/description");
  use(tool, "/function/name");
  return { type: "transfer", transfer: present({ from: TODO, targets, description }) };
}
