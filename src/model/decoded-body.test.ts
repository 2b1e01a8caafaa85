import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodedBody } from "./decoded-body.ts";

const LIMIT = 1000;

test("a text of any encoding comes out as it was, as long as it is not over the limit", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.constantFrom("gzip", "GZIP", "x-gzip", "identity", "", undefined),
      async (text, encoding) => {
        const isPacked = encoding?.toLowerCase().endsWith("gzip") === true;
        const bytes = Buffer.from(text);
        const decoded = decodedBody(isPacked ? gzipSync(bytes) : bytes, encoding, LIMIT);
        if (bytes.length > LIMIT) await expect(decoded).rejects.toThrow("too large");
        else expect(await decoded).toBe(bytes.toString("utf8"));
      },
    ),
  );
});

test("a small body that unpacks to a large one is refused", async () => {
  const bomb = gzipSync(Buffer.alloc(5_000_000));
  expect(bomb.length).toBeLessThan(10_000);
  await expect(decodedBody(bomb, "gzip", LIMIT)).rejects.toMatchObject({ problem: "size" });
});

test.each(["br", "gzip, gzip", "deflate"])("%s was not asked for", async (encoding) => {
  await expect(decodedBody(gzipSync("{}"), encoding, LIMIT)).rejects.toMatchObject({ problem: "encoding" });
});

test("nothing at all is an empty text, whatever it is said to be", async () => {
  expect(await decodedBody(new Uint8Array(), "gzip", LIMIT)).toBe("");
});
