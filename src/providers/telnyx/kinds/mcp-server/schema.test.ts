import { expect, test } from "vitest";
import { changed, checkOf, errorAt, type Mistake } from "../../../../../test/specification/check.ts";
import { schema } from "./schema.ts";

const check = checkOf(schema);

const crm = { name: "crm", type: "http", url: "https://mcp.acme.example/crm", api_key_ref: "crm-key" };

test("a server needs a type and an address, and takes types that are new", () => {
  expect(check(crm)).toEqual([]);
  expect(check({ type: "sse", url: crm.url })).toEqual([]);
  expect(check(changed(crm, "/type", "carrier-pigeon"))).toEqual([]);
});

test.each<Mistake>([
  ["no type", "/type", undefined, "^required"],
  ["no address", "/url", undefined, "^required"],
  ["one tool that is no list", "/allowed_tools", "lookup", "type"],
  ["a tool that is no name", "/allowed_tools", [1], "/0 type"],
  ["a key in clear", "/api_key", "x", "^additionalProperties"],
  ["an id of its own", "/id", "x", "^additionalProperties"],
])("a server is rejected for %s", (_, at, value, error) => {
  expect(check(changed(crm, at, value))).toEqual([errorAt(at, error)]);
});
