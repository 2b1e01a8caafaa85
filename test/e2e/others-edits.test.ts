import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringify, type JsonObject } from "../../src/model/json.ts";
import { desk, type Desk } from "./cli.ts";

let office: Desk;

beforeEach(async () => {
  office = await desk();
});

afterEach(() => office.close());

interface Declared {
  readonly kind: string;
  readonly name: string;
  readonly spec: JsonObject;
  readonly lifecycle?: JsonObject;
}

const DESK: Declared = { kind: "Assistant", name: "desk", spec: { instructions: "Be brief." } };

async function declare(...resources: readonly Declared[]): Promise<void> {
  const manifests = resources.map(({ name, ...rest }) =>
    stringify({ apiVersion: "rollcall.dev/v1", metadata: { name }, ...rest }, 2),
  );
  await writeFile(join(office.folder, "office.yaml"), manifests.join("\n---\n"));
}

async function applied(...resources: readonly Declared[]): Promise<void> {
  await declare(...resources);
  const { code, stderr } = await office.rollcall("apply", "--yes");
  expect(code, stderr).toBe(0);
}

function assistant(name = "desk") {
  const found = office.emulator.state().assistants.find(({ main }) => main["name"] === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe("an ignored field", () => {
  const lifecycle = { ignore: ["/greeting", "/tools"] };
  const tools = [{ type: "hangup", hangup: { description: "Ends the call." } }];

  test("is not overwritten when it is no longer ignored", async () => {
    await applied({ ...DESK, lifecycle });
    office.emulator.portal.edit("Assistant", assistant().id, { greeting: "Ours.", tools });
    expect((await office.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
    await applied({ ...DESK, lifecycle });
    await declare(DESK);
    expect((await office.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
    await applied(DESK);
    expect(assistant().main).toMatchObject({ greeting: "Ours.", tools });
  });

  test("is not cleared if it was declared before", async () => {
    await applied({ ...DESK, spec: { ...DESK.spec, greeting: "Hi." } });
    await applied({ ...DESK, lifecycle });
    expect(assistant().main["greeting"]).toBe("Hi.");
    await applied(DESK);
    expect(assistant().main["greeting"]).toBe("Hi.");
  });
});

describe("an object that a foreign object uses", () => {
  const ticket: Declared = {
    kind: "Tool",
    name: "ticket",
    spec: {
      display_name: "Ticket",
      type: "webhook",
      webhook: { name: "ticket", description: "Opens one.", url: "https://field.example/tickets" },
    },
  };
  const user: Declared = { ...DESK, spec: { ...DESK.spec, tool_ids: [{ ref: "Tool/ticket" }] } };

  test("is not pruned", async () => {
    await applied(user, ticket);
    const [tool] = office.emulator.state().tools;
    office.emulator.portal.create("Assistant", {
      name: "theirs",
      instructions: "x",
      tool_ids: [String(tool?.["id"])],
    });
    await declare(DESK);
    const { code, stdout } = await office.rollcall("plan", "--prune");
    expect(stdout).toMatch(
      /it would be deleted, but Assistant "theirs" \(\S+\), which is not in\s+the\s+manifests/,
    );
    expect(code).toBe(1);
    office.writes();
    expect((await office.rollcall("apply", "--prune", "--yes")).code).toBe(4);
    expect(office.writes()).toEqual([]);
  });

  test("is not destroyed with --target", async () => {
    await applied(user, ticket);
    office.writes();
    const { code, stdout } = await office.rollcall("destroy", "--target", "Tool/ticket", "--yes");
    expect(stdout).toContain("it would be deleted, but Assistant/desk will still refer to it");
    expect(code).toBe(4);
    expect(office.writes()).toEqual([]);
  });
});
