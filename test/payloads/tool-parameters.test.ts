import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { desked, payloadDesk, type PayloadDesk } from "./project.ts";

let office: PayloadDesk;

beforeEach(async () => {
  office = await payloadDesk();
});

afterEach(() => office.close());

const KEYWORDS = {
  description: "Where to go.",
  additionalProperties: false,
  anyOf: [{ required: ["page"] }, { required: ["at"] }],
  $defs: { page: { type: ["string", "null"], enum: ["home", null], default: null } },
};
const PROPERTIES = { page: { $ref: "#/$defs/page" }, at: { type: "string", format: "date-time" } };

function shown(keywords: JsonObject, timeout_ms?: number) {
  const parameters = { type: "object", properties: PROPERTIES, ...keywords };
  const names = { description: "Shows.", url: "https://api.acme.example/show" };
  const webhook = { name: "look", ...names, body_parameters: parameters, ...(timeout_ms && { timeout_ms }) };
  return desked({
    tools: [
      { type: "client_side_tool", client_side_tool: { name: "show", description: "Shows.", parameters } },
      { type: "webhook", webhook },
    ],
  });
}

function parametersLive(): readonly unknown[] {
  const tools = office.assistant().main["tools"] as readonly Readonly<Record<string, JsonObject>>[];
  return tools.map((tool) => tool["client_side_tool"]?.["parameters"] ?? tool["webhook"]?.["body_parameters"]);
}

test("every JSON Schema keyword is sent unchanged, with nulls and empty schemas, and is in sync", async () => {
  const keywords = { ...KEYWORDS, additionalProperties: {} };
  await office.applied(shown(keywords));
  const expected = expect.objectContaining(keywords);
  expect(parametersLive()).toEqual([expected, expected]);
  expect((await office.planned()).code).toBe(0);
});

test("a keyword that is removed from the manifest is removed from the tool", async () => {
  await office.applied(shown(KEYWORDS));
  await office.applied(shown({}));
  for (const parameters of parametersLive()) expect(parameters).not.toHaveProperty("additionalProperties");
  expect((await office.planned()).code).toBe(0);
});

test("a webhook timeout above the old limit is stored, with a warning", async () => {
  await office.applied(shown({}, 30_000));
  expect((await office.planned()).code).toBe(0);
  const { code, stdout } = await office.rollcall("validate");
  expect(code).toBe(0);
  expect(stdout).toContain("warning[RC2018]");
  expect(stdout).toContain("set `timeout_ms` of the tool, next to `type`");
});
