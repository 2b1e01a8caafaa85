import { describe, expect } from "vitest";
import { everyNth } from "../grid.ts";
import { APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, canary, type Kind, type Manifest, probe, ref, server, tool, version } from "./manifests.ts";
import { callsNothingForeign, comesInOrder, isInOrder } from "./order.ts";
import { story, type Story } from "./story.ts";

const test = everyNth(5);

/** Longer than any run waits. */
const LONG = 300_000;
/** Longer than a read-back waits. */
const SHORT = 15_000;

interface Late {
  readonly manifest: Manifest;
  readonly before: readonly Manifest[];
  readonly write: { readonly method: string; readonly path: RegExp };
}

const KEYED: readonly Late[] = [
  { manifest: assistant("wanted"), before: [], write: CREATION.Assistant },
  { manifest: assistant("wanted", { tags: ["one"] }), before: [], write: CREATION.Assistant },
  { manifest: tool("wanted"), before: [], write: CREATION.Tool },
  { manifest: server("wanted"), before: [], write: CREATION.McpServer },
  { manifest: probe("wanted"), before: [], write: CREATION.AssistantTest },
];
const VERSION: Late = { manifest: version("wanted", "front"), before: [assistant("front")], write: BODY };
const LATE = [...KEYED, VERSION];

const OTHER = tool("other");
const PRUNE = ["apply", "--yes", "--prune", "--allow-mass-change"] as const;
const count = (told: Story, kind: Kind) => told.all(kind, "wanted").length;

async function before({ before: manifests, manifest }: Late): Promise<Story> {
  const told = await story();
  await told.declare(...manifests, OTHER);
  await told.ends(0, ...APPLY);
  await told.declare(...manifests, OTHER, manifest);
  return told;
}

async function ended(told: Story, codes: readonly number[], ...args: readonly string[]): Promise<void> {
  const ran = await told.run(...args);
  expect(codes, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`).toContain(ran.code);
}

describe.each(LATE)("$manifest.kind: a creation that is answered and not to be read for minutes", (late) => {
  const { manifest } = late;

  test("is not reported as done, and is found when it is readable", async () => {
    const told = await before(late);
    told.emulator.lag({ milliseconds: LONG });
    await told.ends(3, ...APPLY);
    told.emulator.lag();
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(count(told, manifest.kind)).toBe(1);
  });

  test("is not created twice by an earlier apply", async () => {
    const told = await before(late);
    told.emulator.lag({ milliseconds: LONG });
    await told.ends(3, ...APPLY);
    await told.run("plan");
    await ended(told, [0, 3], ...APPLY);
    expect(count(told, manifest.kind)).toBe(1);
    told.emulator.lag();
    await comesInOrder(told);
    expect(count(told, manifest.kind)).toBe(1);
  });

  test("is not created twice after another apply", async () => {
    const told = await before(late);
    told.emulator.lag({ milliseconds: LONG });
    await told.ends(3, ...APPLY);
    await told.ends(0, "apply", "--yes", "--target", "Tool/other");
    told.emulator.lag();
    await comesInOrder(told);
    expect(count(told, manifest.kind)).toBe(1);
  });

  test("is still managed when its manifest was reverted meanwhile", async () => {
    const told = await before(late);
    told.emulator.lag({ milliseconds: LONG });
    await told.ends(3, ...APPLY);
    await told.declare(...late.before, OTHER);
    await told.run(...APPLY);
    told.emulator.lag();
    await told.ends(0, ...PRUNE);
    expect(count(told, manifest.kind)).toBe(0);
    await isInOrder(told);
  });
});

describe.each(LATE)("$manifest.kind: a creation of a killed run that is not listed yet", (late) => {
  const { manifest, write } = late;

  async function killed(): Promise<Story> {
    const told = await before(late);
    told.emulator.lag({ milliseconds: SHORT, onlyLists: true });
    await told.killed({ side: "after", ...write }, ...APPLY);
    return told;
  }

  test.each([
    ["the same apply", [APPLY]],
    ["a plan and the same apply", [["plan"], APPLY]],
    ["another apply", [["apply", "--yes", "--target", "Tool/other"]]],
    ["another apply and the same apply", [["apply", "--yes", "--target", "Tool/other"], APPLY]],
  ] as const)("is made once, with %s", async (_, commands) => {
    const told = await killed();
    for (const command of commands) await ended(told, [0, 3], ...command);
    expect(count(told, manifest.kind)).toBe(1);
    told.clock.pass(SHORT * 2);
    await comesInOrder(told);
    expect(count(told, manifest.kind)).toBe(1);
  });

  test("is created once, with another apply", async () => {
    const told = await killed();
    const changed = tool("other", { url: "https://tools.example/two" });
    await told.declare(...late.before, changed, manifest);
    await ended(told, [0], "apply", "--yes", "--target", "Tool/other");
    told.clock.pass(SHORT * 2);
    await comesInOrder(told);
    expect(count(told, manifest.kind)).toBe(1);
  });

  test("is created once, with its manifest removed and restored", async () => {
    const told = await killed();
    await told.declare(...late.before, OTHER);
    await ended(told, [0, 3], ...APPLY);
    await told.declare(...late.before, OTHER, manifest);
    told.clock.pass(SHORT * 2);
    await comesInOrder(told);
    expect(count(told, manifest.kind)).toBe(1);
  });

  test("is deleted by the second prune at the latest, if it is listed and not declared", async () => {
    const told = await killed();
    await told.declare(...late.before, OTHER);
    await ended(told, [0, 3], ...APPLY);
    told.clock.pass(SHORT * 2);
    await told.ends(0, ...PRUNE);
    // What is found by its name alone is not deleted by the run that finds it.
    await told.ends(0, ...PRUNE);
    expect(count(told, manifest.kind)).toBe(0);
    await isInOrder(told);
  });
});

describe.each(LATE)("$manifest.kind: a creation whose answer is lost, and which is not listed yet", (late) => {
  const { manifest, write } = late;

  test.each([
    ["the connection breaks", { kind: "reset-after" }],
    ["the response is truncated", { kind: "truncate" }],
    ["a gateway fails", { kind: "status", status: 502, applied: true }],
    ["a gateway fails, and the key is forgotten", { kind: "status", status: 504, applied: "forgotten" }],
  ] as const)("is made once: %s", async (_, fault) => {
    const told = await before(late);
    told.emulator.lag({ milliseconds: SHORT, onlyLists: true });
    told.emulator.inject({ match: write, fault });
    await ended(told, [0, 3], ...APPLY);
    expect(count(told, manifest.kind)).toBe(1);
    told.clock.pass(SHORT * 2);
    await comesInOrder(told);
    expect(count(told, manifest.kind)).toBe(1);
  });
});

test("a project that is not readable for minutes is created once", async () => {
  const told = await story();
  await told.declare(
    assistant("front", { tool_ids: [ref("Tool/t")], mcp_servers: [{ id: ref("McpServer/m") }], tags: ["a"] }),
    tool("t"),
    server("m"),
    probe("p"),
    version("v", "front"),
    canary("c", "front", "v"),
  );
  told.emulator.lag({ milliseconds: LONG });
  await told.ends(3, ...APPLY);
  await ended(told, [0, 3], ...APPLY);
  told.emulator.lag();
  await comesInOrder(told);
});
