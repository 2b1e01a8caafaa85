import { afterEach, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { scenario } from "./scenarios.ts";
import { HASTY } from "../hasty.ts";
import { openStage, startOf, type Stage } from "./scenario-run.ts";

let stage: Stage;

afterEach(() => stage.close());

async function begin(name: string): Promise<void> {
  stage = await openStage(await startOf(scenario(name)));
}

function assistant(name: string) {
  const found = stage.emulator.state().assistants.find(({ main }) => main["name"] === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

const everyone = (version: unknown, weight: number): JsonObject => ({
  rules: [{ serve: { rollout: [{ version_id: String(version), weight }] } }],
});

const canaryOf = (name: string) => assistant(name).canary?.["rules"];

test("a canary that is started while apply asks is not removed", async () => {
  await begin("update an assistant");
  const { id, main } = assistant("Billing");
  const rules = everyone(main["version_id"], 5);
  const onQuestion = () => void stage.emulator.portal.create("CanaryDeploy", { assistant_id: id, ...rules });
  const { code, outcome } = await stage.apply({ onQuestion });
  // Nothing was written.
  expect(code).toBe(4);
  expect(JSON.stringify(outcome)).toContain("has appeared since the plan was made");
  expect(canaryOf("Billing")).toEqual(rules["rules"]);
  expect(assistant("Billing").main["greeting"]).toBe("Billing.");
  expect((await stage.apply()).code).toBe(4);
});

test("a declared canary that was changed meanwhile is not restored to the old value", async () => {
  await begin("update under a trial");
  const { id, versions } = assistant("Front desk");
  const rules = everyone(versions.find((one) => one["version_name"] === "Candidate")?.["version_id"], 1);
  const onQuestion = () => stage.emulator.portal.edit("CanaryDeploy", id, rules);
  const { code, outcome } = await stage.apply({ onQuestion });
  expect(code).toBe(3);
  expect(JSON.stringify(outcome)).toContain("has been changed since the plan was made");
  expect(canaryOf("Front desk")).toEqual(rules["rules"]);
});

test("a canary that is ended meanwhile is not restarted", async () => {
  await begin("update under a trial");
  const { id } = assistant("Front desk");
  const { code } = await stage.apply({ onQuestion: () => stage.emulator.portal.delete("CanaryDeploy", id) });
  expect(code).toBe(3);
  expect(canaryOf("Front desk")).toBeUndefined();
});

test("an edit after a lost request is not overwritten", async () => {
  await begin("update an assistant");
  const { id } = assistant("Billing");
  stage.emulator.inject({
    match: { method: "POST", path: `/ai/assistants/${id}` },
    fault: { kind: "status", status: 502 },
  });
  const struck = () => stage.emulator.faults().length === 0;
  const runtime = {
    ...HASTY,
    sleep: (milliseconds: number, signal?: AbortSignal) => {
      if (struck() && assistant("Billing").main["greeting"] === "Billing.")
        stage.emulator.portal.edit("Assistant", id, { greeting: "Hands off." });
      return HASTY.sleep(milliseconds, signal);
    },
  };
  const { code, outcome } = await stage.apply({ runtime });
  expect(code).toBe(3);
  expect(JSON.stringify(outcome)).toContain("somebody else changed it");
  expect(assistant("Billing").main["greeting"]).toBe("Hands off.");
  expect((await stage.apply()).code).toBe(4);
});

test("a version that somebody creates meanwhile is not created twice", async () => {
  await begin("create a trial");
  const { id } = assistant("Front desk");
  const onQuestion = () =>
    void stage.emulator.portal.create("AssistantVersion", { assistant_id: id, version_name: "Candidate" });
  const { outcome } = await stage.apply({ onQuestion });
  expect(JSON.stringify(outcome)).toContain("has appeared since the plan was made");
  const named = assistant("Front desk").versions.filter((one) => one["version_name"] === "Candidate");
  expect(named).toHaveLength(1);
});
