import { expect, test } from "vitest";
import { everyField } from "../../../../../test/specification/every-field/specs.ts";
import { changed, checkOf, errorAt, type Mistake } from "../../../../../test/specification/check.ts";
import { schema } from "./schema.ts";

const check = checkOf(schema);

const webhook = {
  display_name: "Open a ticket",
  type: "webhook",
  timeout_ms: 8000,
  webhook: { name: "open_ticket", description: "Opens a ticket.", url: "https://api.acme.example/tickets" },
};

test("a tool accepts unknown types with any settings", () => {
  expect(check({ type: "teleport", display_name: "Mars", teleport: { to: "mars" } })).toEqual([]);
  expect(check({ type: "teleport", display_name: 4 })).toEqual(["/display_name type"]);
});

test("a vision tool may have settings", () => {
  expect(check({ type: "vision" })).toEqual([]);
  expect(check({ type: "vision", vision: { detail: "high" } })).toEqual([]);
});

test("a function accepts any fields besides its name", () => {
  const strict = { name: "show_map", strict: true };
  expect(check({ type: "function", function: strict })).toEqual([]);
  expect(check({ type: "function", function: { strict: true } })).toEqual(["/function required"]);
});

/** Documented by its type alone. */
const described = (everyField["Tool"] ?? []).filter(({ type }) => type !== "vision");

test.each(described)("a tool of type $type needs its settings", (tool) => {
  expect(check(tool)).toEqual([]);
  expect(check(changed(tool, `/${String(tool["type"])}`))).toEqual([" required"]);
});

test.each<Mistake>([
  ["no type", "/type", undefined, "^required"],
  ["a type that is not a string", "/type", 3, "type"],
  ["settings of two types", "/hangup", {}, "^additionalProperties"],
  ["a time limit in words", "/timeout_ms", "5s", "type"],
  ["a webhook without name", "/webhook/name", undefined, "^required"],
  ["an id", "/id", "x", "^additionalProperties"],
])("a tool is rejected for %s", (_, at, value, error) => {
  expect(check(changed(webhook, at, value))).toEqual([errorAt(at, error)]);
});
