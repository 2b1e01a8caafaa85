import { describe, expect, test } from "vitest";
import { credentialsIn, masked } from "../diagnostics/credentials/find.ts";
import { plainValue } from "../read/scalar.ts";
import { listed, mistyped, nearest } from "../../model/suggest.ts";
import { alternatives, labelled, shown } from "../diagnostics/shown.ts";

describe("plain text of YAML 1.2", () => {
  test.each([
    ["", null],
    ["~", null],
    ["null", null],
    ["NULL", null],
    ["true", true],
    ["False", false],
    ["yes", "yes"],
    ["no", "no"],
    ["On", "On"],
    ["nulls", "nulls"],
    ["0", 0],
    ["-0", 0],
    ["+12", 12],
    ["007", 7],
    ["0o17", 15],
    ["0x1F", 31],
    ["0b11", "0b11"],
    ["1_000", "1_000"],
    ["1e3", 1000],
    [".5", 0.5],
    ["5.", 5],
    ["-.5E-1", -0.05],
    ["1.2.3", "1.2.3"],
    ["2024-01-01", "2024-01-01"],
    ["12:30:45", "12:30:45"],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["-9007199254740993", -9007199254740993n],
    ["0xFFFFFFFFFFFFFFFF", 18446744073709551615n],
    ["1.5x", "1.5x"],
    ["+", "+"],
    [".", "."],
  ])("%s", (text, value) => {
    expect(plainValue(text)).toEqual({ value });
  });

  test.each([".inf", "-.INF", ".NaN", "1e400", "9".repeat(1001)])("%s is not a JSON number", (text) => {
    expect(plainValue(text)).toHaveProperty("problem");
  });
});

describe("suggestions", () => {
  const fields = ["greeting", "instructions", "voice_settings", "timeout_ms", "tools", "tool_ids", "type"];
  test.each([
    ["greting", "greeting"],
    ["greetign", "greeting"],
    ["Greeting", "greeting"],
    ["voice-settings", "voice_settings"],
    ["voiceSettings", "voice_settings"],
    ["timeout", "timeout_ms"],
    ["tool", "tools"],
    ["tpye", "type"],
    ["xyz", undefined],
    ["greeting", undefined],
    ["", undefined],
    ["instructionsinstructionsinstructions", undefined],
    ["x".repeat(101), undefined],
  ])("%j: %j", (text, meant) => {
    expect(nearest(text, fields)).toBe(meant);
  });

  test("the nearest name, and the first of equally near names", () => {
    expect(nearest("abcd", ["abxx", "abcx", "abcy"])).toBe("abcx");
  });
});

describe("credentials", () => {
  test.each([
    ["KEY0123456789ABCDEF0123456789ABCDEF_abcdefghijklmnopqrstuv", "a Telnyx API key"],
    ["use sk-proj-Abc123def456ghi789jkl", "a secret key"],
    ["Authorization: Bearer abc123def456ghi789", "a bearer token"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.abcdefghijkl", "a signed token"],
    ["-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "a private key"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"],
    ["postgres://user:hunter2@db.acme.example/x", "a password in a URL"],
    ["https://:hunter2@acme.example", "a password in a URL"],
    [`ghp_${"a1".repeat(18)}`, "a GitHub token"],
    ["xoxb-123456789012-abcdef", "a Slack token"],
    ["AKIAABCDEFGHIJKLMNOP", "an AWS access key"],
    [`AIza${"a".repeat(35)}`, "a Google credential"],
  ])("%s", (text, name) => {
    expect(credentialsIn(text).map((found) => found.name)).toEqual([name]);
    expect(credentialsIn(masked(text))).toEqual([]);
    expect(masked(text)).toHaveLength(text.length);
  });

  test.each([
    "the KEYBOARD of the KEYNOTE speaker",
    "sk-learn and task-lists-of-the-year-2024-edition",
    "the bearer of this letter, bearer authentication is used",
    "Bearer {{#integration_secret}}crm{{/integration_secret}}",
    "https://acme.example:8080/path@here?a:b@c",
    "https://{{user}}:{{password}}@acme.example",
    "sip:desk@acme.example",
    "https://user:***@acme.example",
    "assistant-0b0e6a5e-1111-2222-3333-444455556666",
    "",
  ])("%s is none", (text) => {
    expect(credentialsIn(text)).toEqual([]);
  });

  test("only the secret part is redacted", () => {
    expect(masked("see https://user:hunter2@acme.example/x")).toBe("see https://user:*******@acme.example/x");
  });
});

describe("how values are shown", () => {
  test.each([
    [undefined, "nothing"],
    [null, "null"],
    ["a\nb", '"a\\nb"'],
    ["x".repeat(80), `"${"x".repeat(59)}…"`],
    ["😀".repeat(80), `"${"😀".repeat(59)}…"`],
    [12n, "12"],
    [[], "an empty list"],
    [[1, 2], "a list of 2"],
    [{}, "a mapping"],
    ["sk-abcdefghij0123456789", `"${"*".repeat(23)}"`],
  ])("%o", (value, text) => {
    expect(shown(value)).toBe(text);
  });

  test("lists and paths", () => {
    expect(alternatives(["a"])).toBe("a");
    expect(alternatives(["a", "b", "c"])).toBe("a, b or c");
    expect(listed(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
    expect(listed(["a", "b", "c"], 2)).toBe("a, b, c");
    expect(labelled("Thing.spec", ["parts", "0", "a b", "c-d"])).toBe('Thing.spec.parts[0]["a b"].c-d');
  });
});

describe("a value of an open list", () => {
  const known = ["deepgram/nova-3", "soniox/stt-rt-v5", "webhook", "send_dtmf", "http", "sse", "vf_2_0_l"];

  test.each([
    ["webhok", "webhook"],
    ["wehbook", "webhook"],
    ["Webhook", "webhook"],
    ["webhooks", "webhook"],
    ["send-dtmf", "send_dtmf"],
    ["sendDtmf", "send_dtmf"],
    ["deepgram/nova3", "deepgram/nova-3"],
    ["deepgrm/nova-3", "deepgram/nova-3"],
    ["https", "http"],
    ["HTTP", "http"],
  ])("%s is a typo", (text, meant) => {
    expect(mistyped(text, known)).toBe(meant);
  });

  test.each([
    "deepgram/nova-4",
    "deepgram/nova-33",
    "soniox/stt-rt-v6",
    "vf_2_1_l",
    "vision",
    "streamable_http",
    "wss",
  ])("%s may be a new value", (text) => {
    expect(mistyped(text, known)).toBeUndefined();
  });
});
