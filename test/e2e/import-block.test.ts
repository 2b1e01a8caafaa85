import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringify, type JsonObject } from "../../src/model/json.ts";
import { desk, type Desk, type Ran } from "./cli.ts";

let office: Desk;

beforeEach(async () => {
  office = await desk();
});

afterEach(() => office.close());

const SPEC = { name: "Front desk", model: "meta-llama/Llama-3.3-70B-Instruct", instructions: "Be brief." };

/** `lifecycle.import` stands at 5:13. */
async function declare(name: string, id?: string, spec: JsonObject = {}, kind = "Assistant"): Promise<void> {
  const lifecycle = id === undefined ? "" : `lifecycle:\n  import:   ${stringify(id)}\n`;
  const whole = kind === "Assistant" ? { ...SPEC, ...spec } : spec;
  const head = `apiVersion: rollcall.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\n`;
  await writeFile(join(office.folder, `${name}.yaml`), `${head}${lifecycle}spec: ${stringify(whole)}\n`);
}

const run = (...args: readonly string[]) => office.rollcall(...args);
const said = ({ stdout, stderr }: Ran) => `${stdout}\n${stderr}`.replaceAll(/\s+/g, " ");
const live = () => office.emulator.state().assistants.filter(({ deleted_at }) => deleted_at === null);
const theirs = (more: object = {}) => office.emulator.portal.create("Assistant", { ...SPEC, ...more });

async function done(...args: readonly string[]): Promise<readonly string[]> {
  office.writes();
  const ran = await run("apply", "--yes", ...args);
  expect(ran.code, said(ran)).toBe(0);
  return office.writes();
}

async function refused(...args: readonly string[]): Promise<string> {
  office.writes();
  const ran = await run("apply", "--yes", ...args);
  expect(ran.code, said(ran)).toBe(4);
  expect(office.writes()).toEqual([]);
  return said(ran);
}

describe("lifecycle.import", () => {
  test("adopts the named object, changes it, and may stay", async () => {
    const [id] = [theirs(), theirs()];
    await declare("desk", id, { instructions: "Be kind." });
    expect((await run("validate")).code).toBe(0);
    const plan = await run("plan");
    expect(plan.code).toBe(0);
    expect(said(plan)).toContain(`lifecycle.import names it: ${id}`);
    expect(said(plan)).toContain("1 to adopt");
    expect(await done()).toEqual([`POST /ai/assistants/${id}`]);
    expect(await done()).toEqual([]);
    expect((await run("drift")).code).toBe(0);
    await rm(join(office.folder, ".rollcall"), { recursive: true });
    expect(await done()).toEqual([]);
    expect(live()).toHaveLength(2);
  });

  test("gives two live objects of one name a manifest each", async () => {
    const [first, second] = [theirs(), theirs({ instructions: "Be kind." })];
    await declare("one", first);
    await declare("two", second, { instructions: "Be short." });
    expect(await done()).toEqual([`POST /ai/assistants/${second}`]);
    // The ledger ties them from now on.
    await declare("one");
    await declare("two", undefined, { instructions: "Be brief and short." });
    expect((await run("validate")).code).toBe(0);
    expect(await done()).toEqual([`POST /ai/assistants/${second}`]);
    expect((await run("drift")).code).toBe(0);
    await rm(join(office.folder, ".rollcall"), { recursive: true });
    expect(said(await run("plan"))).toContain("error[RC3006]");
  });

  test("and the import command have the same result", async () => {
    const [first, second] = [theirs(), theirs()];
    await declare("one");
    await declare("two");
    expect((await run("validate")).code).toBe(1);
    expect((await run("import", "Assistant/one", first)).code).toBe(0);
    expect((await run("plan")).code).toBe(1);
    expect((await run("import", "Assistant/two", second)).code).toBe(0);
    expect((await run("validate")).code).toBe(0);
    expect(await done()).toEqual([]);
  });

  test("is needed if several live objects have the name; the message lists their ids", async () => {
    const ids = [theirs(), theirs()];
    await declare("desk");
    const text = await refused();
    for (const id of ids) expect(text).toContain(id);
    expect(text).toContain("lifecycle: { import: <id> }");
  });

  test("does not change the other object of the name", async () => {
    const [first] = [theirs(), theirs({ instructions: "Mine." })];
    await declare("one", first);
    await done();
    office.emulator.portal.delete("Assistant", first);
    expect(await refused()).toContain(`one.yaml:5:13: there is no live Assistant with the id ${first}`);
    await declare("one");
    expect(await refused()).toContain("adopted with changes");
  });

  test("names an object that is not live", async () => {
    await declare("desk", "assistant-of-nobody");
    expect(await refused()).toContain(
      "desk.yaml:5:13: there is no live Assistant with the id assistant-of-nobody",
    );
    const plan = await run("plan", "--format", "json");
    expect(JSON.parse(plan.stdout).x_rollcall.refusals).toMatchObject([{ rule: "import" }]);
  });

  test("names an object of another kind", async () => {
    const id = theirs();
    const url = "https://a.example";
    await declare("crm", id, { name: "crm", type: "http", url }, "McpServer");
    const message = `crm.yaml:5:13: ${id} is the id of a live Assistant, not of a McpServer`;
    expect(await refused()).toContain(message);
    await declare("desk", undefined, { name: "Other" });
    expect(await refused()).toContain(message);
  });

  test("names an object of another type", async () => {
    const hangup = { display_name: "end", type: "hangup", hangup: { description: "Ends the call." } };
    const id = office.emulator.portal.create("Tool", hangup);
    const webhook = { name: "end", description: "d", url: "https://a.example" };
    await declare("end", id, { display_name: "end", type: "webhook", webhook }, "Tool");
    expect(await refused()).toContain(
      `end.yaml:5:13: ${id} has the type "hangup", and the manifest declares "webhook"`,
    );
  });

  test("cannot name a different object than the ledger", async () => {
    await declare("desk");
    await done();
    const [own] = live();
    const other = theirs({ name: "Other" });
    await declare("desk", other);
    expect(await refused()).toContain(
      `desk.yaml:5:13: Assistant/desk is ${own?.id} in the ledger, and lifecycle.import names ${other}`,
    );
    await declare("desk");
    await declare("two", own?.id, { name: "Two" });
    expect(await refused()).toContain(`two.yaml:5:13: ${own?.id} is already in the ledger as Assistant/desk`);
  });

  test("takes a version by the ids of the assistant and the version", async () => {
    const id = theirs();
    const spec = { assistant: id, version_name: "Next", changes: { greeting: "Hi." } };
    const version = { assistant_id: id, version_name: "Next", greeting: "Hello." };
    const own = office.emulator.portal.create("AssistantVersion", version);
    await declare("next", `${id}/${own.split("/").at(-1) ?? ""}`, spec, "AssistantVersion");
    expect(await done()).toHaveLength(1);
    await declare("next", `${theirs()}/${own.split("/").at(-1) ?? ""}`, spec, "AssistantVersion");
    expect(await refused()).toContain("next.yaml:5:13: ");
  });

  test("may contain a variable", async () => {
    const id = theirs();
    await declare("desk", "${var.desk_id}", { instructions: "Be kind." });
    expect(await done("--var", `desk_id=${id}`)).toEqual([`POST /ai/assistants/${id}`]);
  });
});
