import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { derivedKey } from "../../src/model/derived-key.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { type PlanTerms, sealed } from "../../src/reconcile/saved-plan/planfile.ts";
import { desk, KEY, type Desk } from "./cli.ts";
import { on, PROJECT, SUPPORT, writeTo } from "./conflicting.ts";

let one: Desk;

afterEach(() => one.close());

const DESK = SUPPORT;
const CHANGED = DESK.replace("Hello from", "Welcome to");
const ADOPTED = DESK.replace("Hello from", "Ahoy from");

/** An assistant is applied, then changed live and in the manifests. */
async function conflicts(): Promise<void> {
  one = await desk();
  await write({ "rollcall.yaml": PROJECT, "support.yaml": DESK, "support.md": "Be kind.\n" });
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  edit({ greeting: "Ahoy from Acme.", instructions: "Be quick." });
  await write({ "support.yaml": CHANGED, "support.md": "Be brief.\n" });
  one.writes();
}

const write = (files: Readonly<Record<string, string>>) => writeTo(one, files);

const text = (path: string) => readFile(join(one.folder, path), "utf8");
const texts = () => Promise.all(["support.yaml", "support.md"].map(text));
const live = () => one.emulator.state().assistants[0];

function edit(patch: Parameters<Desk["emulator"]["portal"]["edit"]>[2]): void {
  one.emulator.portal.edit("Assistant", live()?.id ?? "", patch, { version: "same" });
}

describe("a saved plan that adopts", () => {
  const RULES = on("overwrite", "adopt=Assistant/support:/greeting");

  /** Saved, and shown with the values that it adopts. */
  async function saved(): Promise<void> {
    await conflicts();
    const before = await texts();
    const plan = await one.rollcall("plan", "--out", "plan.json", ...RULES);
    expect(plan).toMatchObject({ code: 0 });
    const shown = await one.rollcall("show", "plan.json");
    expect(shown, shown.stderr).toMatchObject({ code: 0 });
    expect(shown.stdout).toMatch(/~ greeting +\(written to support\.yaml:6\)/);
    expect(await texts()).toEqual(before);
    expect(one.writes()).toEqual([]);
  }

  async function isRefused(message: RegExp, ...more: readonly string[]): Promise<void> {
    const before = await texts();
    const ran = await one.rollcall("apply", "plan.json", ...more);
    expect(ran.code).toBe(4);
    expect(`${ran.stdout}${ran.stderr}`).toMatch(message);
    expect(await texts()).toEqual(before);
    expect(one.writes()).toEqual([]);
  }

  test("writes the manifests and then the rest, as the plan shows it", async () => {
    await saved();
    const ran = await one.rollcall("apply", "plan.json", "--accept", "on-conflict=overwrite,on-conflict=adopt");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("Wrote support.yaml. Commit the changes");
    expect(ran.stdout).toContain("1 live value adopted into the manifests. Commit support.yaml.");
    expect(await text("support.yaml")).toBe(ADOPTED);
    expect(live()?.main).toMatchObject({ greeting: "Ahoy from Acme.", instructions: "Be brief." });
    expect(await one.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
    one.writes();
    await isRefused(/the manifests have changed since/);
  });

  test("alone: it writes no live object", async () => {
    await conflicts();
    await one.rollcall("plan", "--out", "plan.json", ...on("adopt"));
    const ran = await one.rollcall("apply", "plan.json", "--accept", "on-conflict=adopt");
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("2 live values adopted into the manifests.");
    expect(one.writes()).toEqual([]);
    expect(await one.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
  });

  test("is refused where that choice is not accepted", async () => {
    await saved();
    const narrow = "on-conflict=adopt=Assistant/support:/greeting";
    await isRefused(
      /made with on-conflict=adopt=Assistant\/support:\/greeting, which/,
      "--accept",
      "on-conflict=overwrite",
    );
    await isRefused(/made with on-conflict=overwrite, which/, "--accept", narrow);
  });

  test("is refused if the live value or the file has changed since", async () => {
    await saved();
    await write({ "support.yaml": `# A comment.\n${CHANGED}` });
    await isRefused(/the manifests have changed since the plan was made: support\.yaml/);
    await isRefused(/the value to adopt would differ from the saved plan: greeting/);
    await write({ "support.yaml": CHANGED });
    edit({ greeting: "Hi from Acme." });
    await isRefused(
      /Assistant\/support was changed live since the plan was made|the value to adopt would differ/,
    );
    await isRefused(/the value to adopt would differ from the saved plan: greeting/, "--allow-equivalent");
  });

  test("is applied with --allow-equivalent where only the place of the value has changed", async () => {
    await saved();
    await write({ "support.yaml": `# A comment.\n${CHANGED}` });
    const ran = await one.rollcall("apply", "plan.json", "--allow-equivalent");
    expect(ran.code).toBe(0);
    expect(await text("support.yaml")).toBe(`# A comment.\n${ADOPTED}`);
  });

  test("is refused if its manifests would be written differently", async () => {
    await saved();
    const file = JSON.parse(await text("plan.json")) as { readonly x_rollcall: { readonly terms: PlanTerms } };
    const { terms } = file.x_rollcall;
    const forged = sealed(
      file as unknown as JsonObject,
      { ...terms, written: { "support.yaml": "0" } },
      derivedKey(KEY, "plan seal"),
    );
    await write({ "plan.json": JSON.stringify(forged) });
    await isRefused(/the manifests would be written differently than planned: support\.yaml/);
  });
});
