/** An assistant with pending scheduled events is never deleted without --allow-pending-events. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { builtMain } from "../checkout.ts";
import { builtProgram } from "../resilience/program.ts";
import { appliedDesk, KEY, runIn, type Desk } from "./cli.ts";

const manifest = (name: string) => `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: ${name} }
spec:
  name: ${name}
  instructions: Answer.
`;
const DECADES = 40 * 365 * 86_400_000;

beforeAll(builtMain);

let one: Desk;

beforeEach(async () => {
  one = await appliedDesk({ "front.yaml": manifest("front"), "other.yaml": manifest("other") });
  one.writes();
});
afterEach(() => one.close());

async function schedule(id = idOf("front")): Promise<void> {
  const body = {
    telnyx_conversation_channel: "phone_call",
    scheduled_at_fixed_datetime: "2045-12-01T08:30:00Z",
    telnyx_agent_target: "+13125550100",
    telnyx_end_user_target: "+13125550199",
  };
  const answer = await fetch(`${one.emulator.url}/ai/assistants/${id}/scheduled_events`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
  one.writes();
}

const live = () => one.emulator.state().assistants.filter(({ deleted_at: deleted }) => deleted === null);
const names = () => live().map(({ main }) => main["name"]);
const idOf = (name: string) =>
  one.emulator.state().assistants.find(({ main }) => main["name"] === name)?.id ?? "";
const leaves = (name = "front") => rm(join(one.folder, `${name}.yaml`));
const asked = () => one.emulator.requests().filter(({ path }) => path.includes("scheduled_events"));

test("destroy is refused with the pending events and a command to list them; nothing is written", async () => {
  await schedule();
  const id = idOf("front");
  const ran = await one.rollcall("destroy", "--yes");
  expect(ran.code).toBe(4);
  expect(ran.stdout + ran.stderr).toContain(
    "would be deleted and has 1 pending scheduled event, which would not take place",
  );
  expect((ran.stdout + ran.stderr).replaceAll(/\s+/g, " ")).toContain(
    `run "rollcall events list ${id}"; to delete it anyway, pass --allow-pending-events`,
  );
  expect(one.writes()).toEqual([]);
  expect(names()).toHaveLength(2);
});

test("destroy with the option deletes, and the plan shows the lost events", async () => {
  await schedule();
  const ran = await one.rollcall("destroy", "--yes", "--allow-pending-events");
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout + ran.stderr).toContain("its pending scheduled events are lost");
  expect(names()).toEqual([]);
});

test("plan and apply with --prune are refused; the JSON has the rule, the risk and the step", async () => {
  await schedule();
  await leaves();
  const planned = await one.rollcall("plan", "--prune", "--format", "json");
  expect(planned.code).toBe(1);
  const { x_rollcall: plan } = JSON.parse(planned.stdout) as { x_rollcall: Record<string, unknown> };
  expect(plan["refusals"]).toMatchObject([{ address: "Assistant/front", rule: "pending" }]);
  expect(plan["steps"]).toMatchObject([{ action: "delete", losesPending: true }]);
  expect(JSON.stringify(plan["changes"])).toContain('"pending-work"');
  expect((await one.rollcall("apply", "--prune", "--yes")).code).toBe(4);
  expect(names()).toHaveLength(2);
  expect((await one.rollcall("apply", "--prune", "--yes", "--allow-pending-events")).code).toBe(0);
  expect(names()).toEqual(["other"]);
});

test("past events and events of other assistants are no reason to refuse", async () => {
  await schedule();
  await leaves("other");
  expect((await one.rollcall("apply", "--prune", "--yes")).code).toBe(0);
  expect(names()).toEqual(["front"]);
  one.emulator.advance(DECADES);
  expect((await one.rollcall("destroy", "--yes")).code).toBe(0);
  expect(names()).toEqual([]);
});

test("a saved plan keeps the choice, and is refused if the choice is not accepted", async () => {
  await schedule();
  await leaves();
  const planned = await one.rollcall("plan", "--prune", "--allow-pending-events", "--out", "plan.json");
  expect(planned.code, planned.stderr).toBe(0);
  const refused = await one.rollcall("apply", "plan.json", "--yes", "--accept", "prune");
  expect(refused).toMatchObject({ code: 4 });
  expect(refused.stderr).toContain("it was made with allow-pending-events, which is not accepted here");
  expect(names()).toHaveLength(2);
  const applied = await one.rollcall("apply", "plan.json", "--yes", "--accept", "prune,allow-pending-events");
  expect(applied.code, applied.stderr).toBe(0);
  expect(names()).toEqual(["other"]);
});

test("a saved plan is stale when an event was scheduled since", async () => {
  await leaves();
  expect((await one.rollcall("plan", "--prune", "--out", "plan.json")).code).toBe(0);
  await schedule();
  const applied = await one.rollcall("apply", "plan.json", "--yes");
  expect(applied.code).toBe(4);
  expect(names()).toHaveLength(2);
});

test("an event that is scheduled during the approval prevents the deletion", async () => {
  await leaves();
  let isAnswered = false;
  const stdin = new Readable({
    read() {
      if (isAnswered) return;
      isAnswered = true;
      void schedule().then(() => {
        this.push("yes\n");
        this.push(null);
      });
    },
  });
  const ran = await runIn(one.folder, one.env, ["apply", "--prune"], { isInteractive: true, stdin });
  expect(ran.code).not.toBe(0);
  expect(ran.stdout + ran.stderr).toContain(
    "it has pending scheduled events, which were added since the plan was made",
  );
  expect(names()).toHaveLength(2);
});

test("a plan that deletes fails if events cannot be read", async () => {
  await leaves();
  one.emulator.inject({ match: { path: /scheduled_events/ }, fault: { kind: "status", status: 403 } });
  const ran = await one.rollcall("apply", "--prune", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/GET \/ai\/assistants\/\S+\/scheduled_events answered 403/);
  expect(names()).toHaveLength(2);
});

test("without a deletion, no events are read", async () => {
  await schedule();
  await writeFile(join(one.folder, "front.yaml"), manifest("front").replace("Answer.", "Answer soon."));
  one.emulator.clearRequests();
  expect((await one.rollcall("plan")).code).toBe(0);
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  expect((await one.rollcall("drift")).code).toBe(0);
  expect(asked()).toEqual([]);
});

describe("however a deletion comes about", () => {
  const PRUNE = ["apply", "--prune", "--yes"];
  const TARGET = ["--target", "Assistant/front"];
  const WAYS: readonly (readonly [string, readonly string[], isLeaving: boolean])[] = [
    ["destroy", ["destroy", "--yes"], false],
    ["destroy with --target", ["destroy", "--yes", ...TARGET], false],
    ["destroy without the manifest", ["destroy", "--yes"], true],
    ["prune", PRUNE, true],
    ["prune with --target", [...PRUNE, ...TARGET], true],
  ];

  test.each(WAYS)("%s is refused, and the assistant lives", async (_, args, isLeaving) => {
    await schedule();
    if (isLeaving) await leaves();
    expect((await one.rollcall(...args)).code).toBe(4);
    expect(one.writes()).toEqual([]);
    expect(names()).toContain("front");
  });

  test.each(WAYS)("%s after one that failed, and an event since: refused", async (_, args, isLeaving) => {
    if (isLeaving) await leaves();
    const match = { method: "DELETE", path: /^\/ai\/assistants\/[^/]+$/ };
    one.emulator.inject({ match, fault: { kind: "status", status: 403 }, times: "always" });
    expect((await one.rollcall(...args)).code).not.toBe(0);
    one.emulator.clearFaults();
    await schedule();
    const again = await one.rollcall(...args);
    expect(again.code, again.stdout + again.stderr).toBe(4);
    expect(names()).toContain("front");
  });

  test.each(WAYS)(
    "%s with an event that is scheduled right before the deletion: it is kept",
    async (_, args, isLeaving) => {
      if (isLeaving) await leaves();
      const path = new RegExp(`^/ai/assistants/${idOf("front")}/scheduled_events$`);
      let scheduling: Promise<void> | undefined;
      one.emulator.inject({
        match: { method: "GET", path },
        fault: { kind: "slow", milliseconds: 0 },
        onStrike: () => (scheduling = schedule()),
      });
      const ran = await one.rollcall(...args);
      await scheduling;
      expect(scheduling).toBeDefined();
      expect(ran.code, ran.stdout + ran.stderr).not.toBe(0);
      expect(names()).toContain("front");
    },
  );

  test.each(WAYS)("%s, killed at the deletion, and an event since: refused", async (_, args, isLeaving) => {
    if (isLeaving) await leaves();
    const program = await builtProgram();
    const running = program.start(one.folder, args, { env: one.env });
    one.emulator.inject({
      match: { method: "DELETE", path: /^\/ai\/assistants\/[^/]+$/ },
      fault: { kind: "reset-before" },
      times: "always",
      onStrike: () => void running.child.kill("SIGKILL"),
    });
    expect((await running.ended).signal).toBe("SIGKILL");
    one.emulator.clearFaults();
    await schedule();
    const again = await one.rollcall(...args);
    expect(again.code, again.stdout + again.stderr).toBe(4);
    expect(names()).toContain("front");
  });

  test("a saved plan to destroy is refused when an event was scheduled since", async () => {
    expect((await one.rollcall("plan", "--destroy", "--out", "plan.json")).code).toBe(0);
    await schedule();
    expect((await one.rollcall("apply", "plan.json", "--yes")).code).toBe(4);
    expect(one.writes()).toEqual([]);
    expect(names()).toContain("front");
  });

  test("an observed assistant is not deleted, with events or without", async () => {
    await writeFile(
      join(one.folder, "front.yaml"),
      manifest("front").replace("spec:", "lifecycle: { observe: true }\nspec:"),
    );
    await schedule();
    await one.rollcall("destroy", "--yes");
    expect(names()).toContain("front");
  });
});

test("an event of an assistant of another environment prevents that deletion only", async () => {
  const inOnly = (name: string, environment: string) =>
    writeFile(
      join(one.folder, `${name}.yaml`),
      manifest(name).replace(`{ name: ${name} }`, `{ name: ${name}, environments: [${environment}] }`),
    );
  await one.ends(0, "destroy", "--yes");
  const project = "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: desks }\n";
  await writeFile(
    join(one.folder, "rollcall.yaml"),
    `${project}spec: { environments: { day: {}, night: {} } }\n`,
  );
  await inOnly("front", "day");
  await inOnly("other", "night");
  await one.ends(0, "apply", "--yes", "--env", "day");
  await one.ends(0, "apply", "--yes", "--env", "night");
  const ofNight = live().find(({ main }) => main["name"] === "other")?.id ?? "";
  await schedule(ofNight);
  await one.ends(0, "destroy", "--yes", "--env", "day");
  expect(names()).toEqual(["other"]);
  const refused = await one.rollcall("destroy", "--yes", "--env", "night");
  expect(refused.code).toBe(4);
  expect((refused.stdout + refused.stderr).replaceAll(/\s+/g, " ")).toContain(
    `"rollcall events list ${ofNight} --env night"`,
  );
  expect(names()).toEqual(["other"]);
});

test("no object that can have pending events is ever replaced: no change of its fields asks for that", () => {
  const pending = kinds.filter((kind) => kind.pending !== undefined);
  expect(pending.length).toBeGreaterThan(0);
  for (const { identity, fields } of pending) {
    expect(identity.parent).toBeUndefined();
    expect(JSON.stringify(fields)).not.toMatch(/"(?:immutable|essential)":true/);
  }
});
