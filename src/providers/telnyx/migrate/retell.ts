import { isObject, type Json } from "../../../model/json.ts";
import type { Loss, Migration } from "../../../model/migration.ts";
import { oneHandoff } from "./agents.ts";
import type { Conversion, Surroundings } from "./conversion.ts";
import { retellFlow } from "./retell-flow.ts";
import { retellStates } from "./retell-states.ts";
import { retellTools } from "./retell-tools.ts";
import { explainTodos, making, type Making, put, TODO } from "./resource.ts";
import { callLimit, fill, keyterm, losses, number, own, text, type Rule } from "./rules.ts";
import { leaveVoice, putModel } from "./shared.ts";
import { inside, takeText, textAt, use, valueAt, type Source } from "./source.ts";

const PROVIDER = "Retell";
const SPEAKS_FIRST = "<assistant-speaks-first-with-model-generated-message>";

const PUBLISHED = ["version", "is_published", "last_modification_timestamp"];

const DYNAMIC_VARIABLES: Rule = {
  from: "/default_dynamic_variables",
  to: "/dynamic_variables",
  as: (value: Json) => (isObject(value) ? value : undefined),
};

/** Where the fields of an agent of Retell go. */
const RETELL_AGENT: readonly Rule[] = [
  ...own("agent_id", ...PUBLISHED, "retellLlmData", "conversationFlow", "response_engine"),
  { from: "/agent_name", to: "/name", as: text },
  { from: "/voice_speed", to: "/voice_settings/voice_speed", as: number },
  { from: "/boosted_keywords", to: "/transcription/settings/keyterm", as: keyterm },
  callLimit("/reminder_trigger_ms", "user_idle_reply_secs", 0, 1000),
  callLimit("/end_call_after_silence_ms", "user_idle_timeout_secs", 10, 1000),
  callLimit("/max_call_duration_ms", "time_limit_secs", 30, 1000),
  { from: "/ambient_sound", near: "/voice_settings", why: "Telnyx has only the sound office" },
  { from: "/language", why: "set transcription.language" },
  {
    from: "/interruption_sensitivity",
    near: "/interruption_settings",
    why: "interrupt_prediction_threshold is similar",
  },
  { from: "/post_call_analysis_data", why: "use insights" },
  { from: "/webhook_url", why: "Telnyx calls your servers only for tools and dynamic variables" },
];

/** Where the fields of its language model go. */
const RETELL_LLM: readonly Rule[] = [
  ...own("llm_id", ...PUBLISHED),
  { from: "/general_prompt", to: "/instructions", as: text },
  DYNAMIC_VARIABLES,
  { from: "/general_tools", near: "/tools", why: "Telnyx has no such tool, or no such setting of it" },
  { from: "/states", near: "/conversation_flow", why: "a conversation_flow has no such setting" },
  { from: "/model_temperature", near: "/model", why: "Telnyx has no such setting of the model" },
  { from: "/knowledge_base_ids", why: "knowledge bases are not migrated; use a retrieval tool" },
  { from: "/kb_config", why: "knowledge bases are not migrated; use a retrieval tool" },
  { from: "/mcps", why: "declare each as McpServer, and name it in mcp_servers" },
];

/** Where the fields of its conversation flow go. */
const RETELL_FLOW: readonly Rule[] = [
  ...own("conversation_flow_id", ...PUBLISHED),
  { from: "/global_prompt", to: "/instructions", as: text },
  DYNAMIC_VARIABLES,
  {
    from: "/nodes",
    near: "/conversation_flow",
    why: "it has nodes or edges that Telnyx does not have; build the flow by hand",
  },
  { from: "/tools", near: "/conversation_flow", why: "declare each as Tool, and name it in the nodes" },
  { from: "/model_temperature", near: "/model", why: "Telnyx has no such setting of the model" },
];

export const retell: Conversion = {
  provider: PROVIDER,
  marks: [
    "agent_name",
    "begin_message",
    "conversation_flow_id",
    "general_prompt",
    "general_tools",
    "llm_id",
    "response_engine",
    "retellLlmData",
  ],
  agents: (file, files) => (isEngine(file) && files.some((other) => isUsedBy(file, other)) ? [] : [file]),
  namesOf: (agent) => [textAt(agent, "/agent_id"), textAt(agent, "/agent_name")],
  convert(agent, surroundings) {
    const { key } = surroundings;
    const resource = making("Assistant", key, textAt(agent, "/agent_name") ?? key);
    put(resource, "/instructions", "");
    const engine = engineOf(agent, surroundings);
    const isAlone = engine === agent;
    if (!isAlone) fill(resource, agent, RETELL_AGENT);
    if (!isAlone) voice(resource, agent);
    const others =
      engine === undefined ? noEngine(resource, agent) : withEngine(resource, engine, surroundings);
    explainTodos(resource);
    const lost = isAlone ? [] : losses(resource, agent, RETELL_AGENT);
    return { resources: [resource, ...others.resources], losses: [...lost, ...others.losses] };
  },
};

const ENGINES = ["llm_id", "conversation_flow_id"];

/** A language model or a flow that is no part of an agent. */
function isEngine(file: Source): boolean {
  return isFlow(file) || ["/general_prompt", "/llm_id"].some((at) => valueAt(file, at) !== undefined);
}

function isUsedBy(engine: Source, agent: Source): boolean {
  return ENGINES.some((name) => {
    const id = textAt(engine, `/${name}`);
    return id !== undefined && id === textAt(agent, `/response_engine/${name}`);
  });
}

function isFlow(file: Source): boolean {
  return valueAt(file, "/nodes") !== undefined;
}

/** The model or the flow of the agent: inside of it, as exports have it, or in a file of its own. */
function engineOf(agent: Source, { files }: Surroundings): Source | undefined {
  for (const at of ["/retellLlmData", "/conversationFlow"]) {
    if (valueAt(agent, at) !== undefined) return { ...inside(agent, at), used: new Set() };
  }
  return isEngine(agent) ? agent : files.find((one) => isUsedBy(one, agent));
}

function noEngine(resource: Making, { file }: Source): Migration {
  put(resource, "/instructions", TODO);
  const why = "its language model is in no file; pass that file, too";
  resource.remarks.set("/instructions", `TODO: ${why}.`);
  return { resources: [], losses: [{ file, at: "/response_engine", why }] };
}

function withEngine(resource: Making, engine: Source, { key, agents }: Surroundings): Migration {
  const rules = isFlow(engine) ? RETELL_FLOW : RETELL_LLM;
  fill(resource, engine, rules);
  greeting(resource, engine);
  const name = takeText(engine, "/model") ?? takeText(engine, "/model_choice/model");
  if (name !== undefined) {
    use(engine, "/model_choice/type");
    putModel(resource, PROVIDER, name);
  }
  const tools = retellTools(engine, "/general_tools", agents);
  if (tools.length > 0) put(resource, "/tools", oneHandoff(tools));
  const shared = isFlow(engine)
    ? retellFlow(resource, engine, key)
    : retellStates(resource, engine, { key, agents });
  for (const tool of shared) explainTodos(tool);
  const lost: readonly Loss[] = losses(resource, engine, rules);
  return { resources: shared, losses: lost };
}

/** Without a first message the model makes one; an empty one waits for the caller. */
function greeting(resource: Making, engine: Source): void {
  const [message, speaker] = [takeText(engine, "/begin_message"), takeText(engine, "/start_speaker")];
  if (speaker === "user") put(resource, "/greeting", "");
  else put(resource, "/greeting", message ?? SPEAKS_FIRST);
}

function voice(resource: Making, agent: Source): void {
  const [id, model] = [takeText(agent, "/voice_id"), takeText(agent, "/voice_model")];
  if (id !== undefined)
    leaveVoice(resource, PROVIDER, model === undefined ? id : `${id}, with the model ${model}`);
}
