import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { runtime } from "../../src/host/runtime.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { httpTo } from "../pull/http.ts";
import type { WriteFaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const MANIFEST = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front }
spec:
  name: Front desk
  instructions: Answer.
`;
const NUMBERS = ["--from", "+13125550100", "--to", "+13125550199"];
const ZONE = ["--time-zone", "Europe/Berlin"];
const CALL = ["--channel", "phone_call", "--at", "2045-12-01T09:30", ...ZONE, ...NUMBERS];
const SMS = ["--channel", "sms_chat", "--at", "2045-07-01T07:30:00Z", ...ZONE, ...NUMBERS, "--text", "Hi"];

let office: Desk;
let id = "";

beforeAll(async () => {
  office = await appliedDesk({ "a.yaml": MANIFEST });
  id = office.emulator.state().assistants[0]?.id ?? "";
});
afterAll(() => office.close());

const scheduled = () => office.emulator.state().scheduled_events as readonly JsonObject[];
const requests = (method: string) => office.emulator.requests().filter((one) => one.method === method);
const events = (verb: string, ...args: readonly string[]) =>
  office.rollcall("events", verb, "Assistant/front", ...args);
const idOf = (event: JsonObject | undefined) => String(event?.["scheduled_event_id"]);
/** An event that was just made. */
async function made(options: readonly string[] = CALL): Promise<string> {
  const known = new Set(scheduled().map(idOf));
  const ran = await events("create", ...options, "--yes");
  expect(ran.code, ran.stderr).toBe(0);
  office.emulator.clearRequests();
  return idOf(scheduled().find((event) => !known.has(idOf(event))));
}

beforeEach(async () => {
  office.emulator.clearFaults();
  for (const event of scheduled()) await events("delete", idOf(event), "--yes");
  office.emulator.clearRequests();
});

describe("create", () => {
  test("schedules a call once, and shows the time, the zone and UTC", async () => {
    const options = ["--variable", "name=Ada", "--metadata", "campaign=spring", "--sip-region", "Europe"];
    const ran = await events(
      "create",
      ...CALL,
      ...options,
      "--retries",
      "2",
      "--retry-interval",
      "2m",
      "--yes",
    );
    const [event, ...others] = scheduled();
    expect(others).toEqual([]);
    const when = "2045-12-01 09:30 +01:00 (Europe/Berlin; 2045-12-01T08:30:00.000Z)";
    expect(ran).toEqual({
      code: 0,
      stderr: `Assistant/front will make a phone call from +13125550100 to +13125550199 at ${when}, and again up to 2 times after 120 s each if it is not answered, with {"name":"Ada"}. It reaches a real person.\n`,
      stdout: `Scheduled a phone call from +13125550100 to +13125550199 at ${when}: event ${idOf(event)} of Assistant/front.\n`,
    });
    expect(event).toMatchObject({
      scheduled_at_fixed_datetime: "2045-12-01T08:30:00.000Z",
      dynamic_variables: { name: "Ada" },
      conversation_metadata: { campaign: "spring" },
      call_settings: { sip_region: "Europe" },
      max_retries_client_errors: 2,
      retry_interval_secs: 120,
      status: "pending",
    });
  });

  test("schedules an SMS without a project; JSON has the event of the API", async () => {
    const ran = await runIn(office.emptyFolder, office.env, [
      "events",
      "create",
      id,
      ...SMS,
      "--yes",
      "--format",
      "json",
    ]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      assistant: { address: null, id, name: "Front desk" },
      event: { telnyx_conversation_channel: "sms_chat", text: "Hi", status: "pending" },
    });
    expect(scheduled()).toHaveLength(1);
  });

  test.each([
    [["--from", "13125550100"], "--from is not a phone number in E.164 form"],
    [["--to", "+1 312 555 0199"], "--to is not a phone number in E.164 form"],
    [["--to", "+13125550100"], "--from and --to are the same"],
    [["--at", "2020-01-01T09:30"], "--at is in the past: 2020-01-01T08:30:00.000Z"],
    [["--at", "2045-03-26T02:30"], "--at: 2045-03-26T02:30 does not exist in Europe/Berlin"],
    [["--at", "2045-10-29T02:30"], "write 2045-10-29T02:30:00+02:00 or 2045-10-29T02:30:00+01:00"],
    [["--at", "noon"], '--at: "noon" is not a time such as'],
    [
      ["--time-zone", "Mars/Olympus"],
      "--time-zone is not a time zone such as Europe/Berlin or UTC: Mars/Olympus",
    ],
    [["--text", "Hi"], "--text is for SMS"],
    [["--retries", "11"], "--retries is at most 10"],
    [["--retry-interval", "59s"], "--retry-interval is between 1 minute and 24 hours"],
    [["--sip-region", "Mars"], "Allowed choices are US, Europe"],
    [["--channel", "sms_chat"], "an SMS needs --text"],
    [["--channel", "sms_chat", "--text", " "], "--text is empty"],
    [["--channel", "sms_chat", "--text", "x", "--retries", "1"], "--retries is for phone calls"],
    [["--channel", "sms_chat", "--text", "x", "--to", "sip:a@b.c"], "--to is not a phone number in E.164 form"],
    [["--channel", "fax"], "Allowed choices are phone_call, sms_chat"],
  ])("with %j sends nothing: %s", async (options, message) => {
    const ran = await events("create", ...CALL, ...options, "--yes");
    expect(ran.stderr).toContain(message);
    expect(ran.code).toBe(1);
    expect(office.emulator.requests()).toEqual([]);
  });

  test("a call can go to a SIP address", async () => {
    await made([...CALL, "--to", "sip:ada@example.com"]);
    expect(scheduled()).toMatchObject([{ telnyx_end_user_target: "sip:ada@example.com" }]);
  });
});

test("an event whose time passes while the question is asked is not scheduled", async () => {
  let time = Date.parse("2045-12-01T08:29:59Z");
  const stdin = new Readable({
    read() {
      time += 2000;
      this.push("yes\n");
      this.push(null);
    },
  });
  const around = { isInteractive: true, stdin, runtime: { ...runtime, now: () => new Date(time) } };
  const ran = await runIn(office.folder, office.env, ["events", "create", "Assistant/front", ...CALL], around);
  expect(ran.stderr).toContain("error: --at is in the past: 2045-12-01T08:30:00.000Z");
  expect(ran.code).toBe(1);
  expect(scheduled()).toEqual([]);
});

test.each(["create", "delete"])("%s without a terminal needs --yes, and sends nothing", async (verb) => {
  const ran = await events(verb, ...(verb === "create" ? CALL : ["some-id"]));
  expect(ran).toMatchObject({
    code: 1,
    stderr: `error: events ${verb} needs approval, and there is no terminal to ask on\nhelp: pass --yes\n`,
  });
  expect(office.emulator.requests()).toEqual([]);
});

test.each([
  ["yes\n", 0, 1],
  ["y\n", 1, 0],
  ["", 1, 0],
])("on a terminal, create asks, and the answer %j ends with %d", async (answer, code, count) => {
  const stdin = Readable.from(answer === "" ? [] : [answer]);
  const args = ["events", "create", "Assistant/front", ...SMS, "--text", "Hi \u001b[2J"];
  const ran = await runIn(office.folder, office.env, args, { isInteractive: true, stdin });
  expect(ran.stderr).toContain(
    'an SMS from +13125550100 to +13125550199: "Hi \\u001b[2J" at 2045-07-01 09:30 +02:00',
  );
  if (code === 1) expect(ran.stderr).toContain("Cancelled. Nothing was scheduled.");
  expect(ran.code).toBe(code);
  expect(scheduled()).toHaveLength(count);
});

describe("list and get", () => {
  const listed = async (...options: readonly string[]) => {
    const ran = await events("list", ...options, "--format", "json");
    expect(ran.code, ran.stderr).toBe(0);
    return (JSON.parse(ran.stdout) as { events: readonly JsonObject[] }).events.map(idOf);
  };

  test("show the events in order of time, in the time zone", async () => {
    const call = await made();
    const sms = await made(SMS);
    const ran = await events("list", ...ZONE);
    expect(ran.stderr).toBe("Times are in Europe/Berlin.\n");
    const rows = ran.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(rows).toEqual([
      ["ID", "TIME", "CHANNEL", "STATUS", "FROM", "TO", "TEXT"],
      [sms, "2045-07-01 09:30 +02:00", "sms_chat", "pending", "+13125550100", "+13125550199", "Hi"],
      [call, "2045-12-01 09:30 +01:00", "phone_call", "pending", "+13125550100", "+13125550199", "–"],
    ]);
    const one = await events("get", sms, ...ZONE);
    expect(one.stdout).toMatch(
      /^Event +\S+\nTime +2045-07-01 09:30 \+02:00 \(Europe\/Berlin\)\nChannel +sms_chat\n/,
    );
    const none = await events("list", "--status", "failed");
    expect(none).toEqual({ code: 0, stdout: "", stderr: "No scheduled events found.\n" });
  });

  test("a time of the API without an offset is in UTC", async () => {
    const body = {
      telnyx_conversation_channel: "phone_call",
      scheduled_at_fixed_datetime: "2045-12-01T08:30:00",
      telnyx_agent_target: "+13125550100",
      telnyx_end_user_target: "+13125550199",
    };
    const event = await httpTo(office.emulator.url).post(`/ai/assistants/${id}/scheduled_events`, body);
    for (const ran of [await events("list", ...ZONE), await events("get", idOf(event), ...ZONE)])
      expect(ran.stdout).toContain("2045-12-01 09:30 +01:00");
  });

  test("where the time zone of the machine is not known, times are in UTC, and a day needs --time-zone", async () => {
    const around = { env: { ...office.env, TZ: "CET-1CEST" } };
    const list = (...options: readonly string[]) =>
      runIn(office.folder, office.env, ["events", "list", "Assistant/front", ...options], around);
    await made();
    vi.stubEnv("TZ", around.env.TZ);
    onTestFinished(() => void vi.unstubAllEnvs());
    const ran = await list("--from-date", "2045-01-01T00:00Z");
    expect(ran.stderr).toBe("Times are in UTC.\n");
    expect(await list("--from-date", "2045-01-01")).toMatchObject({
      code: 1,
      stderr:
        'error: --from-date: "2045-01-01" has no offset, and the time zone of this machine is not known\nhelp: pass --time-zone\n',
    });
  });

  test("filter by channel, dates and status", async () => {
    const call = await made();
    const sms = await made(SMS);
    expect(await listed("--channel", "sms_chat")).toEqual([sms]);
    expect(await listed("--from-date", "2045-07-02", ...ZONE)).toEqual([call]);
    expect(await listed("--to-date", "2045-07-01", ...ZONE)).toEqual([sms]);
    expect(await listed("--to-date", "2045-07-01T09:29", ...ZONE)).toEqual([]);
    expect(await listed("--status", "pending")).toEqual([sms, call]);
    expect(await listed("--status", "completed")).toEqual([]);
    const ran = await events("list", "--from-date", "2045-07-02", "--to-date", "2045-07-01");
    expect(ran).toMatchObject({ code: 1, stderr: "error: --from-date is later than --to-date\n" });
  });

  test("read all pages", async () => {
    const body = {
      telnyx_conversation_channel: "sms_chat",
      scheduled_at_fixed_datetime: "2045-07-01T07:30:00Z",
      telnyx_agent_target: "+13125550100",
      telnyx_end_user_target: "+13125550199",
      text: "x",
    };
    const { post } = httpTo(office.emulator.url);
    const path = `/ai/assistants/${id}/scheduled_events`;
    for (let count = 0; count < 101; count += 1) await post(path, body);
    expect(await listed()).toHaveLength(101);
  });
});

describe("delete", () => {
  test("cancels a pending event", async () => {
    const event = await made();
    const ran = await events("delete", event, "--yes", ...ZONE);
    expect(ran).toMatchObject({
      code: 0,
      stdout: `Cancelled event ${event}: a phone call from +13125550100 to +13125550199 at 2045-12-01 09:30 +01:00 (Europe/Berlin).\n`,
    });
    expect(scheduled()).toEqual([]);
  });

  test("asks, and says what happens to the event", async () => {
    const event = await made();
    const around = { isInteractive: true, stdin: Readable.from(["no\n"]) };
    const ran = await runIn(office.folder, office.env, ["events", "delete", "Assistant/front", event], around);
    expect(ran.stderr).toContain("The pending event will be cancelled: a phone call from +13125550100");
    expect(ran.stderr).toContain("Cancelled. Nothing was deleted.");
    expect(ran.code).toBe(1);
    expect(scheduled()).toHaveLength(1);
  });

  test("an event that does not exist is an error", async () => {
    for (const verb of ["get", "delete"]) {
      const impossible = await events(verb, "..", ...(verb === "delete" ? ["--yes"] : []));
      expect(impossible.stderr).toContain("error: Assistant/front has no scheduled event ..\n");
      const ran = await events(verb, "nothing", ...(verb === "delete" ? ["--yes"] : []));
      expect(ran).toMatchObject({
        code: 1,
        stderr:
          "error: Assistant/front has no scheduled event nothing\nhelp: to see its events, run: rollcall events list Assistant/front; an event is found only under its own assistant\n",
      });
    }
    expect(requests("DELETE")).toEqual([]);
  });

  test("an event whose status changes during the question is kept", async () => {
    const event = await made();
    const stdin = new Readable({
      read() {
        office.emulator.advance(30 * 365 * 86_400_000);
        this.push("yes\n");
        this.push(null);
      },
    });
    // Read once before the question: the clock of the emulator moves when the answer is read.
    const args = ["events", "delete", "Assistant/front", event];
    const ran = await runIn(office.folder, office.env, args, { isInteractive: true, stdin });
    expect(ran.stderr).toContain("error: nothing was deleted: the event was pending and is completed now");
    expect(ran.code).toBe(1);
    expect(requests("DELETE")).toEqual([]);
    const removed = await events("delete", event, "--yes");
    expect(removed.stdout).toContain(`Removed the record of event ${event}: `);
  });
});

const FAILURES: readonly WriteFaultCase[] = [
  {
    what: "a connection that breaks after the event was made: the key makes a repetition safe",
    fault: { kind: "reset-after" },
    code: 0,
    effects: 1,
    requests: 2,
  },
  {
    what: "a server that fails after the event was made, and forgets the key",
    fault: { kind: "status", status: 503, applied: "forgotten" },
    code: 3,
    message:
      /error: the event may have been scheduled: .*answered 503[^\n]*\nhelp: before you schedule it again, run: rollcall events list Assistant\/front/,
    effects: 1,
    requests: 1,
  },
];

test.each(FAILURES)("create: $what", async ({ fault, code, message, requests: sent, effects }) => {
  office.emulator.inject({ match: { method: "POST" }, fault });
  const ran = await events("create", ...CALL, "--yes");
  expect(ran.code, ran.stderr).toBe(code);
  if (message !== undefined) expect(ran.stderr).toMatch(message);
  expect(scheduled()).toHaveLength(effects);
  expect(requests("POST")).toHaveLength(sent);
});

test.each([
  ["a rejected key", { kind: "status", status: 401 }, 1, 1],
  ["a connection that breaks after the event was deleted", { kind: "reset-after" }, 0, 0],
  ["a server that fails before the event was deleted", { kind: "status", status: 503 }, 0, 0],
] as const)("delete: %s", async (_, fault, code, left) => {
  const event = await made();
  office.emulator.inject({ match: { method: "DELETE" }, fault });
  const ran = await events("delete", event, "--yes");
  expect(ran.code, ran.stderr).toBe(code);
  expect(scheduled()).toHaveLength(left);
});

test.each([
  ["once", 1, 0, 0],
  ["always", "always", 3, 1],
] as const)(
  "delete: where the API answers %s that there is no such event, only a read decides",
  async (_, times, code, left) => {
    const event = await made();
    office.emulator.inject({ match: { method: "DELETE" }, times, fault: { kind: "status", status: 404 } });
    const ran = await events("delete", event, "--yes");
    expect(ran.code, ran.stderr).toBe(code);
    if (code === 3)
      expect(ran.stderr).toContain(
        "the event may have been deleted: the API still shows it after its deletion",
      );
    expect(scheduled()).toHaveLength(left);
  },
);

test.each(["list", "get"])("%s: errors of the API are shown", async (verb) => {
  const event = await made();
  office.emulator.inject({ match: { path: /scheduled_events/ }, fault: { kind: "status", status: 401 } });
  const ran = await events(verb, ...(verb === "get" ? [event] : []));
  expect(ran.stderr).toMatch(/GET \/ai\/assistants\/\S+\/scheduled_events\S* answered 401/);
  expect(ran.code).toBe(1);
});
