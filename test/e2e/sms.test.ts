import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { WriteFaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const MANIFEST = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec:
  name: Front desk
  instructions: Answer.
  greeting: Hello from the desk.
  messaging_settings: { default_messaging_profile_id: profile-1 }
`;
const NUMBERS = ["--from", "+13125550100", "--to", "+13125550199"];

let office: Desk;
let id = "";

beforeAll(async () => {
  office = await appliedDesk({ "a.yaml": MANIFEST });
  id = office.emulator.state().assistants[0]?.id ?? "";
  office.emulator.portal.create("Assistant", { name: "Mute", instructions: "x" });
});
afterAll(() => office.close());

/** What has been sent since the test began. */
let before = 0;
const sent = () => office.emulator.state().sent.slice(before);
beforeEach(() => {
  before = office.emulator.state().sent.length;
  office.emulator.clearFaults();
  office.emulator.clearRequests();
});

const sms = (...args: readonly string[]) => office.rollcall("sms", ...args);

test.each([
  ["address", "Assistant/front"],
  ["name", "Front desk"],
])("an SMS with the %s of an assistant is sent once", async (_, name) => {
  const ran = await sms(name, ...NUMBERS, "--text", "Your table is booked.", "--yes");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toBe("Assistant/front sent an SMS from +13125550100 to +13125550199.\n");
  expect(sent()).toMatchObject([{ from: "+13125550100", to: "+13125550199", text: "Your table is booked." }]);
});

test("without a project, by its id; JSON with the conversation", async () => {
  const options = ["--new-conversation", "--metadata", "campaign=spring", "--format", "json", "--yes"];
  const ran = await runIn(office.emptyFolder, office.env, ["sms", id, ...NUMBERS, ...options]);
  expect(ran.code, ran.stderr).toBe(0);
  const result = JSON.parse(ran.stdout) as { conversation_id: string };
  expect(result).toMatchObject({ assistant: { address: null, id, name: "Front desk" }, to: "+13125550199" });
  const conversation = office.emulator.state().conversations.find((one) => one.id === result.conversation_id);
  expect(conversation?.metadata).toMatchObject({ campaign: "spring" });
  expect(sent()).toMatchObject([{ text: "Hello from the desk." }]);
});

describe("nothing is sent to the API", () => {
  test.each([
    [["--from", "13125550100", "--to", "+13125550199"], "--from is not a phone number in E.164 form"],
    [["--from", "+13125550100", "--to", "+1 312 555 0199"], "--to is not a phone number in E.164 form"],
    [["--from", "+13125550100", "--to", "+03125550199"], "--to is not a phone number in E.164 form"],
    [["--from", "+13125550100", "--to", "+13125550100"], "--from and --to are the same number"],
    [[...NUMBERS, "--text", " "], "--text is empty"],
    [["--from", "+13125550100"], "required option '--to <number>' not specified"],
  ])("for %j", async (options, message) => {
    const ran = await sms("Assistant/front", ...options, "--yes");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(message);
    expect(office.emulator.requests()).toEqual([]);
  });

  test("without a terminal and without --yes", async () => {
    const ran = await sms("Assistant/front", ...NUMBERS);
    expect(ran).toMatchObject({
      code: 1,
      stderr: "error: sms needs approval, and there is no terminal to ask on\nhelp: pass --yes\n",
    });
    expect(office.emulator.requests()).toEqual([]);
  });
});

test.each([
  ["yes\n", 0, 1],
  ["y\n", 1, 0],
  ["", 1, 0],
])("on a terminal it asks, and the answer %j ends with %d", async (answer, code, arrive) => {
  const stdin = Readable.from(answer === "" ? [] : [answer]);
  const options = ["sms", "Assistant/front", ...NUMBERS, "--text", "Hi \u001b[2J"];
  const ran = await runIn(office.folder, office.env, options, { isInteractive: true, stdin });
  expect(ran.stderr).toContain(
    'Assistant/front will send an SMS from +13125550100 to +13125550199: "Hi \\u001b[2J". It reaches a real phone.',
  );
  if (code === 1) expect(ran.stderr).toContain("Cancelled. Nothing was sent.");
  expect(ran.code).toBe(code);
  expect(sent()).toHaveLength(arrive);
});

test.each([
  ["Tool/front", "Tool/front is not an assistant"],
  ["Nobody", "there is no assistant with the address, id or name Nobody"],
  ["Mute", "has no messaging profile"],
])("nothing is sent for %s: %s", async (name, message) => {
  const ran = await sms(name, ...NUMBERS, "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(message);
  expect(sent()).toEqual([]);
});

const FAILURES: readonly WriteFaultCase[] = [
  {
    what: "a connection that breaks after the message was sent: the key makes a repetition safe",
    fault: { kind: "reset-after" },
    code: 0,
    effects: 1,
    requests: 2,
  },
  {
    what: "a connection that is cut in the middle of the answer",
    fault: { kind: "truncate" },
    code: 0,
    effects: 1,
    requests: 2,
  },
  {
    what: "a server that fails after the message was sent, and forgets the key",
    fault: { kind: "status", status: 503, applied: "forgotten" },
    code: 3,
    message:
      /error: the message may have been sent: .*answered 503[^\n]*\nhelp: before you send it again, look for a message to \+13125550199/,
    effects: 1,
    requests: 1,
  },
  {
    what: "a success without a body, which may be from another server",
    fault: { kind: "status", status: 200, body: "empty" },
    code: 3,
    message: /error: the message may have been sent: .*the answer holds no object/,
    effects: 0,
    requests: 1,
  },
];

test.each(FAILURES)("send: $what", async ({ fault, code, message, requests, effects }) => {
  office.emulator.inject({ match: { method: "POST" }, fault });
  const ran = await sms("Assistant/front", ...NUMBERS, "--yes");
  expect(ran.code, ran.stderr).toBe(code);
  if (message !== undefined) expect(ran.stderr).toMatch(message);
  expect(sent()).toHaveLength(effects);
  expect(office.emulator.requests().filter(({ method }) => method === "POST")).toHaveLength(requests);
});
