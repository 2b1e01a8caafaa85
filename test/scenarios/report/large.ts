import type { Plan } from "../../../src/model/plan.ts";
import { change, path, plan, PROMPT, spec, step } from "./fixtures.ts";

const WORDS = "the caller asks about an order that is late and you look it up before you promise anything at all".split(" ");

/** A prompt of some `size` characters, the same on every run. */
function longPrompt(size: number, seed: number): string {
  const lines: string[] = [];
  for (let index = 0; lines.join("\n").length < size; index++) {
    const length = 6 + ((index * 7 + seed * 3) % 9);
    const line = Array.from({ length }, (_, at) => WORDS[(index * 5 + at * (seed + 2) + seed) % WORDS.length]);
    lines.push(index % 6 === 5 ? "" : line.join(" "));
  }
  return lines.join("\n");
}

/** A whole prompt of 10 KB rewritten. */
export const rewrite: Plan = plan({
  changes: [
    change("Assistant/front-desk", "update", {
      id: "assistant-3e1c",
      risks: ["reaches-callers"],
      changes: [
        path("instructions", "pending", [longPrompt(10_000, 1), longPrompt(10_000, 4)], { multiline: true, file: "prompts/front-desk.md" }),
        path("greeting", "pending", ["Hello.", "Good morning."]),
      ],
    }),
  ],
  steps: [step("Assistant/front-desk", "update")],
});

/** So many resources, a third of them with a prompt that changes. */
export function many(count: number): Plan {
  const changes = Array.from({ length: count }, (_, index) => {
    const name = String(index + 1).padStart(3, "0");
    if (index % 3 === 0) return change(`Assistant/line-${name}`, "create", { after: spec({ name: `Line ${name}` }) });
    if (index % 3 === 1) {
      return change(`Tool/tool-${name}`, "update", {
        id: `tool-${name}`,
        changes: [path("webhook.timeout_ms", "pending", [5000, 8000]), path("webhook.url", "pending", ["https://a.example", "https://b.example"])],
      });
    }
    const before = longPrompt(3000, index % 5);
    return change(`Assistant/desk-${name}`, "update", {
      id: `assistant-${name}`,
      risks: ["reaches-callers"],
      changes: [path("instructions", "pending", [before, `${PROMPT}\n${before}`], { multiline: true })],
    });
  });
  return plan({ changes, steps: changes.map(({ address }) => step(address, "update")), counts: { manifests: count, live: count } });
}

/** One prompt that no comment can hold. */
export const huge: Plan = plan({
  changes: [
    change("Assistant/front-desk", "update", {
      risks: ["reaches-callers"],
      changes: [
        path("instructions", "pending", [longPrompt(120_000, 1), longPrompt(120_000, 4)], { multiline: true }),
        path("description", "pending", [longPrompt(3000, 2), longPrompt(3000, 3)], { multiline: true }),
      ],
    }),
  ],
});
