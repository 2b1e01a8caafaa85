import type { JsonObject } from "../../../src/model/json.ts";
import { externalLlm, transcription, voiceSettings } from "./models.ts";

const age = { type: "variable", name: "age" };

/** Every kind of expression, in one tree. */
const expression: JsonObject = {
  type: "bool_op",
  op: "and",
  operands: [
    { type: "bool_op", op: "not", operands: [{ type: "bool_literal", value: false }] },
    {
      type: "comparison",
      op: ">=",
      left: { type: "arithmetic", op: "+", left: age, right: { type: "number_literal", value: 1.5 } },
      right: { type: "number_literal", value: 18 },
    },
    {
      type: "comparison",
      op: "contains",
      left: { type: "variable", name: "interests" },
      right: { type: "string_literal", value: "solar" },
    },
  ],
};

/** A conversation flow with every kind of node, condition and target, and every field of each. */
export const everyFlow: JsonObject = {
  start_node_id: "welcome",
  nodes: [
    {
      type: "speak",
      id: "welcome",
      name: "Welcome",
      message: "Welcome to Acme, {{customer_name}}.",
      position: { x: 0, y: 0 },
    },
    {
      type: "prompt",
      id: "intake",
      name: "Intake",
      instructions: "Find out what the caller needs.",
      instructions_mode: "append",
      model: "moonshotai/Kimi-K2.6",
      llm_api_key_ref: "acme-llm",
      shared_tool_ids: [{ ref: "Tool/open-ticket" }],
      tools_mode: "append",
      voice_settings: voiceSettings,
      transcription,
      position: { x: 100.5, y: -20 },
    },
    {
      type: "prompt",
      id: "advice",
      instructions: "Advise on solar panels.",
      external_llm: externalLlm,
      voice_settings: {
        voice: "Telnyx.KokoroTTS.af_heart",
        background_audio: { type: "media_url", value: "https://media.acme.example/lobby.mp3" },
      },
    },
    {
      type: "prompt",
      id: "farewell",
      instructions: "Say goodbye.",
      voice_settings: {
        voice: "Telnyx.KokoroTTS.af_heart",
        background_audio: { type: "media_name", value: "lobby" },
      },
    },
    {
      type: "tool",
      id: "ticket",
      name: "Ticket",
      shared_tool_id: { ref: "Tool/open-ticket" },
      message: "I am opening a ticket for you.",
      position: { x: 200, y: 0 },
    },
  ],
  edges: [
    {
      id: "welcome-to-intake",
      start_node_id: "welcome",
      condition: { type: "default" },
      target: { type: "node", node_id: "intake" },
    },
    {
      id: "intake-to-advice",
      start_node_id: "intake",
      condition: { type: "expression", expression },
      target: { type: "node", node_id: "advice" },
    },
    {
      id: "intake-to-ticket",
      start_node_id: "intake",
      condition: { type: "llm", prompt: "The caller reports a fault." },
      target: { type: "node", node_id: "ticket" },
    },
    {
      id: "ticket-to-billing",
      start_node_id: "ticket",
      condition: { type: "default" },
      target: {
        type: "assistant",
        assistant_id: { ref: "Assistant/billing" },
        voice_mode: "distinct",
        position: { x: 300, y: 0 },
      },
    },
  ],
};
