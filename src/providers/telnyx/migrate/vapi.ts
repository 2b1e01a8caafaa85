import { property, stringsIn, type Json, type JsonObject } from "../../../model/json.ts";
import { oneHandoff, type Agents } from "./agents.ts";
import { explainTodos, making, put, leave, type Making } from "./resource.ts";
import { between, callLimit, fill, keyterm, losses, number, own, text, type Rule } from "./rules.ts";
import { leaveVoice, putElevenLabsVoice, putModel } from "./shared.ts";
import { elements, inside, takeText, textAt, use, valueAt, type Source } from "./source.ts";
import type { Conversion } from "./conversion.ts";
import { vapiHandoff, vapiTool } from "./vapi-tools.ts";
import { transcription } from "../objects/transcription-schema.ts";

const PROVIDER = "Vapi";
const SPEAKS_FIRST = "<assistant-speaks-first-with-model-generated-message>";

/** Where the fields of an assistant of Vapi go. */
const VAPI: readonly Rule[] = [
  ...own("id", "orgId", "createdAt", "updatedAt"),
  { from: "/name", to: "/name" },
  { from: "/firstMessage", to: "/greeting", as: rewritten },
  { from: "/voice/similarityBoost", to: "/voice_settings/similarity_boost", as: number },
  { from: "/voice/style", to: "/voice_settings/style", as: number },
  { from: "/voice/speed", to: "/voice_settings/speed", as: number },
  { from: "/transcriber/language", to: "/transcription/language", as: text },
  { from: "/transcriber/keyterm", to: "/transcription/settings/keyterm", as: keyterm },
  {
    from: "/transcriber/eotThreshold",
    to: "/transcription/settings/eot_threshold",
    as: between(0.5, 0.9),
    why: "Telnyx takes 0.5 to 0.9",
  },
  {
    from: "/transcriber/eagerEotThreshold",
    to: "/transcription/settings/eager_eot_threshold",
    as: between(0.3, 0.9),
    why: "Telnyx takes 0.3 to 0.9",
  },
  {
    from: "/transcriber/eotTimeoutMs",
    to: "/transcription/settings/eot_timeout_ms",
    as: between(500, 10_000),
    why: "Telnyx takes 500 to 10000",
  },
  callLimit("/silenceTimeoutSeconds", "user_idle_timeout_secs", 10),
  callLimit("/maxDurationSeconds", "time_limit_secs", 30),
  { from: "/backgroundSound", to: "/voice_settings/background_audio", as: backgroundSound },
  {
    from: "/startSpeakingPlan/waitSeconds",
    to: "/interruption_settings/start_speaking_plan/wait_seconds",
    as: number,
  },
  ...["Punctuation", "NoPunctuation", "Number"].map((name): Rule => {
    const plan = "/interruption_settings/start_speaking_plan/transcription_endpointing_plan";
    const to = name.replace(/(?<=[a-z])(?=[A-Z])/, "_").toLowerCase();
    const from = `/startSpeakingPlan/transcriptionEndpointingPlan/on${name}Seconds`;
    return { from, to: `${plan}/on_${to}_seconds`, as: number };
  }),
  {
    from: "/voicemailMessage",
    to: "/telephony_settings/voicemail_detection/on_voicemail_detected",
    as: voicemail,
  },
  { from: "/model/messages", near: "/instructions", why: "only the first system message is the instructions" },
  { from: "/model/tools", near: "/tools", why: "Telnyx has no such tool, or no such setting of it" },
  { from: "/model/temperature", near: "/model", why: "Telnyx has no such setting of the model" },
  { from: "/model/maxTokens", near: "/model", why: "Telnyx has no such setting of the model" },
  { from: "/model/toolIds", near: "/tools", why: "the file does not have these tools; add them to tools" },
  { from: "/model/knowledgeBaseId", why: "knowledge bases are not migrated; use a retrieval tool" },
  { from: "/voice/stability", near: "/voice_settings", why: "temperature may mean the same; try it" },
  { from: "/analysisPlan", why: "use an insight group" },
  { from: "/structuredOutputs", why: "use an insight group" },
  { from: "/serverUrl", why: "Telnyx calls your servers only for tools and dynamic variables" },
  { from: "/server", why: "Telnyx calls your servers only for tools and dynamic variables" },
];

export const vapi: Conversion = {
  provider: PROVIDER,
  marks: [
    "analysisPlan",
    "artifactPlan",
    "firstMessage",
    "firstMessageMode",
    "maxDurationSeconds",
    "members",
    "orgId",
    "serverUrl",
    "silenceTimeoutSeconds",
    "startSpeakingPlan",
    "transcriber",
    "voicemailMessage",
  ],
  agents: (file) => (isSquad(file) ? membersOf(file) : [file]),
  namesOf: (agent) => [textAt(agent, "/id"), textAt(agent, "/name")],
  convert(agent, { key, agents }) {
    const resource = making("Assistant", key, textAt(agent, "/name") ?? key);
    fill(resource, agent, VAPI);
    instructions(resource, agent);
    greeting(resource, agent);
    model(resource, agent);
    voice(resource, agent);
    transcriptionModel(
      resource,
      PROVIDER,
      takeText(agent, "/transcriber/provider"),
      takeText(agent, "/transcriber/model"),
    );
    tools(resource, agent, agents);
    explainTodos(resource);
    return { resources: [resource], losses: losses(resource, agent, VAPI) };
  },
};

function isSquad({ root }: Source): boolean {
  return property(root, "members") !== undefined;
}

/** The members of a squad: each has an assistant, and the ones that it may hand over to. */
function membersOf(file: Source): readonly Source[] {
  use(file, "/id", "/orgId", "/createdAt", "/updatedAt");
  return elements(file, "/members").flatMap((member) =>
    valueAt(member, "/assistant") === undefined ? [] : [inside(member, "/assistant")],
  );
}

/** Where a member of a squad has its destinations: beside the assistant. */
function destinationsBeside(agent: Source): readonly Source[] {
  const isMember = agent.path.at(-1) === "assistant";
  return isMember ? elements({ ...agent, path: agent.path.slice(0, -1) }, "/assistantDestinations") : [];
}

function instructions(resource: Making, agent: Source): void {
  const first = elements(agent, "/model/messages").find((one) => textAt(one, "/role") === "system");
  const content = first === undefined ? undefined : textAt(first, "/content");
  if (first !== undefined && content !== undefined) use(first, "/role", "/content");
  put(resource, "/instructions", rewritten(content ?? "") ?? "");
}

function greeting(resource: Making, agent: Source): void {
  const mode = takeText(agent, "/firstMessageMode");
  if (mode === "assistant-waits-for-user") put(resource, "/greeting", "");
  else if (mode === "assistant-speaks-first-with-model-generated-message")
    put(resource, "/greeting", SPEAKS_FIRST);
}

function model(resource: Making, agent: Source): void {
  const [provider, name] = [takeText(agent, "/model/provider"), takeText(agent, "/model/model")];
  const url = provider === "custom-llm" ? takeText(agent, "/model/url") : undefined;
  if (url !== undefined && name !== undefined) put(resource, "/external_llm", { model: name, base_url: url });
  else if (name !== undefined) putModel(resource, PROVIDER, [provider, name].filter(Boolean).join("/"));
}

function voice(resource: Making, agent: Source): void {
  const [provider, id, name] = ["provider", "voiceId", "model"].map((key) => takeText(agent, `/voice/${key}`));
  if (id === undefined) return;
  if (provider === "11labs" && name !== undefined) putElevenLabsVoice(resource, name, id);
  else leaveVoice(resource, PROVIDER, [provider, name, id].filter(Boolean).join(" "));
}

function tools(resource: Making, agent: Source, agents: Agents): void {
  const made = elements(agent, "/model/tools")
    .map((tool) => vapiTool(tool, agents))
    .filter((tool) => tool !== undefined);
  const handoff = vapiHandoff(destinationsBeside(agent), agents);
  const all = handoff === undefined ? made : [...made, handoff];
  if (all.length > 0) put(resource, "/tools", oneHandoff(all));
}

/** Variables of Vapi by the names that Telnyx has for them. */
function rewritten(value: Json): string | undefined {
  if (typeof value !== "string") return undefined;
  return value
    .replaceAll(/\{\{\s*customer\.number\s*\}\}/g, "{{telnyx_end_user_target}}")
    .replaceAll(/\{\{\s*now\s*\}\}/g, "{{telnyx_current_time}}");
}

function backgroundSound(value: Json): JsonObject | undefined {
  if (value === "office") return { type: "predefined_media", value: "office" };
  if (value === "off") return { type: "predefined_media", value: "silence" };
  return typeof value === "string" && /^https?:/.test(value) ? { type: "media_url", value } : undefined;
}

function voicemail(value: Json): JsonObject | undefined {
  if (typeof value !== "string") return undefined;
  return { action: "leave_message_and_stop_assistant", voicemail_message: { type: "message", message: value } };
}

const KNOWN = new Set(stringsIn(transcription.properties.model["x-known-values"]));

/** A speech-to-text model by the name that Telnyx has for it. For any other one the user must choose. */
function transcriptionModel(
  resource: Making,
  at: string,
  provider: string | undefined,
  model: string | undefined,
): void {
  if (provider === undefined && model === undefined) return;
  const name = [provider, model].filter((part) => part !== undefined).join("/");
  if (KNOWN.has(name)) put(resource, "/transcription/model", name);
  else leave(resource, "/transcription/model", `a speech-to-text model of Telnyx. At ${at} it is ${name}.`);
}
