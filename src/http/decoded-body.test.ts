import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BodyError, decodedBody, decodedPieces } from "./decoded-body.ts";

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

const bodies = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }).map((text) => new Uint8Array(Buffer.from(text))),
  fc.uint8Array({ maxLength: 300 }),
  fc.uint8Array({ maxLength: 20 }).map((rest) => Uint8Array.of(0xef, 0xbb, 0xbf, ...rest)),
  fc.nat(2 * LIMIT).map((length) => new Uint8Array(length).fill(0x61)),
);
/** A body as it is, packed, packed and cut off, or packed with something behind it. */
const packed = fc
  .tuple(bodies, fc.constantFrom("as it is", "packed", "cut", "longer"), fc.nat(30))
  .map(([body, how, at]) => {
    if (how === "as it is") return body;
    const whole = new Uint8Array(gzipSync(body));
    if (how === "cut") return whole.subarray(0, at);
    return how === "packed" ? whole : Uint8Array.of(...whole, ...body.subarray(0, at));
  });
const encodings = fc.constantFrom(undefined, "", "identity", "gzip", "X-GZIP", "br");

test("a body in pieces has the text or the error of the whole body, wherever it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(packed, encodings, fc.array(fc.nat(300)), async (body, encoding, cuts) => {
      const whole = await outcome(decodedBody(body, encoding, LIMIT));
      const ends = [...cuts.toSorted((a, b) => a - b), body.length];
      const pieces = ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end));
      expect(await outcome(joined(decodedPieces(piecewise(pieces), encoding, LIMIT)))).toEqual(whole);
      const bytes = Array.from(body, (byte) => Uint8Array.of(byte));
      expect(await outcome(joined(decodedPieces(piecewise(bytes), encoding, LIMIT)))).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});

test.each(["gzip", "identity"])("a failure of the connection stays what it is in %s", async (encoding) => {
  const lost = new TypeError("the connection was reset");
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield gzipSync("{}").subarray(0, 12);
    throw lost;
  }
  await expect(joined(decodedPieces(broken(), encoding, LIMIT))).rejects.toBe(lost);
});

async function outcome(text: Promise<string>): Promise<unknown> {
  return text.catch((error: unknown) => {
    if (error instanceof BodyError) return { problem: error.problem, message: error.message };
    throw error;
  });
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

async function* piecewise(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
