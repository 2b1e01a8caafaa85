import { expect, test } from "vitest";
import { changed, checkOf, errorAt, type Mistake } from "../../../../../test/specification/check.ts";
import { schema } from "./schema.ts";

const check = checkOf(schema);

const crm = { name: "crm", type: "http", url: "https://mcp.acme.example/crm", api_key_ref: "crm-key" };

test("a server needs a type and a URL, and accepts unknown types", () => {
  expect(check(crm)).toEqual([]);
  expect(check({ type: "sse", url: crm.url })).toEqual([]);
  expect(check(changed(crm, "/type", "carrier-pigeon"))).toEqual([]);
});

test.each<Mistake>([
  ["no type", "/type", undefined, "^required"],
  ["no address", "/url", undefined, "^required"],
  ["a tool that is not a list", "/allowed_tools", "lookup", "type"],
  ["a tool name that is not a string", "/allowed_tools", [1], "/0 type"],
  ["a plain-text key", "/api_key", "x", "^additionalProperties"],
  ["an id", "/id", "x", "^additionalProperties"],
])("a server is rejected for %s", (_, at, value, error) => {
  expect(check(changed(crm, at, value))).toEqual([errorAt(at, error)]);
});
