import type { Plan } from "../../../src/model/plan.ts";
import { change, drift, path, plan, PROMPT, spec, step } from "./fixtures.ts";

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

/**
 * A fleet of `count` resources as a real plan has them: whole specs on both sides, references, prompts of some
 * kilobytes of which a few lines change, and a few portal edits.
 */
export function fleet(count: number): Plan {
  const tools = names("tool", Math.floor(count * 0.2));
  const servers = names("server", Math.floor(count * 0.04));
  const desks = names("desk", count - tools.length - servers.length);
  const changes = [
    ...tools.map((name, index) => toolChange(name, index)),
    ...servers.map((name) => change(`McpServer/${name}`, "create", { after: { name, type: "http", url: `https://${name}.example/mcp` } })),
    ...desks.map((name, index) => deskChange(name, index, { desks, tools, servers })),
  ];
  const edited = changes.filter(({ action, kind }, index) => kind === "Assistant" && action === "update" && index % 9 === 0);
  return plan({
    changes,
    names: Object.fromEntries(changes.flatMap(({ address, id }) => (id === undefined ? [] : [[id, address]]))),
    drift: edited.map(({ address, id = "" }) =>
      drift(address, "changed", { id, changes: [path("greeting", "drift", ["Please hold.", "Hello!", "Hello!"])] }),
    ),
    steps: changes.map(({ address, action }) => step(address, action === "create" ? "create" : "update")),
    counts: { manifests: count, live: count },
  });
}

function names(stem: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${stem}-${String(index + 1).padStart(3, "0")}`);
}

function toolChange(name: string, index: number) {
  const spec = (timeout_ms: number) => ({ type: "webhook", webhook: { name, url: `https://${name}.example`, timeout_ms } });
  return change(`Tool/${name}`, "update", {
    id: `id-${name}`,
    risks: ["shared-object"],
    usedBy: 2 + (index % 5),
    changes: [path("webhook.timeout_ms", "pending", [5000, 8000, 5000])],
    before: spec(5000),
    after: spec(8000),
  });
}

interface Fleet {
  readonly desks: readonly string[];
  readonly tools: readonly string[];
  readonly servers: readonly string[];
}

function deskChange(name: string, index: number, { desks, tools, servers }: Fleet) {
  const before = longPrompt(2500 + (index % 7) * 500, index % 11);
  const after = before.replace("late", "delayed").replace("promise", "offer").concat(`\nSay goodbye by name, caller ${index}.`);
  const links = {
    tool_ids: [`id-${tools[index % tools.length]}`, `id-${tools[(index * 3) % tools.length]}`],
    mcp_servers: [{ id: { ref: `McpServer/${servers[index % servers.length]}` } }],
    tools: [{ type: "handoff", handoff: { ai_assistants: [{ name: "next", id: `id-${desks[Math.floor(index / 4)]}` }] } }],
  };
  if (index % 5 === 0) {
    return change(`Assistant/${name}`, "create", { risks: ["reaches-callers"], after: spec({ ...links, name, instructions: after }) });
  }
  return change(`Assistant/${name}`, "update", {
    id: `id-${name}`,
    risks: ["reaches-callers"],
    changes: [
      path("instructions", "pending", [before, after, before], { multiline: true, file: `prompts/${name}.md` }),
      path("voice_settings.voice_speed", "pending", [1, 1.1, 1]),
    ],
    before: spec({ ...links, name, instructions: before }),
    after: spec({ ...links, name, instructions: after }),
  });
}
