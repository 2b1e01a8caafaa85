/**
 * An account that somebody changes while it is pulled. The pull is right or refuses with a reason, and
 * nothing that it has written takes the change for anything else.
 */
import { expect } from "vitest";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { isList, property } from "../../src/model/json.ts";
import type { Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { desk, type Desk } from "../e2e/cli.ts";
import { treeOf } from "../file-tree.ts";
import { everyNth } from "../grid.ts";
import { httpTo } from "./http.ts";
import { makeSmallAccount } from "./small-account.ts";

const test = everyNth(17);

const assistantAt = (emulator: Emulator, index: number) => emulator.state().assistants[index]?.id ?? "";
const first = (of: readonly JsonObject[], key = "id") => String(of[0]?.[key]);
const FRESH = {
  type: "webhook",
  display_name: "Fresh",
  webhook: { name: "fresh", description: "Is new.", url: "https://fresh.example" },
};

const CHANGES: Readonly<Record<string, (emulator: Emulator) => void>> = {
  "a tool is deleted": (one) => one.portal.delete("Tool", first(one.state().tools)),
  "a tool is edited": (one) => one.portal.edit("Tool", first(one.state().tools), { display_name: "Edited" }),
  "a new tool is attached": (one) => {
    const id = one.portal.create("Tool", FRESH);
    one.portal.edit("Assistant", assistantAt(one, 1), { tool_ids: [id] });
  },
  "a server is deleted": (one) => one.portal.delete("McpServer", first(one.state().mcp_servers)),
  "a test is deleted": (one) => one.portal.delete("AssistantTest", first(one.state().tests, "test_id")),
  "a canary is ended": (one) => one.portal.delete("CanaryDeploy", assistantAt(one, 0)),
  "an assistant is edited": (one) => one.portal.edit("Assistant", assistantAt(one, 0), { greeting: "Edited" }),
  "the version of an assistant is edited": (one) =>
    one.portal.edit("Assistant", assistantAt(one, 1), { greeting: "Edited" }, { version: "same" }),
  "an assistant is renamed": (one) => one.portal.edit("Assistant", assistantAt(one, 1), { name: "Renamed" }),
  "an assistant is deleted": (one) => one.portal.delete("Assistant", assistantAt(one, 0)),
  "an assistant is made": (one) =>
    void one.portal.create("Assistant", { name: "Fresh", instructions: "You are new." }),
};

/** Some of the requests of a pull of the account, from before the first list to after the last read. */
const STRIKES = [1, 3, 5, 8, 11, 14, 18, 22, 26, 30];

const CELLS = Object.keys(CHANGES).flatMap((what) => STRIKES.map((nth) => ({ what, nth })));

test.each(CELLS)("$what at request $nth", async ({ what, nth }) => {
  const here = await desk();
  try {
    await makeSmallAccount(httpTo(here.emulator.url));
    await movesWhilePulled(here, CHANGES[what] ?? (() => undefined), nth);
    // What is new comes along as soon as something refers to it.
    if (what === "a new tool is attached")
      expect(JSON.stringify(treeOf(here.folder))).not.toContain("was found in the account");
  } finally {
    await here.close();
  }
});

async function movesWhilePulled(here: Desk, change: (emulator: Emulator) => void, nth: number): Promise<void> {
  let requests = 0;
  here.emulator.inject({
    match: { method: "GET" },
    fault: { kind: "slow", milliseconds: 0 },
    times: "always",
    onStrike: () => {
      requests += 1;
      if (requests === nth) change(here.emulator);
    },
  });
  const ran = await here.rollcall("pull", "--parallelism", "1");
  here.emulator.clearFaults();
  if (ran.code !== 0) {
    expect(ran.code, ran.stdout + ran.stderr).toBe(3);
    expect(ran.stdout).toMatch(/it was (changed|deleted) live while the pull was running/);
    expect(ran.stdout).not.toMatch(/cannot express|the plan would|RC\d|ignore/);
    expect(treeOf(here.folder)).toEqual({});
    await here.ends(0, "pull");
    await here.ends(0, "plan", "--detailed-exitcode");
  }
  await here.ends(0, "validate");
  const plan = JSON.parse((await here.rollcall("plan", "--format", "json")).stdout) as JsonObject;
  expect(changesIn(plan).filter((one) => one !== "drift")).toEqual([]);
}

/** The classes of all differences of a plan. */
function changesIn(plan: JsonObject): readonly Json[] {
  const all = plan["resource_changes"];
  if (!isList(all)) throw new Error("the plan has no changes");
  return all.flatMap((one) => {
    const changes = property(one, "changes");
    return isList(changes) ? changes.map((change) => property(change, "class") ?? null) : [];
  });
}
