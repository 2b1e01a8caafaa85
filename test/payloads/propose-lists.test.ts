import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { desked, payloadDesk, type PayloadDesk } from "./project.ts";

let office: PayloadDesk;

beforeEach(async () => {
  office = await payloadDesk();
});

afterEach(() => office.close());

const hangup = { type: "hangup", hangup: { description: "Ends the call." } };
const skip = { type: "skip_turn", skip_turn: { description: "Waits." } };
// A tool whose type is a slip of one that is known: no manifest may hold it.
const refused = { type: "webhok", webhok: { to: "x" } };

async function proposed(tools: readonly JsonObject[]) {
  await office.applied(desked({ greeting: "Hi.", tools: [hangup] }));
  const before = await readFile(join(office.folder, "office.yaml"), "utf8");
  office.emulator.portal.edit("Assistant", office.assistant().id, { greeting: "Hello.", tools });
  const { code, stdout, stderr } = await office.rollcall("drift", "--propose");
  return {
    code,
    text: stdout + stderr,
    before,
    after: await readFile(join(office.folder, "office.yaml"), "utf8"),
  };
}

test("a list with an element that manifests cannot have is not adopted, with the reason; other values are", async () => {
  const { text, before, after } = await proposed([skip, refused]);
  expect(after).toBe(before.replace("Hi.", "Hello."));
  expect(text).toContain("webhok");
  expect(text).toMatch(/tools\[hangup\]/);
  expect(text).toMatch(/tools\[skip_turn\]/);
});

test("a list of valid elements is adopted completely", async () => {
  const { after } = await proposed([skip]);
  expect(after).toContain("skip_turn");
  expect(after).not.toContain("hangup");
  expect((await office.planned()).code).toBe(0);
});
