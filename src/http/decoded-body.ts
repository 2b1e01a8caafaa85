import { pipeline } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, gunzip } from "node:zlib";

/** For `Accept-Encoding`: what `decodedBody` understands. */
export const ACCEPTED_ENCODINGS = "gzip, identity";

/** A body that is not what its encoding says, too large, or cut off. */
export class BodyError extends Error {
  override readonly name = "BodyError";
  readonly problem: "encoding" | "size" | "cut";

  constructor(problem: BodyError["problem"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

const unpack = promisify(gunzip);

/** The text of an answer. A small body can unpack to a large one, so `limit`, in bytes, is for what comes out. */
export async function decodedBody(
  body: Uint8Array,
  encoding: string | undefined,
  limit: number,
): Promise<string> {
  const coding = codingOf(encoding);
  const bytes = coding === "identity" || body.length === 0 ? body : await unpacked(body, coding, limit);
  if (bytes.length > limit) throw tooLarge();
  return new TextDecoder().decode(bytes);
}

/** The same text in pieces, as it arrives: a large answer is never held as a whole. */
export async function* decodedPieces(
  body: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  limit: number,
): AsyncGenerator<string> {
  const coding = codingOf(encoding);
  const decoder = new TextDecoder();
  let size = 0;
  for await (const piece of coding === "identity" ? body : unpackedPieces(body, coding)) {
    size += piece.length;
    if (size > limit) throw tooLarge();
    yield decoder.decode(piece, { stream: true });
  }
  yield decoder.decode();
}

function codingOf(encoding: string | undefined): string {
  const coding = encoding?.trim().toLowerCase() ?? "";
  return coding === "" ? "identity" : coding;
}

async function unpacked(body: Uint8Array, coding: string, limit: number): Promise<Uint8Array> {
  if (!isGzip(coding)) throw notAskedFor(coding);
  try {
    return await unpack(body, { maxOutputLength: limit });
  } catch (cause) {
    throw codeIn(cause) === "ERR_BUFFER_TOO_LARGE" ? tooLarge() : notGzip(cause);
  }
}

async function* unpackedPieces(body: AsyncIterable<Uint8Array>, coding: string): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  const packed = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      isEmpty &&= piece.length === 0;
      if (!isEmpty && !isGzip(coding)) throw notAskedFor(coding);
      yield piece;
    }
  };
  try {
    yield* pipeline(packed, createGunzip(), () => undefined) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    // Other errors are those of the body.
    if (!codeIn(cause).startsWith("Z_")) throw cause;
    if (!isEmpty) throw notGzip(cause);
  }
}

function isGzip(coding: string): boolean {
  return coding === "gzip" || coding === "x-gzip";
}

function codeIn(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function notAskedFor(coding: string): BodyError {
  return new BodyError("encoding", `the answer is in an encoding that was not asked for: ${coding}`);
}

function notGzip(cause: unknown): BodyError {
  return new BodyError("encoding", "the answer is not valid gzip, or not all of it", { cause });
}

export function tooLarge(): BodyError {
  return new BodyError("size", "the answer is too large");
}
