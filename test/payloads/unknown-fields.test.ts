import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { desked, payloadDesk, type PayloadDesk } from "./project.ts";

let office: PayloadDesk;

beforeEach(async () => {
  office = await payloadDesk();
});

afterEach(() => office.close());

describe("a field that Rollcall does not know", () => {
  const fields = {
    privacy_settings: { data_retention: true, pii_redaction: { enabled: true, kinds: ["name", "phone"] } },
    telephony_settings: { send_conversation_message_events: true },
  };

  test("is sent unchanged, and is in sync if Telnyx keeps it", async () => {
    await office.applied(desked(fields));
    expect(office.assistant().main).toMatchObject(fields);
    expect((await office.planned()).code).toBe(0);
    expect((await office.rollcall("drift")).code).toBe(0);
  });

  test("is compared like other fields: changes are restored", async () => {
    await office.applied(desked(fields));
    const telephony_settings = { send_conversation_message_events: false };
    office.emulator.portal.edit("Assistant", office.assistant().id, { telephony_settings });
    const drift = await office.rollcall("drift");
    expect(drift.code).toBe(2);
    expect(drift.stdout).toContain("telephony_settings.send_conversation_message_events");
    await office.applied(desked(fields));
    expect(office.assistant().main).toMatchObject(fields);
  });

  test("that Telnyx drops makes apply fail, with the field named", async () => {
    await office.declare(desked({ listening_profile: { mode: "focused" } }));
    const { code, stdout, stderr } = await office.rollcall("apply", "--yes");
    expect(code).toBe(3);
    expect(stdout + stderr).toContain("listening_profile");
    expect(stdout + stderr).toContain("did not keep");
  });

  test.each([
    [[], 0, "warning[RC2017]"],
    [["--strict"], 1, "error[RC2017]"],
  ])("is reported by validate %j with exit code %i", async (options, code, said) => {
    await office.declare(desked(fields));
    const result = await office.rollcall("validate", ...options);
    expect(result.code).toBe(code);
    expect(result.stdout).toContain(said);
  });
});

test.each([
  ["McpServer", { type: "http", url: "https://mcp.acme.example", region: "eu" }, "POST /v2/ai/mcp_servers"],
  ["Tool", { type: "hangup", hangup: { ask_first: true } }, "POST /v2/ai/tools"],
])("%s: an unknown field is sent", async (kind, spec, write) => {
  await office.declare({ kind, name: "one", spec });
  await office.rollcall("apply", "--yes");
  const sent = office.emulator
    .requests()
    .filter(({ method, path }) => `${method} ${path}`.includes(write.replace("/v2", "")));
  expect(sent.map(({ body }) => body)).toEqual([expect.objectContaining(spec)]);
});

test("an avatar and a vision tool are known", async () => {
  const spec = { avatar_settings: { model: "studio", provider: "telnyx" }, tools: [{ type: "vision" }] };
  await office.applied(desked(spec));
  expect((await office.rollcall("validate", "--strict")).code).toBe(0);
  expect((await office.planned()).code).toBe(0);
  expect(office.assistant().main).toMatchObject(spec);
});
