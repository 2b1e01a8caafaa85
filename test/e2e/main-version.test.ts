import { writeFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatLedger, parseLedger } from "../../src/ledger/format.ts";
import type { LedgerState } from "../../src/model/ledger.ts";
import { stringify, type JsonObject } from "../../src/model/json.ts";
import { desk, type Desk } from "./cli.ts";

const MODEL = "meta-llama/Llama-3.3-70B-Instruct";
let office: Desk;

beforeEach(async () => {
  office = await desk();
});

afterEach(() => office.close());

async function declare(kind: string, name: string, spec: JsonObject): Promise<void> {
  const manifest = { apiVersion: "rollcall.dev/v1", kind, metadata: { name }, spec };
  await writeFile(join(office.folder, `${kind}-${name}.yaml`), stringify(manifest, 2));
}

async function ends(code: number, ...args: readonly string[]): Promise<string> {
  const ran = await office.rollcall(...args);
  expect(ran.code, ran.stdout + ran.stderr).toBe(code);
  return ran.stdout.replaceAll(/\s+/g, " ");
}

const main = () => office.emulator.state().assistants[0];
const id = () => main()?.id ?? "";
const mainVersion = () => String(main()?.main["version_id"]);
const declareDesk = (instructions = "Be brief.") =>
  declare("Assistant", "desk", { model: MODEL, instructions });

/** A version beside main that says something else where nobody declares anything. */
function version(changes: JsonObject = { greeting: "Yo." }): string {
  const made = office.emulator.portal.create("AssistantVersion", { assistant_id: id(), ...changes });
  return made.split("/")[1] ?? "";
}

async function applied(): Promise<void> {
  await declareDesk();
  await ends(0, "apply", "--yes");
}

describe("a version that somebody promoted", () => {
  test("is drift in every format, with its changes, until an apply records it", async () => {
    await applied();
    const before = mainVersion();
    const next = version();
    expect(await ends(0, "drift")).toContain("No drift.");
    office.emulator.portal.promote(id(), next);
    for (const format of ["text", "markdown", "html"]) {
      const said = await ends(2, "drift", "--format", format);
      for (const part of ["has another main version", before, next, "Yo."]) expect(said).toContain(part);
    }
    const { drifted, resource_drift: drift } = JSON.parse(
      await ends(2, "drift", "--format", "json"),
    ) as JsonObject;
    expect(drifted).toBe(true);
    expect(drift).toMatchObject([
      {
        address: "Assistant/desk",
        change: {
          actions: ["update"],
          before: { version_id: before },
          after: { version_id: next, greeting: "Yo." },
        },
      },
    ]);
    const plan = await ends(2, "plan", "--detailed-exitcode");
    for (const part of ["has another main version", "Yo.", "No changes."]) expect(plan).toContain(part);
    expect(plan).not.toContain("Live objects match the manifests");
    office.writes();
    expect(await ends(0, "apply", "--yes")).toContain("has another main version");
    expect(office.writes()).toEqual([]);
    expect(await ends(0, "drift")).toContain("No drift.");
    expect(await ends(0, "plan", "--detailed-exitcode")).toContain("Live objects match the manifests.");
  });

  test("with another value in a declared field is restored, and reported once", async () => {
    await applied();
    office.emulator.portal.promote(id(), version({ greeting: "Yo.", instructions: "Shout." }));
    const said = await ends(2, "drift");
    for (const part of ["has drifted (apply restores it)", "main version", "Yo.", "Shout."])
      expect(said).toContain(part);
    await ends(0, "apply", "--yes");
    expect(main()?.main).toMatchObject({ instructions: "Be brief.", greeting: "Yo." });
    expect(await ends(0, "drift")).toContain("No drift.");
  });

  test("between plan and apply makes the plan stale", async () => {
    await applied();
    await declareDesk("Be kind.");
    await ends(0, "plan", "--out", "plan.json");
    office.emulator.portal.promote(id(), version());
    expect(await ends(4, "apply", "plan.json")).toContain("was changed live since the plan was made: greeting");
  });

  const vars = (dynamic_variables: JsonObject) => ({ dynamic_variables });

  test.each([
    ["a value in another block", vars({ own: "one" }), { greeting: "Yo." }, 0],
    ["a value in the block that was written", vars({ own: "two" }), vars({ own: "two", theirs: "Yo." }), 0],
    ["another declared value", vars({ own: "one" }), { instructions: "Yo." }, 3],
  ])("between a write and its read, with %s, is drift after it", async (_, written, changes, code) => {
    await declare("Assistant", "desk", { model: MODEL, instructions: "Be brief.", ...vars({ own: "one" }) });
    await ends(0, "apply", "--yes");
    await declare("Assistant", "desk", { model: MODEL, instructions: "Be kind.", ...written });
    office.emulator.inject({
      match: { method: "POST", path: new RegExp(`^/ai/assistants/${id()}$`) },
      fault: { kind: "slow", milliseconds: 0 },
      onStrike: () =>
        office.emulator.inject({
          match: { method: "GET", path: new RegExp(`^/ai/assistants/${id()}$`) },
          fault: { kind: "slow", milliseconds: 0 },
          onStrike: () =>
            office.emulator.portal.promote(id(), version({ instructions: "Be kind.", ...changes })),
        }),
    });
    await ends(code, "apply", "--yes");
    const said = await ends(2, "drift");
    for (const part of ["main version", "Yo."]) expect(said).toContain(part);
    await ends(0, "apply", "--yes");
    expect(await ends(0, "drift")).toContain("No drift.");
  });

  test("is no longer drift when the previous version is main again", async () => {
    await applied();
    const before = mainVersion();
    office.emulator.portal.promote(id(), version());
    await ends(2, "drift");
    office.emulator.portal.promote(id(), before);
    expect(await ends(0, "drift")).toContain("No drift.");
  });

  test("has no changes for a proposal", async () => {
    await applied();
    office.emulator.portal.promote(id(), version());
    expect(await ends(2, "drift", "--propose")).toContain("another version is main");
  });
});

describe("is not drift:", () => {
  test("a version that Rollcall created", async () => {
    await applied();
    await declareDesk("Be kind.");
    await declare("AssistantVersion", "next", {
      assistant: { ref: "Assistant/desk" },
      version_name: "next",
      changes: { greeting: "Yo." },
    });
    const rollout = [{ version_id: { ref: "AssistantVersion/next" }, weight: 5 }];
    await declare("CanaryDeploy", "desk", {
      assistant: { ref: "Assistant/desk" },
      rules: [{ serve: { rollout } }],
    });
    await ends(0, "apply", "--yes");
    expect(await ends(0, "drift")).toContain("No drift.");
    expect(await ends(0, "plan", "--detailed-exitcode")).toContain("No changes.");
  });

  test("a ledger without the main version", async () => {
    await applied();
    const path = join(office.folder, ".rollcall/default.json");
    const state = parseLedger(await readFile(path, "utf8"), path);
    const entries = structuredClone(state.entries) as Record<string, { versionId?: string }>;
    for (const entry of Object.values(entries)) delete entry.versionId;
    await writeFile(path, formatLedger({ ...state, entries: entries as LedgerState["entries"] }));
    office.emulator.portal.promote(id(), version());
    expect(await ends(0, "drift")).toContain("No drift.");
    await ends(0, "apply", "--yes");
    office.emulator.portal.promote(id(), version({ greeting: "Hm." }));
    await ends(2, "drift");
  });

  test("a live value that was adopted", async () => {
    await applied();
    office.emulator.portal.edit("Assistant", id(), { instructions: "Shout." });
    await ends(2, "drift");
    await declareDesk("Shout.");
    expect(await ends(0, "drift")).toContain("No drift.");
  });
});
