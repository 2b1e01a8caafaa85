import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringify, type JsonObject } from "../../src/model/json.ts";
import { desk, type Desk } from "./cli.ts";

let office: Desk;

beforeEach(async () => {
  office = await desk();
});

afterEach(() => office.close());

const MODEL = "meta-llama/Llama-3.3-70B-Instruct";
const HANGUP = { type: "hangup", hangup: { description: "Ends the call." } };

async function declare(kind: string, name: string, spec: JsonObject): Promise<void> {
  const manifest = { apiVersion: "rollcall.dev/v1", kind, metadata: { name }, spec };
  await writeFile(join(office.folder, `${name}.yaml`), stringify(manifest, 2));
}

const declareDesk = (name = "desk") => declare("Assistant", name, { model: MODEL, instructions: "Be brief." });

async function applied(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await office.rollcall("apply", "--yes", ...args);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}

function idOf(name: string): string {
  const found = office.emulator.state().assistants.find(({ main }) => main["name"] === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.id;
}

/** The three forms of one report; they must end alike. */
async function drift(code: number) {
  const runs = [];
  for (const format of ["text", "markdown", "json"]) {
    const ran = await office.rollcall("drift", "--format", format);
    expect(ran.code, ran.stdout + ran.stderr).toBe(code);
    runs.push(ran.stdout.replaceAll(/\s+/g, " "));
  }
  const [text = "", markdown = "", json = ""] = runs;
  const data = JSON.parse(json) as JsonObject;
  expect(data["drifted"]).toBe(code === 2);
  expect(text.includes("No drift."), text).toBe(code === 0);
  expect(markdown.includes("No drift."), markdown).toBe(code === 0);
  return { text, markdown, data };
}

describe("without a ledger", () => {
  const lose = () => rm(join(office.folder, ".rollcall"), { recursive: true });

  test("a missing object has no baseline, and is not in sync", async () => {
    await declareDesk();
    await applied();
    await lose();
    office.emulator.portal.delete("Assistant", idOf("desk"));
    const { text, markdown, data } = await drift(2);
    for (const said of [text, markdown.replaceAll("`", "")]) {
      expect(said).toContain("Assistant/desk does not exist live");
      expect(said).toContain("Drift: 1 resource without a baseline.");
      expect(said).toContain("There is no ledger");
    }
    expect(data["x_rollcall"]).toMatchObject({ noBaseline: [{ address: "Assistant/desk", live: "none" }] });
  });

  test("an object as declared has no baseline", async () => {
    await declareDesk();
    await declareDesk("other");
    await applied();
    await lose();
    office.emulator.portal.edit("Assistant", idOf("other"), { instructions: "Shout." });
    const { text, data } = await drift(2);
    expect(text).toContain("Assistant/desk matches its manifest");
    expect(text).toContain("Assistant/other differs from its manifest");
    expect(text).toContain("Drift: 2 resources without a baseline.");
    expect(data["x_rollcall"]).toMatchObject({
      noBaseline: [
        { address: "Assistant/desk", live: "same", changes: [] },
        { address: "Assistant/other", live: "different", changes: [{ path: "/instructions" }] },
      ],
    });
  });

  test("several objects with one name are not reported as missing", async () => {
    await declareDesk();
    for (const instructions of ["One.", "Two."])
      office.emulator.portal.create("Assistant", { name: "desk", model: MODEL, instructions });
    expect((await drift(2)).text).toContain("Assistant/desk shares its name with other live objects");
  });

  test("can be ignored", async () => {
    await declareDesk();
    expect((await office.rollcall("drift", "--fail-on", "changed")).code).toBe(0);
    expect((await office.rollcall("drift", "--fail-on", "no-baseline")).code).toBe(2);
  });

  test("is an error if nothing is declared", async () => {
    await writeFile(join(office.folder, "rollcall.yaml"), PROJECT);
    const { code, stdout, stderr } = await office.rollcall("drift");
    expect(stderr).toContain("error[RC4010]: no manifests found");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("a proposal says so and fails", async () => {
    await declareDesk();
    const { code, stdout } = await office.rollcall("drift", "--propose");
    expect(code).toBe(2);
    expect(stdout).toContain("there is no ledger entry for what was last applied");
  });
});

const PROJECT = stringify({
  apiVersion: "rollcall.dev/v1",
  kind: "Project",
  metadata: { name: "office" },
  spec: {},
});

describe("text and exit code agree", () => {
  test("for an object that was deleted and created again with the same values", async () => {
    await declare("Tool", "bye", HANGUP);
    await applied();
    office.emulator.portal.delete("Tool", String(office.emulator.state().tools[0]?.["id"]));
    office.emulator.portal.create("Tool", { display_name: "bye", ...HANGUP });
    const { text } = await drift(2);
    expect(text).toContain("Tool/bye was deleted outside Git (apply adopts another object with the same name)");
    expect(text).toContain("Drift: 1 resource deleted.");
  });

  test("for an import without an apply", async () => {
    await declareDesk();
    const id = office.emulator.portal.create("Assistant", {
      name: "desk",
      model: MODEL,
      instructions: "Theirs.",
    });
    expect((await office.rollcall("import", "Assistant/desk", id)).code).toBe(0);
    const { text, markdown } = await drift(0);
    for (const said of [text, markdown.replaceAll("\\", "")]) {
      expect(said).not.toContain("last applied");
      expect(said).toContain("1 resource has pending changes");
    }
    office.emulator.portal.edit("Assistant", id, { instructions: "Shout." });
    expect((await drift(2)).text).toContain("Assistant/desk has drifted");
  });

  test("if nothing has drifted", async () => {
    await declareDesk();
    await applied();
    const { text } = await drift(0);
    expect(text).toContain("No drift. No declared field was changed outside Git.");
    expect(text).not.toContain("an apply");
  });
});

describe("a resource that was removed from the manifests", () => {
  const orphaned = async () => {
    await declareDesk("one");
    await declareDesk("two");
    await applied();
    await rm(join(office.folder, "two.yaml"));
  };

  test("is not drift while nobody changes it", async () => {
    await orphaned();
    await drift(0);
  });

  test("is compared with the last applied values, and its deletion is reported", async () => {
    await orphaned();
    office.emulator.portal.edit("Assistant", idOf("two"), { instructions: "Shout." });
    const { text, data } = await drift(2);
    expect(text).toContain("Assistant/two has drifted (no longer in the manifests; apply does not change it)");
    expect(text).toContain("last applied Be brief. live Shout.");
    expect(data["resource_drift"]).toMatchObject([
      {
        address: "Assistant/two",
        change: { before: { instructions: "Be brief." }, after: { instructions: "Shout." } },
      },
    ]);
    const out = (await applied("--prune")).replaceAll(/\s+/g, " ");
    expect(out).toContain("Assistant/two has drifted (apply deletes it)");
    expect(out).toContain("last applied Be brief. live Shout.");
  });

  test("shows changes of undeclared fields as information", async () => {
    await orphaned();
    office.emulator.portal.edit("Assistant", idOf("two"), { description: "Theirs." });
    const { stdout, code } = await office.rollcall("drift");
    expect(code).toBe(0);
    expect(stdout).toContain("For information");
    expect(stdout).toContain("Theirs.");
  });

  test("cannot be adopted without a manifest", async () => {
    await orphaned();
    office.emulator.portal.edit("Assistant", idOf("two"), { instructions: "Shout." });
    const { stdout, code } = await office.rollcall("drift", "--propose");
    expect(code).toBe(2);
    expect(stdout).toContain("it is no longer in the manifests");
  });

  test("is shown by destroy", async () => {
    await declareDesk();
    await applied();
    office.emulator.portal.edit("Assistant", idOf("desk"), { instructions: "Shout." });
    const { stdout } = await office.rollcall("destroy", "--yes");
    expect(stdout).toContain("Assistant/desk has drifted (destroy deletes it)");
  });
});
