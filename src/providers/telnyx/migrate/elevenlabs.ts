import type { Json } from "../../../model/json.ts";
import { oneHandoff } from "./agents.ts";
import type { Conversion } from "./conversion.ts";
import { elevenLabsTools } from "./elevenlabs-tools.ts";
import { explainTodos, making, put, type Making } from "./resource.ts";
import { callLimit, fill, flag, keyterm, losses, number, own, text, type Rule } from "./rules.ts";
import { leaveVoice, putElevenLabsVoice, putModel } from "./shared.ts";
import { takeText, textAt, use, valueAt, type Source } from "./source.ts";

const PROVIDER = "ElevenLabs";
const CONFIG = "/conversation_config";
const PROMPT = `${CONFIG}/agent/prompt`;

/** Where the fields of an agent of ElevenLabs go. */
const ELEVENLABS: readonly Rule[] = [
  ...own("agent_id", "metadata", "access_info"),
  { from: "/name", to: "/name" },
  { from: "/tags", to: "/tags" },
  { from: `${PROMPT}/prompt`, to: "/instructions", as: text },
  { from: `${CONFIG}/agent/first_message`, to: "/greeting", as: text },
  {
    from: `${CONFIG}/agent/dynamic_variables/dynamic_variable_placeholders`,
    to: "/dynamic_variables",
  },
  { from: `${CONFIG}/tts/speed`, to: "/voice_settings/speed", as: number },
  { from: `${CONFIG}/tts/similarity_boost`, to: "/voice_settings/similarity_boost", as: number },
  { from: `${CONFIG}/asr/keywords`, to: "/transcription/settings/keyterm", as: keyterm },
  callLimit(`${CONFIG}/turn/turn_timeout`, "user_idle_reply_secs", 0),
  callLimit(`${CONFIG}/turn/silence_end_call_timeout`, "user_idle_timeout_secs", 10),
  callLimit(`${CONFIG}/conversation/max_duration_seconds`, "time_limit_secs", 30),
  {
    from: "/platform_settings/privacy/record_voice",
    to: "/telephony_settings/recording_settings/enabled",
    as: flag,
  },
  {
    from: "/platform_settings/privacy/zero_retention_mode",
    to: "/privacy_settings/data_retention",
    as: (value: Json) => (typeof value === "boolean" ? !value : undefined),
  },
  { from: `${PROMPT}/temperature`, near: "/model", why: "Telnyx has no such setting of the model" },
  { from: `${PROMPT}/max_tokens`, near: "/model", why: "Telnyx has no such setting of the model" },
  { from: `${PROMPT}/tool_ids`, near: "/tools", why: "the file does not have these tools; add them to tools" },
  { from: `${PROMPT}/tools`, near: "/tools", why: "Telnyx has no such tool, or no such setting of it" },
  {
    from: `${PROMPT}/built_in_tools`,
    near: "/tools",
    why: "Telnyx has no such tool, or no such setting of it",
  },
  { from: `${PROMPT}/mcp_server_ids`, why: "declare each as McpServer, and name it in mcp_servers" },
  { from: `${PROMPT}/knowledge_base`, why: "knowledge bases are not migrated; use a retrieval tool" },
  { from: `${PROMPT}/rag`, why: "knowledge bases are not migrated; use a retrieval tool" },
  { from: `${CONFIG}/tts/stability`, near: "/voice_settings", why: "temperature may mean the same; try it" },
  { from: `${CONFIG}/agent/language`, why: "set transcription.language" },
  { from: "/platform_settings/evaluation", why: "use insights, or the rubric of an AssistantTest" },
  { from: "/platform_settings/data_collection", why: "use insights" },
  { from: "/workflow", why: "a conversation_flow is similar; build one" },
];

export const elevenLabs: Conversion = {
  provider: PROVIDER,
  marks: ["conversation_config", "platform_settings"],
  agents: (file) => [file],
  namesOf: (agent) => [textAt(agent, "/agent_id"), textAt(agent, "/name")],
  convert(agent, { key, agents }) {
    const resource = making("Assistant", key, textAt(agent, "/name") ?? key);
    put(resource, "/instructions", "");
    fill(resource, agent, ELEVENLABS);
    model(resource, agent);
    voice(resource, agent);
    const tools = elevenLabsTools(agent, PROMPT, agents);
    if (tools.length > 0) put(resource, "/tools", oneHandoff(tools));
    explainTodos(resource);
    return { resources: [resource], losses: losses(resource, agent, ELEVENLABS) };
  },
};

function model(resource: Making, agent: Source): void {
  const [urlAt, modelAt] = [`${PROMPT}/custom_llm/url`, `${PROMPT}/custom_llm/model_id`];
  const [url, custom] = [textAt(agent, urlAt), textAt(agent, modelAt)];
  const name = takeText(agent, `${PROMPT}/llm`);
  if (url !== undefined && custom !== undefined) {
    use(agent, urlAt, modelAt);
    put(resource, "/external_llm", { model: custom, base_url: url });
  } else if (name !== undefined) putModel(resource, PROVIDER, name);
}

function voice(resource: Making, agent: Source): void {
  const [id, name] = [takeText(agent, `${CONFIG}/tts/voice_id`), takeText(agent, `${CONFIG}/tts/model_id`)];
  if (id === undefined && valueAt(agent, `${CONFIG}/tts`) === undefined) return;
  if (id !== undefined && name !== undefined) putElevenLabsVoice(resource, name, id);
  else if (id !== undefined) leaveVoice(resource, PROVIDER, id);
}
