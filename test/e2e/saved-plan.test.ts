import { readFile, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { sealed, type PlanTerms } from "../../src/reconcile/saved-plan/planfile.ts";
import { desk, KEY, PLAN_KEY, type Desk } from "./cli.ts";

let one: Desk;

afterEach(() => one.close());

const HEAD = "apiVersion: rollcall.dev/v1\n";

/** Front desk hands off to billing; support stands alone. All are live and in the ledger. */
async function office(): Promise<void> {
  one = await desk();
  await write("Be kind.");
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
}

function write(front: string): Promise<void> {
  const assistant = (name: string, spec: string) =>
    `---\n${HEAD}kind: Assistant\nmetadata: { name: ${name} }\nspec:\n${spec.replace(/^/gm, "  ")}\n`;
  const handoff =
    "tools:\n  - type: handoff\n    handoff:\n      ai_assistants:\n        - { name: billing, id: { ref: Assistant/billing } }";
  return writeFile(
    join(one.folder, "office.yaml"),
    assistant("front", `instructions: ${front}\n${handoff}`) +
      assistant("billing", "instructions: Count.") +
      assistant("support", "instructions: Fix."),
  );
}

function idOf(name: string): string {
  const found = one.emulator.state().assistants.find(({ main }) => main["name"] === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.id;
}

function instructionsOf(name: string): unknown {
  return one.emulator.state().assistants.find(({ main }) => main["name"] === name)?.main["instructions"];
}

async function saved(): Promise<void> {
  await write("Be brief.");
  const ran = await one.rollcall("plan", "--out", "plan.json");
  expect(ran.code).toBe(0);
  one.emulator.clearRequests();
}

describe("a saved plan", () => {
  test("that is missing or cannot be written is reported in one line", async () => {
    await office();
    const missing = await one.rollcall("apply", "other.json");
    expect(missing.stderr).toMatch(/^error: other\.json cannot be read: there is no such file/);
    const nowhere = await one.rollcall("plan", "--out", "no/such/folder/plan.json");
    expect(nowhere.stderr).toMatch(/^error: the plan was not written to .*: there is no such folder/);
    expect([missing.code, nowhere.code]).toEqual([1, 1]);
  });

  test("is applied without asking, and only its owner can read it", async () => {
    await office();
    await saved();
    expect((await stat(join(one.folder, "plan.json"))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(one.folder, "plan.json"), "utf8")).not.toContain(KEY);
    const ran = await one.rollcall("apply", "plan.json");
    expect(ran.stderr).not.toContain("error");
    expect(ran.stdout).toContain("Apply complete! Resources: 0 added, 1 changed, 0 destroyed.");
    expect(ran.code).toBe(0);
    expect(instructionsOf("front")).toBe("Be brief.");
  });

  test.each([
    [
      "a touched object",
      "front",
      4,
      /Assistant\/front: .*\s+it was changed live since the plan was made: greeting/,
    ],
    [
      "a referenced object",
      "billing",
      4,
      /Assistant\/billing, which Assistant\/front refers to, was changed live/,
    ],
    ["an unrelated object", "support", 0, /Apply complete!/],
  ])("after a portal edit to %s", async (_, name, code, message) => {
    await office();
    await saved();
    one.emulator.portal.edit("Assistant", idOf(name), { greeting: "Hello from the portal" });
    const ran = await one.rollcall("apply", "plan.json");
    expect(ran.stdout + ran.stderr).toMatch(message);
    expect(ran.code).toBe(code);
    if (code === 4) expect(one.writes()).toEqual([]);
    expect(instructionsOf("front")).toBe(code === 0 ? "Be brief." : "Be kind.");
  });

  test("with equivalent changes is accepted only with --allow-equivalent", async () => {
    await office();
    await saved();
    one.emulator.portal.edit("Assistant", idOf("front"), { description: "edited, and declared by nobody" });
    expect((await one.rollcall("apply", "plan.json")).code).toBe(4);
    expect((await one.rollcall("apply", "plan.json", "--allow-equivalent")).code).toBe(0);
    await write("Be quick.");
    await one.rollcall("plan", "--out", "plan.json");
    await write("Be slow.");
    expect((await one.rollcall("apply", "plan.json", "--allow-equivalent")).code).toBe(4);
  });

  describe("with --allow-equivalent is refused when", () => {
    /** One assistant whose greeting the manifest changes; the plan of that is saved. */
    async function greeted(
      edit: { readonly live?: JsonObject; readonly now?: string },
      ...options: readonly string[]
    ) {
      one = await desk();
      const declare = (greeting: string) =>
        writeFile(
          join(one.folder, "a.yaml"),
          `${HEAD}kind: Assistant\nmetadata: { name: desk }\nspec: { instructions: Be brief., greeting: ${greeting} }\n`,
        );
      await declare("Hi");
      expect((await one.rollcall("apply", "--yes")).code).toBe(0);
      if (edit.live !== undefined) one.emulator.portal.edit("Assistant", idOf("desk"), edit.live);
      if (edit.now === undefined) await unlink(join(one.folder, "a.yaml"));
      else await declare(edit.now);
      if (edit.now === undefined)
        await writeFile(
          join(one.folder, "b.yaml"),
          `${HEAD}kind: Assistant\nmetadata: { name: other }\nspec: { instructions: Be kind. }\n`,
        );
      const plan = await one.rollcall("plan", "--out", "plan.json", ...options);
      expect(plan).toMatchObject({ code: 0 });
      one.writes();
      return plan;
    }

    async function refused(message: RegExp, ...options: readonly string[]): Promise<void> {
      const ran = await one.rollcall("apply", "plan.json", ...options);
      expect(ran.stdout + ran.stderr).toMatch(message);
      expect(ran.stdout).toContain("make a new plan and have it reviewed\n");
      expect(ran.code).toBe(4);
      expect(one.writes()).toEqual([]);
    }

    test("it would restore a change that was not reviewed", async () => {
      const plan = await greeted({ now: "Hello" });
      expect(plan.stdout).not.toContain("instructions");
      one.emulator.portal.edit("Assistant", idOf("desk"), { instructions: "Edited in the portal." });
      await refused(
        /! Assistant\/desk: .*the change would differ from the saved plan: instructions/s,
        "--allow-equivalent",
      );
      expect(instructionsOf("desk")).toBe("Edited in the portal.");
    });

    test("it would overwrite another live value than the reviewed one", async () => {
      await greeted({ live: { greeting: "Ahoy" }, now: "Hello" }, "--on-conflict", "overwrite");
      one.emulator.portal.edit("Assistant", idOf("desk"), { greeting: "Moin" });
      await refused(/the change would differ from the saved plan: greeting/, "--allow-equivalent");
    });

    test("the object to delete has changed", async () => {
      await greeted({}, "--prune");
      one.emulator.portal.edit("Assistant", idOf("desk"), { description: "about to go" });
      await refused(/! Assistant\/desk: .*it was changed live since the plan was made/s, "--allow-equivalent");
    });

    test.each([["--allow-equivalent"], ["--quiet"]])(
      "an unreviewed canary would be removed, %s",
      async (option) => {
        await greeted({ now: "Hello" }, "--on-conflict", "overwrite");
        const version = one.emulator.portal.create("AssistantVersion", {
          assistant_id: idOf("desk"),
          greeting: "Yo",
        });
        one.emulator.portal.create("CanaryDeploy", {
          assistant_id: idOf("desk"),
          rules: [{ match: [], serve: { rollout: [{ version_id: version.split("/")[1] ?? "", weight: 5 }] } }],
        });
        one.writes();
        await refused(/! Assistant\/desk: .*it has a live CanaryDeploy that the plan does not show/s, option);
      },
    );
  });

  test.each([
    ["truncated", (text: string) => text.slice(0, -200), /not valid JSON/],
    ["edited", (text: string) => text.replaceAll("Be brief.", "Be rude!!"), /edited or truncated/],
    ["written by hand", () => '{"format_version":"1.2","resource_changes":[]}', /not a Rollcall plan/],
    ["in another format", (text: string) => text.replace(/"format": 2/, '"format": 99'), /plan format 99/],
    ["not JSON", () => "\0\u0001", /not valid JSON/],
  ])("%s is refused before anything is sent", async (_, change, message) => {
    await office();
    await saved();
    const path = join(one.folder, "plan.json");
    await writeFile(path, change(await readFile(path, "utf8")));
    const ran = await one.rollcall("apply", "plan.json");
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(4);
    expect(one.emulator.requests()).toEqual([]);
  });

  test.each([
    [
      "made with another API key",
      { TELNYX_API_KEY: "KEYother" },
      /it was made with another API key\nhelp: make a new plan with this key; when a key is replaced/,
    ],
    ["with changed manifests", {}, /the manifests have changed since the plan was made: office\.yaml/],
  ])("%s is refused before any write", async (what, env, message) => {
    await office();
    await saved();
    if (what === "with changed manifests")
      await writeFile(
        join(one.folder, "office.yaml"),
        `${await readFile(join(one.folder, "office.yaml"), "utf8")}# a word\n`,
      );
    const ran = await one.rollcallWith(env, "apply", "plan.json");
    expect(ran.stdout + ran.stderr).toMatch(message);
    expect(ran.code).toBe(4);
    expect(one.writes()).toEqual([]);
  });

  test.each([
    ["--target", "Assistant/front"],
    ["--selector", "team=voice"],
    ["--prune"],
    ["--on-conflict", "refuse"],
    ["--on-conflict", "overwrite"],
    ["--allow-mass-change"],
  ])("takes no %s %s, because the plan has its choices", async (option, ...value) => {
    await office();
    await saved();
    const ran = await one.rollcall("apply", "plan.json", option, ...value);
    expect(ran.stderr).toBe(
      `error: ${option} cannot be used with a saved plan\nhelp: pass it to "rollcall plan --out" instead\n`,
    );
    expect(ran.code).toBe(1);
    expect(one.emulator.requests()).toEqual([]);
  });

  test("takes only options that do not change what is done", async () => {
    await office();
    await saved();
    const how = ["--yes", "--lock-timeout", "1s", "--parallelism", "2", "--format", "json", "--env", "default"];
    const ran = await one.rollcall("apply", "plan.json", ...how, "--report", "markdown=out.md", "--quiet");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(instructionsOf("front")).toBe("Be brief.");
  });

  test("that has expired is refused, with the advice to plan again", async () => {
    await office();
    await saved();
    const path = join(one.folder, "plan.json");
    const file = JSON.parse(await readFile(path, "utf8")) as JsonObject & { x_rollcall: { terms: PlanTerms } };
    const expires = "2001-01-01T00:00:00.000Z";
    await writeFile(path, JSON.stringify(sealed(file, { ...file.x_rollcall.terms, expires }, PLAN_KEY)));
    for (const options of [[], ["--allow-equivalent"]]) {
      const ran = await one.rollcall("apply", "plan.json", ...options);
      expect(ran.stdout).toMatch(/it expired at 2001-01-01T00:00:00.000Z\s+→ make a new plan\n/);
      expect(ran.code).toBe(4);
    }
  });

  test("for one environment is refused in another", async () => {
    await office();
    await saved();
    const ran = await one.rollcall("apply", "plan.json", "--env", "production");
    expect(ran.stderr).toBe("error: plan.json is for the environment default, but --env is production\n");
    expect(ran.code).toBe(4);
    expect(one.emulator.requests()).toEqual([]);
  });

  test("is refused by destroy", async () => {
    await office();
    await saved();
    const ran = await one.rollcall("destroy", "plan.json", "--yes");
    expect(ran.stderr).toBe(
      "error: destroy takes no saved plan\nhelp: to apply the plan, run: rollcall apply plan.json\n",
    );
    expect(ran.code).toBe(1);
    expect(one.emulator.requests()).toEqual([]);
  });

  test("made with a variable is applied only with the same value", async () => {
    one = await desk();
    const rollcall = `${HEAD}kind: Project\nmetadata: { name: acme }\nspec: { manifests: [a.yaml], vars: { who: Acme } }\n`;
    await writeFile(join(one.folder, "rollcall.yaml"), rollcall);
    const manifest = `${HEAD}kind: Assistant\nmetadata: { name: desk }\nspec: { instructions: "\${var.who}" }\n`;
    await writeFile(join(one.folder, "a.yaml"), manifest);
    await one.rollcall("plan", "--out", "plan.json", "--var", "who=Larkmoor");
    for (const options of [[], ["--var", "who=Bexley"]])
      expect((await one.rollcall("apply", "plan.json", ...options)).code).toBe(4);
    expect((await one.rollcall("apply", "plan.json", "--var", "who=Larkmoor")).code).toBe(0);
    expect(instructionsOf("desk")).toBe("Larkmoor");
  });

  test("is stale after another apply", async () => {
    await office();
    await saved();
    expect((await one.rollcall("apply", "--yes", "--target", "Assistant/front")).code).toBe(0);
    const ran = await one.rollcall("apply", "plan.json");
    expect(ran.stdout).toMatch(/the ledger changed after this plan was made|no longer needed/);
    expect(ran.code).toBe(4);
  });

  test("saved twice has the same id", async () => {
    await office();
    await saved();
    const id = async () =>
      (JSON.parse(await readFile(join(one.folder, "plan.json"), "utf8")) as { x_rollcall: { planId: string } })
        .x_rollcall.planId;
    const first = await id();
    await one.rollcall("plan", "--out", "plan.json");
    expect(await id()).toBe(first);
  });
});

describe("ownership at the command line", () => {
  test("import selects one of two objects of one name; ledger list, show, move, forget", async () => {
    await office();
    const twin = one.emulator.portal.create("Assistant", { name: "Night desk", instructions: "Hush." });
    await writeFile(
      join(one.folder, "night.yaml"),
      `${HEAD}kind: Assistant\nmetadata: { name: night }\nspec: { name: Day desk, instructions: Hush. }\n`,
    );
    const imported = await one.rollcall("import", "Assistant/night", twin);
    expect(imported).toMatchObject({ code: 0, stderr: "" });
    const plan = await one.rollcall("plan");
    expect(plan.stdout).toContain("# Assistant/night will be updated in-place");
    expect((await one.rollcall("ledger", "list")).stdout).toMatch(/Assistant\/night\s+assistant-/);
    expect((await one.rollcall("ledger", "show", "Assistant/night")).stdout).toContain('"observed"');
    expect((await one.rollcall("ledger", "move", "Assistant/night", "Assistant/evening")).code).toBe(0);
    expect((await one.rollcall("ledger", "forget", "Assistant/evening")).code).toBe(0);
    expect((await one.rollcall("ledger", "forget", "Assistant/evening")).code).toBe(1);
    expect((await one.rollcall("import", "Assistant/night", "assistant-none")).stderr).toMatch(
      /no live object/,
    );
    expect((await one.rollcall("import", "Assistant/new", twin)).stdout).toMatch(
      /Its manifest is new: \S*new\.yaml/,
    );
    expect(one.writes()).not.toContainEqual(expect.stringContaining(twin));
  });

  test("destroy deletes what the project owns and nothing else", async () => {
    await office();
    one.emulator.portal.create("Assistant", { name: "Theirs", instructions: "x" });
    expect((await one.rollcall("destroy")).code).toBe(1);
    const ran = await one.rollcall("destroy", "--yes");
    expect(ran.stdout).toContain("Destroy complete! Resources: 0 added, 0 changed, 3 destroyed.");
    expect(ran.code).toBe(0);
    expect(
      one.emulator
        .state()
        .assistants.filter(({ deleted_at }) => deleted_at === null)
        .map(({ main }) => main["name"]),
    ).toEqual(["Theirs"]);
  });
});
