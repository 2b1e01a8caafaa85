/** Somebody who can write a plan file, and has no API key, wants `apply plan.json` to do more than was planned. */
import { readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { derivedKey } from "../../src/model/derived-key.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { sealed, type PlanTerms } from "../../src/reconcile/saved-plan/planfile.ts";
import { desk, type Desk } from "../e2e/cli.ts";

let one: Desk;
let path: string;

const manifest = (name: string, instructions: string) =>
  `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: ${name} }\nspec: { instructions: ${instructions} }\n`;

type PlanFile = JsonObject & { readonly x_rollcall: JsonObject & { readonly terms: PlanTerms } };

/** Two assistants are live; the manifest of one has gone, that of the other has changed. */
beforeEach(async () => {
  one = await desk();
  path = join(one.folder, "plan.json");
  await writeFile(join(one.folder, "a.yaml"), manifest("front", "Be kind."));
  await writeFile(join(one.folder, "b.yaml"), manifest("billing", "Count."));
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  await unlink(join(one.folder, "b.yaml"));
  await writeFile(join(one.folder, "a.yaml"), manifest("front", "Be brief."));
});
afterEach(() => one.close());

const read = async () => JSON.parse(await readFile(path, "utf8")) as PlanFile;
const write = (file: unknown) => writeFile(path, JSON.stringify(file));
const names = () => one.emulator.state().assistants.filter(({ deleted_at }) => deleted_at === null).length;

/** Plans, and forgets what was sent for it. */
async function planned(...options: readonly string[]): Promise<PlanFile> {
  expect((await one.rollcall("plan", "--out", "plan.json", ...options)).code).toBe(0);
  one.emulator.clearRequests();
  return read();
}

async function refused(message: RegExp, ...options: readonly string[]): Promise<void> {
  const ran = await one.rollcall("apply", "plan.json", ...options);
  expect(ran.stderr).toMatch(message);
  expect(ran).toMatchObject({ code: 4, stdout: "" });
  expect(one.emulator.requests()).toEqual([]);
  expect(names()).toBe(2);
}

describe("a plan that was not made with the API key is refused before anything is sent", () => {
  const guess = derivedKey("KEYguessed", "plan seal");

  test.each([
    ["prunes", { prune: true }],
    ["destroys", { destroy: true, prune: true }],
    ["overwrites and changes everything", { onConflict: "overwrite" as const, allowMassChange: true }],
  ])("with a valid checksum: it %s", async (_, choices) => {
    const honest = await planned("--prune");
    const { terms } = honest.x_rollcall;
    const forged = sealed(honest, { ...terms, choices: { ...terms.choices, ...choices } }, guess);
    await write(forged);
    await refused(
      /^error: plan\.json is refused: its seal is not valid: it was not made with this API key\nhelp: /,
    );
    const { seal: _seal, ...bare } = forged["x_rollcall"] as JsonObject;
    await write({ ...forged, x_rollcall: bare });
    await refused(/it has no seal: it was made by hand/);
  });

  test("with the seal of another plan", async () => {
    const [small, large] = [await planned(), await planned("--prune")];
    const { seal, ...extension } = large.x_rollcall;
    expect(seal).toMatch(/^[0-9a-f]{64}$/);
    await write({ ...large, x_rollcall: { ...extension, seal: small.x_rollcall["seal"] ?? null } });
    await refused(/its seal is not valid/);
  });

  test.each([[""], ["00"], ["x".repeat(64)], ["0".repeat(64)], [7], [null]])(
    "with the seal %j",
    async (seal) => {
      const plan = await planned("--prune");
      await write({ ...plan, x_rollcall: { ...plan.x_rollcall, seal } });
      await refused(/its seal is not valid|it has no seal/);
    },
  );

  test("with a later expiry", async () => {
    const plan = await planned("--prune");
    const { terms } = plan.x_rollcall;
    await write(sealed(plan, { ...terms, expires: "2999-01-01T00:00:00.000Z" }, guess));
    await refused(/its seal is not valid/);
  });

  test("but with another key, as after a rotation", async () => {
    await planned("--prune");
    const ran = await one.rollcallWith({ TELNYX_API_KEY: "KEYrotated" }, "apply", "plan.json");
    expect(ran.stderr).toMatch(
      /it was made with another API key\nhelp: make a new plan with this key; when a key/,
    );
    expect(ran.code).toBe(4);
    expect(one.emulator.requests()).toEqual([]);
  });
});

describe("a plan has only choices that the user who applies it accepts", () => {
  test.each([
    [["--prune"], "none", /it was made with prune, which is not accepted here\nhelp: .*--accept prune;/],
    [["--prune"], "allow-mass-change,on-conflict=overwrite", /made with prune/],
    [["--on-conflict", "overwrite"], "prune", /made with on-conflict=overwrite/],
    [["--allow-mass-change"], "none", /made with allow-mass-change/],
  ])("made with %j needs %s", async (options, accepted, message) => {
    await planned(...options);
    await refused(message, "--accept", accepted);
  });

  test("a destroy plan and an unknown choice are refused, also if made with the key", async () => {
    const plan = await planned();
    const { terms } = plan.x_rollcall;
    const key = derivedKey("KEY", "plan seal");
    for (const [more, message] of [
      [{ destroy: true }, /made with destroy/],
      [{ adoptAll: true }, /made with adopt-all/],
      [{ onConflict: "adopt" }, /made with on-conflict=adopt/],
      [{ only: ["a"] }, /made with only=\["a"\]/],
    ] as const) {
      const choices = { ...terms.choices, ...more } as unknown as PlanTerms["choices"];
      await write(sealed(plan, { ...terms, choices }, key));
      await refused(message, "--accept", "none");
    }
  });

  test("accepted choices are applied; accepted choices that the plan lacks are not", async () => {
    await planned("--prune");
    const ran = await one.rollcall("apply", "plan.json", "--accept", "prune,allow-mass-change");
    expect(ran).toMatchObject({ code: 0 });
    expect(names()).toBe(1);
    await writeFile(join(one.folder, "a.yaml"), manifest("front", "Be quick."));
    await planned();
    expect(await one.rollcall("apply", "plan.json", "--accept", "prune")).toMatchObject({ code: 0 });
  });

  test("a plan other than the reviewed one is refused", async () => {
    const small = await planned();
    await planned("--prune");
    await refused(/is plan [0-9a-f]{12}, and plan [0-9a-f]{12} is expected/, "--plan-id", id(small));
    const own = await read();
    expect(await one.rollcall("apply", "plan.json", "--plan-id", id(own))).toMatchObject({ code: 0 });
  });

  const id = (plan: PlanFile) => String(plan.x_rollcall["planId"]);

  test.each([
    [["--accept", "all"], /option '--accept <choices>' argument 'all' is invalid. Expected none, or some of/],
    [["--accept", "none", "--yes"], /--accept needs a saved plan\nhelp: rollcall apply plan\.json --accept/],
    [["--plan-id", "0", "--yes"], /--plan-id needs a saved plan/],
  ])("without a saved plan, %j is an error", async (options, message) => {
    const ran = await one.rollcall("apply", ...options);
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(1);
  });
});

describe("a plan does not override the environment of the job", () => {
  const project = `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: voice }\nspec:\n  environments:\n    staging: { apiKey: { env: TELNYX_STAGING_API_KEY } }\n    production: {}\n`;

  test("ROLLCALL_ENV counts as --env; --accept needs one of them", async () => {
    await writeFile(join(one.folder, "rollcall.yaml"), project);
    await planned("--env", "production", "--adopt");
    const staging = await one.rollcallWith({ ROLLCALL_ENV: "staging" }, "apply", "plan.json");
    expect(staging).toMatchObject({
      code: 4,
      stderr: "error: plan.json is for the environment production, but ROLLCALL_ENV is staging\n",
    });
    const none = await one.rollcall("apply", "plan.json", "--accept", "adopt");
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("--env");
    expect(one.emulator.requests()).toEqual([]);
  });
});
