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

describe("a field that is left to others", () => {
  const lifecycle = { ignore: ["/greeting", "/tools"] };
  const tools = [{ type: "hangup", hangup: { description: "Ends the call." } }];

  test("stays theirs when it is no longer ignored", async () => {
    await applied({ ...DESK, lifecycle });
    office.emulator.portal.edit("Assistant", assistant().id, { greeting: "Ours.", tools });
    expect((await office.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
    await applied({ ...DESK, lifecycle });
    await declare(DESK);
    expect((await office.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
    await applied(DESK);
    expect(assistant().main).toMatchObject({ greeting: "Ours.", tools });
  });

  test("is not cleared when it was declared before", async () => {
    await applied({ ...DESK, spec: { ...DESK.spec, greeting: "Hi." } });
    await applied({ ...DESK, lifecycle });
    expect(assistant().main["greeting"]).toBe("Hi.");
    await applied(DESK);
    expect(assistant().main["greeting"]).toBe("Hi.");
  });
});
