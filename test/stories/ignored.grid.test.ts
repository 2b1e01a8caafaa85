import { describe, expect } from "vitest";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { PortalKind } from "../../src/providers/telnyx/emulator/portal.ts";
import { everyNth } from "../grid.ts";
import { APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, type Manifest, probe, server } from "./manifests.ts";
import { at, callsNothingForeign, comesInOrder, isInOrder } from "./order.ts";
import { story } from "./story.ts";

const test = everyNth(8);

interface Left {
  readonly what: string;
  readonly kind: PortalKind & ("Assistant" | "McpServer" | "AssistantTest");
  readonly declared: JsonObject;
  readonly ignore: string;
  /** What else is declared from then on. */
  readonly still?: JsonObject;
  /** As the portal sets it. */
  readonly theirs: JsonObject;
  readonly path: readonly string[];
}

const LEFT: readonly Left[] = [
  {
    what: "a block of variables",
    kind: "Assistant",
    declared: { dynamic_variables: { v1: "ours" } },
    ignore: "/dynamic_variables",
    theirs: { dynamic_variables: { v1: "theirs" } },
    path: ["dynamic_variables"],
  },
  {
    what: "one variable",
    kind: "Assistant",
    declared: { dynamic_variables: { v1: "ours", v2: "ours" } },
    still: { dynamic_variables: { v2: "ours" } },
    ignore: "/dynamic_variables/v1",
    theirs: { dynamic_variables: { v1: "theirs", v2: "ours" } },
    path: ["dynamic_variables"],
  },
  {
    what: "the only variable",
    kind: "Assistant",
    declared: { dynamic_variables: { v1: "ours" } },
    ignore: "/dynamic_variables/v1",
    theirs: { dynamic_variables: { v1: "theirs" } },
    path: ["dynamic_variables"],
  },
  {
    what: "a greeting",
    kind: "Assistant",
    declared: { greeting: "ours" },
    ignore: "/greeting",
    theirs: { greeting: "theirs" },
    path: ["greeting"],
  },
  {
    what: "a list of tools",
    kind: "Assistant",
    declared: { tools: [{ type: "hangup", hangup: { description: "ours" } }] },
    ignore: "/tools",
    theirs: { tools: [{ type: "hangup", hangup: { description: "theirs" } }] },
    path: ["tools"],
  },
  {
    what: "a member of a block",
    kind: "Assistant",
    declared: { voice_settings: { voice: "v", voice_speed: 1.2 } },
    still: { voice_settings: { voice: "v" } },
    ignore: "/voice_settings/voice_speed",
    theirs: { voice_settings: { voice_speed: 1.4 } },
    path: ["voice_settings", "voice_speed"],
  },
  {
    what: "the only member of a block that was declared",
    kind: "Assistant",
    declared: { telephony_settings: { time_limit_secs: 600 } },
    ignore: "/telephony_settings/time_limit_secs",
    theirs: { telephony_settings: { time_limit_secs: 900 } },
    path: ["telephony_settings", "time_limit_secs"],
  },
  {
    what: "tags",
    kind: "Assistant",
    declared: { tags: ["ours"] },
    ignore: "/tags",
    theirs: { tags: ["ours", "theirs"] },
    path: ["tags"],
  },
  {
    what: "the set of an MCP server",
    kind: "McpServer",
    declared: { allowed_tools: ["ours"] },
    ignore: "/allowed_tools",
    theirs: { allowed_tools: ["theirs"] },
    path: ["allowed_tools"],
  },
  {
    what: "the description of a test",
    kind: "AssistantTest",
    declared: { description: "ours" },
    ignore: "/description",
    theirs: { description: "theirs" },
    path: ["description"],
  },
];

const MAKE = { Assistant: assistant, McpServer: server, AssistantTest: probe };
const make = ({ kind }: Left, spec: JsonObject, ignore?: string): Manifest =>
  MAKE[kind]("front", spec, ignore === undefined ? undefined : { ignore: [ignore] });

describe.each(LEFT)("$what", (left) => {
  const { kind, declared, ignore, still = {}, theirs, path } = left;
  const live = (of: Awaited<ReturnType<typeof story>>): Json | undefined => at(of.one(kind, "front"), ...path);

  test("that was declared and is now ignored is not changed", async () => {
    const told = await story();
    await told.declare(make(left, declared));
    await told.ends(0, ...APPLY);
    const before = live(told);
    await told.declare(make(left, still, ignore));
    await told.ends(0, ...APPLY);
    expect(live(told)).toEqual(before);
    await isInOrder(told);
  });

  test("that was edited live and is now ignored keeps the edit", async () => {
    const told = await story();
    await told.declare(make(left, declared));
    await told.ends(0, ...APPLY);
    told.emulator.portal.edit(kind, told.idOf(kind, "front"), theirs);
    const before = live(told);
    await told.declare(make(left, still, ignore));
    await told.ends(0, ...APPLY);
    expect(live(told)).toEqual(before);
    await isInOrder(told);
  });

  test("that was ignored is not managed without a declaration", async () => {
    const told = await story();
    await told.declare(make(left, still, ignore));
    await told.ends(0, ...APPLY);
    told.emulator.portal.edit(kind, told.idOf(kind, "front"), theirs);
    const before = live(told);
    await told.ends(0, ...APPLY);
    await told.declare(make(left, still));
    await told.ends(0, ...APPLY);
    expect(live(told)).toEqual(before);
  });

  test.each([
    ["at once", []],
    ["after a further apply", [APPLY]],
    ["after a plan", [["plan"]]],
    ["after another run that was killed", ["killed"]],
  ] as const)("that is left to others is not ours after a run that was killed, %s", async (_, between) => {
    const told = await story();
    await told.declare(make(left, still, ignore));
    await told.ends(0, ...APPLY);
    told.emulator.portal.edit(kind, told.idOf(kind, "front"), theirs);
    const before = live(told);
    const changed = (to: string) =>
      kind === "McpServer" ? { url: `https://${to}.example` } : { instructions: to };
    const write = { side: "after", method: kind === "Assistant" ? "POST" : "PUT" } as const;
    await told.declare(make(left, { ...still, ...changed("two") }, ignore));
    await told.killed(write, ...APPLY);
    await told.ends(0, "drift");
    for (const what of between) {
      if (what === "killed") {
        await told.declare(make(left, { ...still, ...changed("three") }, ignore));
        await told.killed(write, ...APPLY);
      } else await told.ends(0, ...what);
    }
    await told.declare(make(left, { ...still, ...changed("two") }));
    await told.ends(0, ...APPLY);
    expect(live(told)).toEqual(before);
    await told.ends(0, "drift");
  });
});

test("that was ignored in a killed first apply is not managed later", async () => {
  const told = await story();
  await told.declare(assistant("front", { tags: ["a"] }, { ignore: ["/greeting"] }));
  await told.killed({ side: "after", ...CREATION.Assistant }, ...APPLY);
  told.emulator.portal.edit("Assistant", told.idOf("Assistant", "front"), { greeting: "theirs" });
  await comesInOrder(told);
  await told.declare(assistant("front", { tags: ["a"] }));
  await callsNothingForeign(told);
  await comesInOrder(told);
  expect(at(told.one("Assistant", "front"), "greeting")).toBe("theirs");
});

test("that a killed run wrote and that is now ignored is kept", async () => {
  const told = await story();
  await told.declare(assistant("front", { greeting: "one" }));
  await told.ends(0, ...APPLY);
  await told.declare(assistant("front", { greeting: "two" }));
  await told.killed({ side: "after", ...BODY }, ...APPLY);
  await told.declare(assistant("front", {}, { ignore: ["/greeting"] }));
  await callsNothingForeign(told);
  await comesInOrder(told);
  expect(at(told.one("Assistant", "front"), "greeting")).toBe("two");
});
