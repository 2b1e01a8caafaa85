import fc from "fast-check";
import { expect, test } from "vitest";
import { redactor } from "./redact.ts";

const redact = redactor(['p@ss"wörd/1']);

test.each([
  ['the key is p@ss"wörd/1 indeed', "the key is [redacted] indeed"],
  ["GET /x?key=p%40ss%22w%C3%B6rd%2F1", "GET /x?key=[redacted]"],
  ['{"key":"p@ss\\"wörd/1"}', '{"key":"[redacted]"}'],
  ["Authorization: Bearer eyJhbGciOi.J9-x_1", "Authorization: Bearer [redacted]"],
  ["proxy said Basic dXNlcjpwYXNzMQ==", "proxy said Basic [redacted]"],
  ["https://me:hunter2@proxy.example:8080/x", "https://[redacted]@proxy.example:8080/x"],
  ["https://token@git.example/x", "https://[redacted]@git.example/x"],
  ["KEY0185C1B2A3D4E5F60718_abcdefgh is wrong", "[redacted] is wrong"],
  ["sk-proj-0123456789abcdef0123", "[redacted]"],
  ["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----!", "[redacted]!"],
])("%s", (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test.each([
  "the bearer authentication failed",
  "basic understanding required",
  "mail me@example.com about https://example.com/a@b",
  "KEYBOARD layout",
  "sk-short",
])("ordinary text stays: %s", (text) => {
  expect(redact(text)).toBe(text);
});

test("no known secret remains anywhere", () => {
  const secret = fc
    .string({ minLength: 4, maxLength: 30, unit: "grapheme" })
    .filter((text) => !"[redacted]".includes(text));
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (key, before, after) => {
      const result = redactor([key])(`${before}${key}${after}`);
      expect(result.replaceAll("[redacted]", "\u0000")).not.toContain(key);
    }),
  );
});
