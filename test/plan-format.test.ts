/** The published form of a plan holds for every plan, and tools that read Terraform's plans find their way in it. */
import { readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterEach, describe, expect, test } from "vitest";
import { stringify } from "../src/model/json.ts";
import type { Plan } from "../src/model/plan.ts";
import { desk, EXAMPLE, type Desk } from "./e2e/cli.ts";
import { SCENES, SHAPES, situationOf, type SceneName, type ShapeName } from "./scenarios/field-shapes.ts";
import { planned, plannedScenario, PLANS, publishedPlan } from "./scenarios/planned.ts";

const SCHEMA: object = JSON.parse(
  readFileSync(join(import.meta.dirname, "../schema/plan.schema.json"), "utf8"),
);
const validate = new Ajv({ allErrors: true, strict: false }).compile(SCHEMA);

interface PlanFile {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: { readonly actions: readonly string[]; readonly after: Record<string, unknown> | null };
  }[];
  readonly x_rollcall: Record<string, unknown>;
}

let one: Desk | undefined;

afterEach(async () => {
  await one?.close();
  one = undefined;
});

function errorsOf(plan: unknown): readonly string[] {
  return validate(plan)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

async function published(plan: Promise<Plan>): Promise<PlanFile> {
  return JSON.parse(stringify(publishedPlan(await plan))) as PlanFile;
}

const text = (scenario: string) => readFileSync(join(PLANS, scenario, "plan.txt"), "utf8");

describe("the JSON Schema of plans", () => {
  test.each(readdirSync(PLANS))("holds for the scenario %s", async (name) => {
    expect(errorsOf(await published(plannedScenario(name)))).toEqual([]);
  });

  test.each(Object.keys(SHAPES) as ShapeName[])("holds for changes of a %s", async (shape) => {
    for (const scene of Object.keys(SCENES) as SceneName[]) {
      expect(errorsOf(await published(planned(situationOf(shape, scene))))).toEqual([]);
    }
  });

  test("holds for a printed and for a saved plan of the example", async () => {
    one = await desk(EXAMPLE);
    const printed = await one.rollcall("plan", "--env", "staging", "--format", "json", "--out", "plan.json");
    const saved: unknown = JSON.parse(await readFile(join(one.folder, "plan.json"), "utf8"));
    expect(errorsOf(JSON.parse(printed.stdout))).toEqual([]);
    expect(errorsOf(saved)).toEqual([]);
    expect((saved as PlanFile).x_rollcall).toMatchObject({ format: 2, terms: { choices: { prune: false } } });
  });

  test("finds an invalid plan", async () => {
    const plan = await published(plannedScenario("create"));
    expect(errorsOf({ ...plan, resource_changes: [{}] })).not.toEqual([]);
  });

  test("the same plan gives the same text, keys in the same order", async () => {
    one = await desk(EXAMPLE);
    const twice = [
      await one.rollcall("plan", "--env", "staging", "--format", "json"),
      await one.rollcall("plan", "--env", "staging", "--format", "json"),
    ];
    expect(twice[0]?.stdout).toBe(twice[1]?.stdout);
    expect(twice[0]?.stdout).not.toMatch(/\d{4}-\d\d-\d\dT\d\d:/);
  });
});

describe("rules over resource_changes, as policies for Terraform have them", () => {
  const plan = (name: string) => published(plannedScenario(name));
  /** `deny[msg] { rc := input.resource_changes[_]; rc.change.actions[_] == "delete"; … }` */
  const deleted = ({ resource_changes }: PlanFile) =>
    resource_changes.filter(({ change }) => change.actions.includes("delete")).map(({ address }) => address);
  const created = ({ resource_changes }: PlanFile) =>
    resource_changes.filter(({ change }) => change.actions.includes("create")).map(({ address }) => address);

  test("no deletions", async () => {
    expect(deleted(await plan("prune"))).toEqual(["Assistant/old"]);
    expect(deleted(await plan("scalar-pending"))).toEqual([]);
  });

  test("created resources and their values", async () => {
    expect(created(await plan("create-cycle"))).toEqual([
      "Assistant/billing",
      "Assistant/desk",
      "Assistant/support",
    ]);
    expect((await plan("create")).resource_changes[0]?.change.after).toMatchObject({ greeting: "Hello." });
  });

  test("nothing to do is no-op", async () => {
    const actions = (await plan("scalar-in-sync")).resource_changes.flatMap(({ change }) => change.actions);
    expect(new Set(actions)).toEqual(new Set(["no-op"]));
  });

  test("a limit that a policy sets on a value", async () => {
    const planOf = (scene: SceneName) => published(planned(situationOf("number in a block", scene)));
    const tooLong = ({ resource_changes }: PlanFile) =>
      resource_changes.filter(({ type, change }) => {
        const telephony = change.after?.["telephony_settings"] as { time_limit_secs?: number } | undefined;
        return type === "Assistant" && (telephony?.time_limit_secs ?? 0) > 800;
      });
    expect(tooLong(await planOf("manifest changed"))).toHaveLength(1);
    expect(tooLong(await planOf("nothing changed"))).toHaveLength(0);
  });
});

describe("a plan without changes", () => {
  const HEAD = "apiVersion: rollcall.dev/v1\nkind: Assistant\n";
  /** `deny[msg] { rc := input.resource_changes[_]; rc.change.after.telephony_settings.recording_settings.enabled; … }` */
  const recording = ({ resource_changes }: PlanFile) =>
    resource_changes.filter(({ change }) => {
      const telephony = change.after?.["telephony_settings"] as
        | { readonly recording_settings?: { readonly enabled?: boolean } }
        | undefined;
      return telephony?.recording_settings?.enabled === true;
    });

  async function applied(): Promise<Desk> {
    const made = await desk();
    await writeFile(
      join(made.folder, "a.yaml"),
      `# Two of them\n\n${HEAD}metadata: { name: loud, labels: { team: voice } }\nlifecycle: { protect: true }\n` +
        "spec:\n  instructions: x\n  telephony_settings: { recording_settings: { enabled: true } }\n" +
        `---\n${HEAD}metadata: { name: quiet }\nspec:\n  instructions: x\n  telephony_settings: { recording_settings: { enabled: false } }\n`,
    );
    expect((await made.rollcall("apply", "--yes")).code).toBe(0);
    return made;
  }

  test.each([
    ["printed", ["--format", "json"]],
    ["saved", ["--out", "plan.json", "--format", "json"]],
  ])("%s, has every object: a policy on recording works", async (_, options) => {
    one = await applied();
    const { stdout } = await one.rollcall("plan", ...options);
    const plan = JSON.parse(
      options.includes("--out") ? await readFile(join(one.folder, "plan.json"), "utf8") : stdout,
    ) as PlanFile;
    expect(plan.resource_changes.map(({ change }) => change.actions)).toEqual([["no-op"], ["no-op"]]);
    expect(recording(plan).map(({ address }) => address)).toEqual(["Assistant/loud"]);
    expect(errorsOf(plan)).toEqual([]);
  });

  test("has position, labels and protection of each resource", async () => {
    one = await applied();
    const { stdout } = await one.rollcall("plan", "--format", "json");
    const changes = (JSON.parse(stdout) as PlanFile).x_rollcall["changes"] as readonly object[];
    expect(changes).toMatchObject([
      { address: "Assistant/loud", labels: { team: "voice" }, protect: true, file: "a.yaml", line: 3 },
      { address: "Assistant/quiet", labels: {}, file: "a.yaml", line: 11 },
    ]);
    expect(changes[1]).not.toHaveProperty("protect");
  });

  test("has equal before and after, and no secret", async () => {
    one = await desk();
    const secret = ["let", "me", "in", "4711"].join("-");
    await writeFile(
      join(one.folder, "t.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Tool\nmetadata: { name: hook }\nspec:\n  type: webhook\n  webhook:\n" +
        '    name: hook\n    description: d\n    url: "https://example.com/hook"\n    method: POST\n' +
        `    headers: [{ name: X-Desk, value: "\${var.desk}" }]\n`,
    );
    expect((await one.rollcall("apply", "--yes", "--var", `desk=${secret}`)).code).toBe(0);
    const { stdout } = await one.rollcall("plan", "--format", "json", "--var", `desk=${secret}`);
    const [only] = (JSON.parse(stdout) as PlanFile).resource_changes;
    expect(only?.change).toMatchObject({
      actions: ["no-op"],
      before: only?.change.after,
      before_sensitive: { webhook: { headers: [{ value: true }] } },
      after_sensitive: { webhook: { headers: [{ value: true }] } },
    });
    expect(stdout).not.toContain(secret);
  });
});

describe("lines that tools look for in the text of a Terraform plan", () => {
  const SUMMARY = /^Plan: (\d+) to add, (\d+) to change, (\d+) to destroy\.$/m;
  const NOTHING = /^No changes\./m;
  const CREATED = /^ *# (.*) will be created$/gm;
  const UPDATED = /^ *# (.*) will be updated in-place$/gm;
  const DESTROYED = /^ *# (.*) will be destroyed$/gm;
  const all = (pattern: RegExp, name: string) =>
    [...text(name).matchAll(pattern)].map(([, address]) => address);

  test("the summary, or that there are no changes", () => {
    expect(SUMMARY.exec(text("mass-change"))?.slice(1)).toEqual(["0", "10", "0"]);
    expect(text("scalar-in-sync")).toMatch(NOTHING);
    expect(text("scalar-pending")).not.toMatch(NOTHING);
  });

  test("created, updated and destroyed resources", () => {
    expect(all(CREATED, "create-cycle")).toEqual(["Assistant/billing", "Assistant/desk", "Assistant/support"]);
    expect(all(UPDATED, "version-follows-its-assistant")).toEqual(["Assistant/desk", "AssistantVersion/next"]);
    expect(all(DESTROYED, "prune")).toEqual(["Assistant/old"]);
  });

  test("the end of an apply", async () => {
    one = await desk();
    await writeFile(
      join(one.folder, "a.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: a }\nspec: { instructions: x }\n",
    );
    const { stdout } = await one.rollcall("apply", "--yes");
    expect(stdout).toMatch(/^Apply complete! Resources: \d+ added, \d+ changed, \d+ destroyed\.$/m);
  });
});
