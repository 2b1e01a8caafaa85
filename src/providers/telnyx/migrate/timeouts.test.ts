import { expect, test } from "vitest";
import type { Json } from "../../../model/json.ts";
import { CONVERSIONS, migrated } from "./index.ts";

const url = "https://tools.example.com/";
const AGENTS: Readonly<Record<string, (seconds: number) => Json>> = {
  elevenlabs: (seconds) => {
    const tool = { type: "webhook", name: "look-up", api_schema: { url }, response_timeout_secs: seconds };
    return { name: "a", conversation_config: { agent: { prompt: { tools: [tool] } } } };
  },
  retell: (seconds) => ({
    llm_id: "l",
    general_tools: [{ type: "custom", name: "look-up", url, timeout_ms: seconds * 1000 }],
  }),
  vapi: (seconds) => ({
    name: "a",
    model: { tools: [{ type: "apiRequest", name: "look-up", url, timeoutSeconds: seconds }] },
  }),
};

test.each(Object.keys(CONVERSIONS))(
  "%s: the time of a webhook comes along, or is listed if it is too long",
  (name) => {
    const conversion = CONVERSIONS[name];
    if (conversion === undefined) throw new Error(name);
    const timed = (seconds: number) => {
      const { resources, losses } = migrated(conversion, [
        { name: "a.json", value: AGENTS[name]?.(seconds) ?? null },
      ]);
      return [
        resources[0]?.spec["tools"],
        losses.map(({ at }) => at).filter((at) => /timeout/i.test(at)).length,
      ];
    };
    expect(timed(20)).toEqual([[expect.objectContaining({ timeout_ms: 20_000 })], 0]);
    expect(timed(90)).toEqual([[expect.not.objectContaining({ timeout_ms: expect.anything() as unknown })], 1]);
  },
);
