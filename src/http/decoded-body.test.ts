import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodedBody, decodedPieces } from "./decoded-body.ts";

const LIMIT = 1000;

test("a text in any encoding is decoded, up to the size limit", async () => {
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

test("a small body that decompresses to a large one is refused", async () => {
  const bomb = gzipSync(Buffer.alloc(5_000_000));
  expect(bomb.length).toBeLessThan(10_000);
  await expect(decodedBody(bomb, "gzip", LIMIT)).rejects.toMatchObject({ problem: "size" });
});

test.each(["br", "gzip, gzip", "deflate"])("%s is refused because it was not requested", async (encoding) => {
  await expect(decodedBody(gzipSync("{}"), encoding, LIMIT)).rejects.toMatchObject({ problem: "encoding" });
});

test("an empty body is an empty text, whatever its content type", async () => {
  expect(await decodedBody(new Uint8Array(), "gzip", LIMIT)).toBe("");
});

test("decoding in pieces gives the same text as decoding the whole body", async () => {
  const bytes = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300 }).map((text) => new Uint8Array(Buffer.from(text))),
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 20 }).map((rest) => Uint8Array.of(0xef, 0xbb, 0xbf, ...rest)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, fc.array(fc.nat(300)), async (body, cuts) => {
      const ends = [...cuts.toSorted((a, b) => a - b), body.length];
      const pieces = ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end));
      const text = decodedPieces(piecewise(pieces), LIMIT);
      if (body.length > LIMIT) await expect(text).rejects.toMatchObject({ problem: "size" });
      else expect(await text).toBe(await decodedBody(body, undefined, LIMIT));
    }),
  );
});

async function* piecewise(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
