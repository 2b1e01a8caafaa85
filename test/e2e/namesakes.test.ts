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

async function declare(kind: string, name: string, spec: JsonObject, more: JsonObject = {}): Promise<void> {
  const manifest = { apiVersion: "rollcall.dev/v1", kind, metadata: { name }, ...more, spec };
  await writeFile(join(office.folder, `${name}.yaml`), stringify(manifest, 2));
}

const declareDesk = (name = "desk") => declare("Assistant", name, { model: MODEL, instructions: "Be brief." });

async function applied(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await office.rollcall("apply", "--yes", ...args);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}

const assistants = () => office.emulator.state().assistants.filter(({ deleted_at }) => deleted_at === null);

function idOf(name: string): string {
  const [found, ...others] = assistants().filter(({ main }) => main["name"] === name);
  if (found === undefined || others.length > 0) throw new Error(`there is not one ${name}`);
  return found.id;
}

const foreign = (name = "desk") =>
  office.emulator.portal.create("Assistant", { name, model: MODEL, instructions: "FOREIGN" });

describe("an object of the same name as a missing managed object", () => {
  test("is adopted without a baseline, and reported as another object", async () => {
    await declareDesk();
    await applied();
    const ours = idOf("desk");
    const theirs = foreign();
    expect((await office.rollcall("plan")).stdout).toContain("No changes.");
    office.emulator.portal.delete("Assistant", ours);

    const drift = await office.rollcall("drift");
    expect(drift.code).toBe(2);
    expect(drift.stdout).toContain("Assistant/desk was deleted outside Git");
    expect(drift.stdout).not.toContain("apply restores it");
    expect(drift.stdout).toContain("1 resource deleted and 1 without a baseline");

    const plan = await office.rollcall("plan", "--format", "json");
    const { x_rollcall, resource_changes } = JSON.parse(plan.stdout);
    expect(x_rollcall.changes[0]).toMatchObject({ action: "adopt", id: theirs });
    expect(x_rollcall.changes[0].changes).toMatchObject([{ path: "/instructions", class: "no-baseline" }]);
    expect(x_rollcall.changes[0].changes[0]).not.toHaveProperty("baseline");
    expect(x_rollcall.drift).toMatchObject([{ what: "deleted", id: ours, changes: [] }]);
    expect(resource_changes).toHaveLength(1);

    office.writes();
    const refused = await office.rollcall("apply", "--yes");
    expect(refused.code, refused.stdout).toBe(4);
    expect(office.writes()).toEqual([]);

    const out = await applied("--adopt");
    expect(out).toContain(
      `the managed object no longer exists; another object with the same name, ${theirs}, will be adopted`,
    );
    expect(out).not.toMatch(/made again|restores it/);
    expect((await office.rollcall("drift")).stdout).toContain("No drift.");
  });

  test("is not deleted until an apply adopts it", async () => {
    await declareDesk();
    await declareDesk("other");
    await applied();
    const [ours, theirs] = [idOf("desk"), foreign()];
    office.emulator.portal.delete("Assistant", ours);
    const { code } = await office.rollcall("destroy", "--yes");
    expect(code).toBe(0);
    expect(assistants().map(({ id }) => id)).toEqual([theirs]);
  });

  test("is not deleted by a prune", async () => {
    await declareDesk();
    await declareDesk("other");
    await applied();
    const [ours, theirs] = [idOf("desk"), foreign()];
    office.emulator.portal.delete("Assistant", ours);
    await rm(join(office.folder, "desk.yaml"));
    await applied("--prune");
    expect(assistants().map(({ id }) => id)).toContain(theirs);
  });

  test("is not changed to another type", async () => {
    const webhook = { name: "lookup", description: "Looks it up.", url: "https://a.example" };
    await declare("Tool", "lookup", { type: "webhook", webhook });
    await applied();
    const [tool] = office.emulator.state().tools;
    office.emulator.portal.delete("Tool", String(tool?.["id"]));
    const theirs = office.emulator.portal.create("Tool", {
      display_name: "lookup",
      type: "hangup",
      hangup: { description: "Ends the call." },
    });
    office.writes();
    const { code, stdout } = await office.rollcall("apply", "--yes");
    expect(code).toBe(4);
    expect(stdout).toContain("Tool/lookup: not ours");
    expect(office.writes()).toEqual([]);
    expect(office.emulator.state().tools).toMatchObject([{ id: theirs, type: "hangup" }]);
    const taken = await office.rollcall("import", "Tool/lookup", theirs);
    expect(taken.code, taken.stderr).toBe(0);
  });

  test("stays protected", async () => {
    await declare(
      "Assistant",
      "desk",
      { model: MODEL, instructions: "Be brief." },
      { lifecycle: { protect: true } },
    );
    await applied();
    const ours = idOf("desk");
    foreign();
    office.emulator.portal.delete("Assistant", ours);
    await declareDesk();
    await applied("--adopt");
    expect((await office.rollcall("destroy", "--yes")).code).toBe(4);
  });
});

describe("a ledger without any live object", () => {
  const both = async () => {
    await declareDesk("one");
    await declareDesk("two");
    await applied();
    for (const name of ["one", "two"]) office.emulator.portal.delete("Assistant", idOf(name));
  };

  test.each([[["apply", "--yes"]], [["destroy", "--yes"]], [["apply", "--yes", "--prune"]]])(
    "is treated as the ledger of another account: %s",
    async (args) => {
      await both();
      foreign("one");
      office.writes();
      const { code, stdout } = await office.rollcall(...args);
      expect(code, stdout).toBe(4);
      expect(stdout).toContain("none of the 2 objects in the ledger exists live");
      expect(stdout).toContain("--allow-mass-change");
      expect(office.writes()).toEqual([]);
    },
  );

  test("is reported by drift", async () => {
    await both();
    const { code, stdout } = await office.rollcall("drift");
    expect(code).toBe(2);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("None of the 2 objects in the ledger exists live");
  });

  test("is created again on request", async () => {
    await both();
    await applied("--allow-mass-change");
    expect(assistants()).toHaveLength(2);
  });

  test("counts an object and its children as one", async () => {
    await declareDesk();
    await declare("AssistantVersion", "next", {
      assistant: { ref: "Assistant/desk" },
      changes: { instructions: "Be new." },
    });
    await applied();
    office.emulator.portal.delete("Assistant", idOf("desk"));
    await applied();
    expect(assistants()).toHaveLength(1);
  });
});

describe("a renamed manifest with an unchanged object name", () => {
  const frontDesk = (name: string, more: JsonObject = {}) =>
    declare("Assistant", name, { name: "Front desk", model: MODEL, instructions: "Be brief." }, more);

  const renamed = async (more: JsonObject = {}) => {
    await frontDesk("desk");
    await applied();
    await rm(join(office.folder, "desk.yaml"));
    await frontDesk("front", more);
    office.writes();
  };

  test("is refused, because there would be two objects of one name", async () => {
    await renamed();
    const { code, stdout } = await office.rollcall("apply", "--yes");
    expect(code, stdout).toBe(4);
    const said = stdout.replaceAll(/\s+/g, " ");
    expect(said).toContain("Assistant/front: ambiguous");
    expect(said).toContain(
      "it has the name of Assistant/desk, which is no longer in the manifests and still live",
    );
    expect(said).toContain("lifecycle: { movedFrom: [Assistant/desk] }");
    expect(said).toContain("--prune");
    expect(office.writes()).toEqual([]);
    expect((await office.rollcall("apply", "--yes", "--target", "Assistant/front")).code).toBe(4);
  });

  test("moves with movedFrom", async () => {
    await renamed({ lifecycle: { movedFrom: ["Assistant/desk"] } });
    await applied();
    expect(office.writes()).toEqual([]);
  });

  test("is created with --prune, which deletes the old object", async () => {
    await renamed();
    const old = idOf("Front desk");
    await applied("--prune");
    expect(assistants()).toHaveLength(1);
    expect(idOf("Front desk")).not.toBe(old);
  });

  test("is refused if a foreign object has that name", async () => {
    await renamed();
    foreign("Front desk");
    const { code, stdout } = await office.rollcall("apply", "--yes");
    expect(code, stdout).toBe(4);
    expect(stdout).toContain("Assistant/desk, which is no longer in the manifests");
  });

  test("takes a name that becomes free in the same plan", async () => {
    await frontDesk("desk");
    await applied();
    await declareDesk();
    await frontDesk("front");
    await applied();
    expect(
      assistants()
        .map(({ main }) => main["name"])
        .sort(),
    ).toEqual(["Front desk", "desk"]);
  });
});

test.each([
  ["in another Unicode form", "Cafe\u0301 Acme"],
  ["with a trailing space", "Café Acme "],
])("a live object whose name is %s is matched, and no duplicate is created", async (_, live) => {
  const id = foreign(live);
  await declare("Assistant", "desk", { name: "Café Acme", model: MODEL, instructions: "FOREIGN" });
  const { stdout } = await office.rollcall("plan", "--format", "json");
  expect(JSON.parse(stdout).x_rollcall.changes).toMatchObject([{ action: "adopt", id }]);
});

describe("one parent that two manifests name in two ways", () => {
  const version = (assistant: JsonObject | string) => ({
    assistant,
    version_name: "next",
    changes: { greeting: "Hi." },
  });
  const rollout = (id: string) => [{ serve: { rollout: [{ version_id: id, weight: 5 }] } }];

  test.each(["AssistantVersion", "CanaryDeploy"])("cannot have two children of one %s", async (kind) => {
    const theirs = foreign();
    const made = office.emulator.portal.create("AssistantVersion", { assistant_id: theirs, greeting: "Hm." });
    const own = made.split("/").at(-1) ?? "";
    const under = (assistant: JsonObject | string): JsonObject =>
      kind === "AssistantVersion" ? version(assistant) : { assistant, rules: rollout(own) };
    await declare(kind, "one", under(theirs));
    await applied();
    await declare("Assistant", "desk", { model: MODEL, instructions: "FOREIGN" });
    await declare(kind, "two", under({ ref: "Assistant/desk" }));
    office.writes();
    const { code, stdout } = await office.rollcall("apply", "--yes", "--adopt");
    expect(code, stdout).toBe(4);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      `the live object of ${kind}/one, which has the same parent`,
    );
    expect(office.writes()).toEqual([]);
  });
});
