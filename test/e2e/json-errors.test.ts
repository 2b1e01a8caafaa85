/** With `--format json` an error is data, too, in the same form for every command. */
import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { publishedForm } from "../published-form.ts";
import { appliedDesk, KEY, runIn, type Desk, type Ran } from "./cli.ts";

const HEAD = "apiVersion: rollcall.dev/v1\n";
const assistant = (greeting: string) =>
  `${HEAD}kind: Assistant\nmetadata: { name: front }\nspec: { name: Front, instructions: Hi., greeting: ${greeting} }\n`;
const REFUSED = { kind: "status", status: 422, code: "10015", detail: "Not allowed" } as const;

let one: Desk;
beforeAll(async () => {
  one = await appliedDesk({ "a.yaml": assistant("Hello.") });
});
afterAll(() => one.close());

const form = publishedForm("error");

function errorIn({ stderr }: Ran) {
  const value = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "") as { readonly error: ErrorData };
  expect(form(value), stderr).toEqual([]);
  return value.error;
}

interface ErrorData {
  readonly message: string;
  readonly help?: string;
  readonly failure?: object;
  readonly diagnostics?: readonly { readonly code: string }[];
}

/** The part of the published form that a failed request has, in errors and in results. */
const ofFailure = new Ajv2020({ strict: false }).compile({
  ...(JSON.parse(readFileSync(join(import.meta.dirname, "../../schema/error.schema.json"), "utf8")) as object),
  required: [],
  properties: {},
  additionalProperties: true,
  $ref: "#/$defs/failure",
});

test.each([["plan"], ["apply", "--yes"], ["drift"], ["graph"], ["chat", "Assistant/front", "-m", "hi"]])(
  "%s: what is wrong with files is data, and standard output is empty",
  async (...words) => {
    const file = words[0] === "chat" ? "rollcall.yaml" : "b.yaml";
    await writeFile(join(one.folder, file), `${HEAD}kind: Nothing\n`);
    const ran = await one.rollcall(...words, "--format", "json");
    await rm(join(one.folder, file));
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(errorIn(ran).diagnostics?.length).toBeGreaterThan(0);
  },
);

test("a failed request has the same members in an error, a step of apply, a turn of chat and a test", async () => {
  await writeFile(join(one.folder, "a.yaml"), assistant("Good day."));
  one.emulator.inject({ match: { method: "POST" }, fault: REFUSED, times: "always" });
  const applied = JSON.parse((await one.rollcall("apply", "--yes", "--format", "json")).stdout) as {
    readonly failed: readonly { readonly failure: { readonly why: string } }[];
  };
  const { why, ...step } = applied.failed[0]?.failure ?? { why: "" };
  const chat = await one.rollcall("chat", "Assistant/front", "-m", "hi", "--format", "json");
  const { turns } = JSON.parse(chat.stdout) as { readonly turns: readonly { readonly failure: object }[] };
  const enhance = await one.rollcall("enhance", "Assistant/front", "--format", "json");
  one.emulator.clearFaults();
  expect(why).toBe("request");
  for (const failure of [step, turns[0]?.failure, errorIn(chat).failure, errorIn(enhance).failure]) {
    expect(ofFailure(failure), JSON.stringify(ofFailure.errors)).toBe(true);
    expect(failure).toMatchObject({ status: 422, code: "10015", request_id: expect.any(String) });
  }
});

test("a no to a question is an error without a result", async () => {
  const env = { TELNYX_BASE_URL: one.emulator.url, TELNYX_API_KEY: KEY };
  const numbers = ["--from", "+13125550100", "--to", "+13125550199"];
  const words = ["sms", "Assistant/front", ...numbers, "--format", "json"];
  const around = { isInteractive: true, stdin: Readable.from(["no\n"]) };
  const ran = await runIn(one.folder, env, words, around);
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(errorIn(ran).message).toBe("Cancelled. Nothing was sent.");
});

test.each([
  [["chat", "--format=json"], "missing required argument 'assistant'"],
  [["get", "-o", "json", "--nope"], "unknown option '--nope'"],
  [["plan", "--format", "json", "--env", "nowhere"], "nowhere"],
] as const)("%j: wrong usage is data", async (words, says) => {
  const ran = await one.rollcall(...words);
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(JSON.stringify(errorIn(ran))).toContain(says);
});

// A device that some systems do not have.
test.skipIf(!existsSync("/dev/full"))("a report that is lost is the last line, too", async () => {
  const words = ["chat", "Assistant/front", "-m", "hi", "--format", "json", "--report", "json=/dev/full"];
  const ran = await one.rollcall(...words);
  expect(ran.code).toBe(3);
  expect(errorIn(ran)).toMatchObject({
    message: "the report was not written to /dev/full: the disk is full",
    help: "the changes were made; only the report is incomplete",
  });
  expect(ran.stderr).toContain("To go on, run: ");
});

test("after --, and without JSON, errors are text", async () => {
  const { stderr } = await one.rollcall("get", "--nope", "--", "--format", "json");
  expect(stderr).toContain("error: unknown option '--nope'");
});
