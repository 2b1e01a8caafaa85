import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { APPLY, BODY } from "./edits.ts";
import { assistant, canary, type Manifest, probe, server, tool, version } from "./manifests.ts";
import { at, callsNothingForeign, isInOrder, pathsOf, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

/** One request writes a field that nothing clears, and another field, which is not stored. */
interface Case {
  readonly what: string;
  readonly make: (other: string, added?: boolean) => readonly Manifest[];
  readonly released: readonly string[];
  readonly drops: string;
  readonly update: { readonly method: string; readonly path: RegExp };
  readonly item: RegExp;
}

const ASSISTANT = { update: BODY, item: /^\/ai\/assistants\/(?!tests$)[^/]+$/ };

const withTimeout = (one: Manifest, timeout_ms: number): Manifest => ({
  ...one,
  spec: { ...one.spec, timeout_ms },
});

const CASES: readonly Case[] = [
  {
    what: "a field of an assistant",
    make: (voice, added) => [
      assistant("front", { voice_settings: { voice }, ...(added === true && { description: "Mine." }) }),
    ],
    released: ["Assistant/front /description"],
    drops: "voice_settings",
    ...ASSISTANT,
  },
  {
    what: "members of a block of an assistant",
    make: (greeting, added) => [
      assistant("front", {
        greeting,
        voice_settings: { voice: "same", ...(added === true && { voice_speed: 1.25 }) },
        ...(added === true && { telephony_settings: { time_limit_secs: 600, user_idle_timeout_secs: 60 } }),
      }),
    ],
    released: [
      "Assistant/front /telephony_settings/time_limit_secs",
      "Assistant/front /telephony_settings/user_idle_timeout_secs",
      "Assistant/front /voice_settings/voice_speed",
    ],
    drops: "greeting",
    ...ASSISTANT,
  },
  {
    what: "a member of an inline tool",
    make: (greeting, added) => [
      assistant("front", {
        greeting,
        tools: [{ type: "hangup", hangup: added === true ? { description: "Mine." } : {} }],
      }),
    ],
    released: ["Assistant/front /tools/hangup/hangup/description"],
    drops: "greeting",
    ...ASSISTANT,
  },
  {
    what: "a change of a version",
    make: (greeting, added) => [
      assistant("front"),
      version("warm", "front", { greeting, ...(added === true && { description: "Mine." }) }),
    ],
    released: ["AssistantVersion/warm /changes/description"],
    drops: "greeting",
    update: { method: "POST", path: /\/versions\/[^/]+$/ },
    item: /\/versions\/[^/]+$/,
  },
  {
    what: "a member of a shared tool",
    make: (other, added) => [
      withTimeout(
        tool("ticket", added === true ? { async_timeout_ms: 4000 } : {}),
        other === "one" ? 1000 : 2000,
      ),
    ],
    released: ["Tool/ticket /webhook/async_timeout_ms"],
    drops: "timeout_ms",
    update: { method: "PATCH", path: /^\/ai\/tools\// },
    item: /^\/ai\/tools\/[^/]+$/,
  },
  {
    what: "fields of a test",
    make: (instructions, added) => [
      probe("greets", {
        instructions,
        ...(added === true && { description: "Mine.", max_duration_seconds: 60 }),
      }),
    ],
    released: ["AssistantTest/greets /description", "AssistantTest/greets /max_duration_seconds"],
    drops: "instructions",
    update: { method: "PUT", path: /^\/ai\/assistants\/tests\// },
    item: /^\/ai\/assistants\/tests\/[^/]+$/,
  },
];

const ENDS = ["was killed before it read the object back", "ended after it read the object back"] as const;

/** The first field is stored, the other one is not, and then the manifest is as before. */
async function partlyStored(one: Case, end: (typeof ENDS)[number]): Promise<Story> {
  const told = await story();
  await told.declare(...one.make("one"));
  await told.ends(0, ...APPLY);
  await told.declare(...one.make("two", true));
  told.emulator.inject({ match: one.update, times: 1, fault: { kind: "drop-field", field: one.drops } });
  // The plan and the update itself have read it before.
  if (end === ENDS[0]) await told.killed({ side: "before", method: "GET", path: one.item, nth: 3 }, ...APPLY);
  else await told.ends(3, ...APPLY);
  await told.declare(...one.make("one"));
  return told;
}

/** What a plan shows that calls nothing somebody else's. */
async function shown(told: Story, ...args: readonly string[]): Promise<readonly string[]> {
  const { changes } = await callsNothingForeign(told, ...args);
  return changes.flatMap((change) =>
    change.changes.map((path) => `${path.class} ${change.address} ${path.path}`),
  );
}

const GRID = ENDS.flatMap((end) => CASES.map((one) => Object.assign({ end }, one)));

const ledgerOf = ({ folder }: Story) => readFileSync(join(folder, ".rollcall", "default.json"), "utf8");

/** The ledger has nothing more to learn. */
async function staysInOrder(told: Story): Promise<void> {
  expect(await shown(told)).toEqual([]);
  await isInOrder(told);
  const before = ledgerOf(told);
  await told.ends(0, ...APPLY);
  expect(ledgerOf(told)).toBe(before);
}

describe("what a run wrote, whose other field was not stored, and the manifest no longer has", () => {
  test.each(GRID)("is released once: $what; the run $end", async ({ end, ...one }) => {
    const told = await partlyStored(one, end);
    expect(await shown(told)).toEqual(one.released.map((path) => `released ${path}`));
    await told.ends(0, ...APPLY);
    await staysInOrder(told);
  });

  const [field] = CASES as [Case, ...Case[]];

  test("is released once by a saved plan", async () => {
    const told = await partlyStored(field, ENDS[0]);
    await told.ends(0, "plan", "--out", "plan.json");
    await told.ends(0, "apply", "plan.json");
    await staysInOrder(told);
  });

  test("is released once by an apply of its resource, and not by one of another", async () => {
    const told = await partlyStored(field, ENDS[0]);
    await told.declare(...told.declared, tool("other"));
    await told.ends(0, ...APPLY, "--target", "Tool/other");
    expect(await shown(told)).toEqual(["released Assistant/front /description"]);
    await told.ends(0, ...APPLY, "--target", "Assistant/front");
    await staysInOrder(told);
  });

  test("is released once at another address", async () => {
    const told = await partlyStored(field, ENDS[0]);
    const [{ spec }] = field.make("one") as [Manifest];
    await told.declare({
      ...assistant("moved", spec, { movedFrom: ["Assistant/front"] }),
      spec,
    });
    expect(await shown(told)).toEqual(["released Assistant/moved /description"]);
    await told.ends(0, ...APPLY);
    await staysInOrder(told);
  });

  test.each([
    ["observed", { observe: true }],
    ["ignored", { ignore: ["/description"] }],
  ])("is recorded once if it is %s", async (_, lifecycle) => {
    const told = await partlyStored(field, ENDS[0]);
    await told.declare(...field.make("one").map((one) => Object.assign({}, one, { lifecycle })));
    await told.ends(0, ...APPLY);
    await staysInOrder(told);
  });

  test("the other field is still nobody else's edit if it appears after the release", async () => {
    const told = await partlyStored(field, ENDS[0]);
    await told.ends(0, ...APPLY);
    told.emulator.portal.edit("Assistant", told.idOf("Assistant", "front"), {
      voice_settings: { voice: "two" },
    });
    expect(await shown(told)).toEqual(["pending Assistant/front /voice_settings/voice"]);
    await told.ends(0, ...APPLY);
    await staysInOrder(told);
  });

  test("the canary that the write ended is nobody else's deletion, and is restored", async () => {
    const others = [version("warm", "front"), canary("share", "front", "warm")];
    const { make } = field;
    const told = await partlyStored(
      { ...field, make: (other, added) => [...make(other, added), ...others] },
      ENDS[0],
    );
    await told.ends(0, ...APPLY, "--target", "Assistant/front");
    expect(await shown(told)).not.toContain("released Assistant/front /description");
    await told.ends(0, ...APPLY);
    await staysInOrder(told);
  });

  test("an edit of it after the release is not managed", async () => {
    const told = await partlyStored(field, ENDS[0]);
    await told.ends(0, ...APPLY);
    told.emulator.portal.edit("Assistant", told.idOf("Assistant", "front"), { description: "Theirs." });
    expect(pathsOf(await planned(told), "drift", "conflict", "released", "pending")).toEqual([]);
    await told.ends(0, ...APPLY);
    expect(at(told.one("Assistant", "front"), "description")).toBe("Theirs.");
  });
});

test("a value of a killed run that appears between the plan and its apply is cleared by the next apply", async () => {
  const told = await story();
  const { method, path } = { method: "PUT", path: /^\/ai\/mcp_servers\/[^/]+$/ };
  await told.declare(server("crm"));
  await told.ends(0, ...APPLY);
  await told.declare(server("crm", { allowed_tools: ["mine"] }));
  told.emulator.lag({ milliseconds: 600_000 });
  await told.killed({ side: "after", method, path }, ...APPLY);
  await told.declare(server("crm", {}, { protect: true }));
  told.emulator.clearRequests();
  // The read of the apply, after that of the recovery and that of the plan.
  told.emulator.inject({
    match: { method: "GET", path, nth: 3 },
    fault: { kind: "slow", milliseconds: 0 },
    onStrike: () => told.emulator.lag(),
  });
  await told.ends(0, ...APPLY);
  expect(told.emulator.requests().filter((one) => path.test(one.path))).toHaveLength(3);
  expect(at(told.one("McpServer", "crm"), "allowed_tools")).toEqual(["mine"]);
  expect(await shown(told)).toEqual(["unset McpServer/crm /allowed_tools"]);
  await told.ends(0, ...APPLY);
  await staysInOrder(told);
});
