import { expect, test } from "vitest";
import { changed, checkOf, errorAt, type Mistake } from "../../../../../test/specification/check.ts";
import { schema } from "./schema.ts";

const check = checkOf(schema);

const version = {
  assistant: { ref: "Assistant/front-desk" },
  version_name: "Warmer",
  changes: { greeting: "Good day!", voice_settings: { voice: "Telnyx.KokoroTTS.af_heart" } },
};

test("a version declares only what differs", () => {
  expect(check(version)).toEqual([]);
  expect(check(changed(version, "/changes", {}))).toEqual([]);
  expect(check(changed(version, "/version_name"))).toEqual([]);
});

test.each<Mistake>([
  ["no assistant", "/assistant", undefined, "^required"],
  ["a reference to a version", "/assistant", { ref: "AssistantVersion/x" }, "/ref pattern"],
  ["no changes", "/changes", undefined, "^required"],
  ["a name of 51 letters", "/version_name", "x".repeat(51), "maxLength"],
  ["an unknown field in changes", "/changes/greting", "Hi", "^additionalProperties"],
  ["a field of the assistant beside the changes", "/greeting", "Hi", "^additionalProperties"],
  ["a promotion", "/promote_to_main", true, "^additionalProperties"],
  ["an incomplete block", "/changes/voice_settings/voice", undefined, "^required"],
])("a version is rejected for %s", (_, at, value, error) => {
  expect(check(changed(version, at, value))).toEqual([errorAt(at, error)]);
});
