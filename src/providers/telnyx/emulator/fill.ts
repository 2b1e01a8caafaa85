import { isList, isObject, type Json, type JsonObject } from "../../../model/json.ts";
import { accept } from "./check/accept.ts";
import { telephonySettings } from "./check/blocks.ts";
import type { AssistantRecord } from "./records.ts";
import type { World } from "./world.ts";

const DEFAULT_MODEL = "moonshotai/Kimi-K2.6";
const DEFAULT_TRANSCRIPTION = { model: "deepgram/flux", language: "en" };
const SPEECH_MODEL_NAMES: Readonly<Record<string, string>> = {
  "assemblyai/universal-streaming": "assemblyai/universal-3-5-pro",
};

type ServerIds = Pick<AssistantRecord, "texml_app_id" | "messaging_profile_id">;

/** A new configuration with everything that the server adds. */
export function completeNew(world: World, config: JsonObject, ids: ServerIds): JsonObject {
  const withDefaults = {
    model: DEFAULT_MODEL,
    transcription: DEFAULT_TRANSCRIPTION,
    telephony_settings: {},
    tools: [],
    ...config,
  };
  return complete(world, withDefaults, ids);
}

/** A configuration after a change: with the ids that the server assigned, and with generated texts. */
export function complete(world: World, config: JsonObject, ids: ServerIds): JsonObject {
  const filled: Record<string, Json> = { ...config };
  const telephony = accept(telephonySettings, config["telephony_settings"] ?? {}, [], []);
  if (isObject(telephony))
    filled["telephony_settings"] = { default_texml_app_id: ids.texml_app_id, ...telephony };
  const features = config["enabled_features"];
  const messaging = config["messaging_settings"];
  if (isObject(messaging) || (isList(features) && features.includes("messaging")))
    filled["messaging_settings"] = {
      default_messaging_profile_id: ids.messaging_profile_id,
      ...(isObject(messaging) && messaging),
    };
  const tools = config["tools"];
  if (isList(tools)) filled["tools"] = tools.map(describeTransfer);
  const transcription = config["transcription"];
  if (world.hazards.speechModelRenamed && isObject(transcription))
    filled["transcription"] = renameModel(transcription);
  return filled;
}

function renameModel(transcription: JsonObject): JsonObject {
  const model = transcription["model"];
  const renamed = typeof model === "string" ? SPEECH_MODEL_NAMES[model] : undefined;
  return renamed === undefined ? transcription : { ...transcription, model: renamed };
}

/** Adds a description to a transfer that has none. */
function describeTransfer(tool: Json): Json {
  if (!isObject(tool) || !isObject(tool["transfer"])) return tool;
  const transfer = tool["transfer"];
  const description = transfer["description"];
  if (typeof description === "string" && description !== "") return tool;
  return { ...tool, transfer: { ...transfer, description: transferText(transfer["targets"]) } };
}

function transferText(targets: Json | undefined): string {
  const names = isList(targets)
    ? targets.map((target) => (isObject(target) ? String(target["name"] ?? target["to"]) : ""))
    : [String(targets)];
  return `Transfer the call to one of: ${names.join(", ")}`;
}
