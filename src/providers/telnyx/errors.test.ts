import { expect, test } from "vitest";
import { parseProblem, reasonOf } from "./errors.ts";

test.each([
  [
    "the errors of Telnyx",
    {
      errors: [
        {
          code: "10015",
          title: "Bad Request",
          detail: "Voice not found",
          source: { pointer: "/voice_settings/voice" },
        },
      ],
    },
    { code: "10015", detail: "Voice not found", field: "voice_settings.voice" },
  ],
  [
    "a title without a detail, a parameter, a code that is a number",
    { errors: [{ code: 10005, title: "Not found", source: { parameter: "id" } }] },
    { code: "10005", detail: "Not found", field: "id" },
  ],
  [
    "the errors of a validation",
    {
      detail: [
        { loc: ["body", "rubric", 0, "name"], msg: "Field required", type: "missing" },
        { loc: ["body", "name"], msg: "too long", type: "x" },
      ],
    },
    { detail: "rubric.0.name: Field required; name: too long", field: "rubric.0.name" },
  ],
  [
    "many errors",
    { detail: [1, 2, 3, 4, 5].map((index) => ({ loc: ["query", `q${index}`], msg: "no" })) },
    { detail: "query.q1: no; query.q2: no; query.q3: no; and 2 more", field: "query.q1" },
  ],
  ["a plain detail", { detail: "Not Found" }, { detail: "Not Found" }],
  ["a plain error", { error: "nope" }, { detail: "nope" }],
  ["an error with a message", { error: { message: "nope", code: "E1" } }, { detail: "nope", code: "E1" }],
  ["a message", { message: "Forbidden" }, { detail: "Forbidden" }],
  ["a text", "just text", { detail: "just text" }],
  ["an empty list", { errors: [] }, {}],
  ["a list with invalid elements", { errors: [null] }, {}],
  ["an empty object", {}, {}],
])("%s", (_, body, expected) => {
  expect(parseProblem(JSON.stringify(body))).toEqual(expected);
});

test.each([
  ["", {}],
  ["  \n", {}],
  ["upstream connect error\nretry later", { detail: "upstream connect error retry later" }],
  ["<html><head><title>502 Bad Gateway</title></head></html>", { detail: "502 Bad Gateway", page: true }],
  ["<!DOCTYPE html><p>x", { detail: "a web page and not JSON", page: true }],
  ['{"errors":[{"code":"100', { detail: '{"errors":[{"code":"100' }],
])("a body that is not JSON: %o", (body, expected) => {
  expect(parseProblem(body)).toEqual(expected);
});

test("a long text is cut", () => {
  expect(parseProblem("x".repeat(10_000)).detail).toHaveLength(501);
});

test("reasons", () => {
  const statuses = [302, 400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 503];
  expect(statuses.map((status) => [status, reasonOf(status)])).toEqual([
    [302, "protocol"],
    [400, "invalid"],
    [401, "authentication"],
    [403, "permission"],
    [404, "not-found"],
    [408, "server"],
    [409, "conflict"],
    [410, "not-found"],
    [413, "invalid"],
    [422, "invalid"],
    [429, "rate-limited"],
    [500, "server"],
    [503, "server"],
  ]);
});
