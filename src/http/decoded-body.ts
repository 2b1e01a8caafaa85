import { promisify } from "node:util";
import { gunzip } from "node:zlib";

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
  const coding = encoding?.trim().toLowerCase() ?? "";
  const bytes =
    coding === "" || coding === "identity" || body.length === 0 ? body : await unpacked(body, coding, limit);
  if (bytes.length > limit) throw tooLarge();
  return new TextDecoder().decode(bytes);
}

/**
 * The text of a large answer that is not encoded, as it arrives: the pieces, all bytes and the text together would take
 * three times its size.
 */
export async function decodedPieces(pieces: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  const texts: string[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > limit) throw tooLarge();
    texts.push(decoder.decode(piece, { stream: true }));
  }
  return texts.join("") + decoder.decode();
}

async function unpacked(body: Uint8Array, coding: string, limit: number): Promise<Uint8Array> {
  if (coding !== "gzip" && coding !== "x-gzip")
    throw new BodyError("encoding", `the answer is in an encoding that was not asked for: ${coding}`);
  try {
    return await unpack(body, { maxOutputLength: limit });
  } catch (cause) {
    const isTooLarge = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    if (isTooLarge) throw tooLarge();
    throw new BodyError("encoding", "the answer is not valid gzip, or not all of it", { cause });
  }
}

function tooLarge(): BodyError {
  return new BodyError("size", "the answer is too large");
}
