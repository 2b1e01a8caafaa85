import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { derivedKey } from "./derived-key.ts";

/** RFC 5869 by hand: extract with a salt of zeros, then one block of expand, which is 32 bytes. */
function hkdfOneBlock(secret: string, info: string): string {
  const extracted = createHmac("sha256", Buffer.alloc(32)).update(secret).digest();
  return createHmac("sha256", extracted)
    .update(info)
    .update(Buffer.from([1]))
    .digest("hex");
}

const [one, other] = ["KEY0123", "KEY0124"];

test("a key is HKDF-SHA256 of the API key with the purpose as info", () => {
  expect(derivedKey(one, "plan seal").toString("hex")).toBe(hkdfOneBlock(one, "rollcall v1 plan seal"));
  expect(derivedKey(one, "secret digest").toString("hex")).toBe(hkdfOneBlock(one, "rollcall v1 secret digest"));
});

test("a different API key or purpose gives a different key", () => {
  const keys = [one, other].flatMap((key) => [derivedKey(key, "plan seal"), derivedKey(key, "secret digest")]);
  expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(4);
});

test("nothing is derived from an empty API key", () => {
  expect(() => derivedKey("", "plan seal")).toThrow(/empty/);
});
