import type { ImportProvider } from "../../model/live-copies.ts";

/** What comes along with no import, whichever the provider. */
const ALWAYS: readonly string[] = [
  "knowledge bases",
  "the values of secrets in tools and MCP servers",
  "temperature and token limits of the model",
];

/** What Telnyx has no place for, or does not import, by the provider that it would come from. */
const OWN: Readonly<Record<ImportProvider, readonly string[]>> = {
  elevenlabs: [
    "language presets, overrides, call limits and the allow-list",
    "pronunciation dictionaries",
    "the text-only mode",
  ],
  vapi: [
    "phrases and a message that end the call",
    "hooks, and messages to servers and clients",
    "the plan for being interrupted (stopSpeakingPlan)",
  ],
  retell: [
    "agents with a conversation flow: only single-prompt and multi-prompt agents are imported",
    "responsiveness, backchannel and interruption sensitivity",
    "pronunciation dictionaries",
  ],
};

/** What an import of the provider leaves behind, for people. */
export function importGaps(provider: ImportProvider): readonly string[] {
  return [...ALWAYS, ...OWN[provider]];
}
