import { expect, test } from "vitest";
import { nextCommand } from "./next-command.ts";

test.each([
  [["events", "list", "Assistant/a"], {}, "rollcall events list Assistant/a"],
  [["chat", "it's me"], {}, String.raw`rollcall chat 'it'\''s me'`],
  [["chat", "a"], { env: "staging" }, "rollcall chat a --env staging"],
  [["chat", "a"], { project: "my dir", env: "staging" }, "rollcall chat a --project 'my dir' --env staging"],
])("%j with %j", (words, options, expected) => {
  expect(nextCommand(words, options)).toBe(expected);
});
