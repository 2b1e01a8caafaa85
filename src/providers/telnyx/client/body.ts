import type { Dispatcher } from "undici";
import type { Header } from "../../../http/exchange.ts";
import { BodyError, decodedBody, decodedPieces } from "../../../http/decoded-body.ts";
import type { JsonReader } from "../../../model/json-reader.ts";
import { MAX_RESPONSE } from "./connection.ts";

/** An answer of which the body is not read yet. */
export interface Received {
  readonly status: number;
  readonly header: Header;
  readonly body: Dispatcher.ResponseData["body"];
}

/** Bytes of a body that is not held as a whole. */
const LARGE = 64 * 1024;

/** Gives a body to the reader: in pieces where it is large, or does not say how large it is. */
export async function readBody(received: Received, reader: JsonReader): Promise<void> {
  const { header, body } = received;
  if (Number(header("content-length")) <= LARGE) return reader.add(await textOf(received));
  for await (const piece of decodedPieces(body, header("content-encoding"), MAX_RESPONSE)) reader.add(piece);
}

export async function textOf({ header, body }: Received): Promise<string> {
  return decodedBody(await bytesOf(body), header("content-encoding"), MAX_RESPONSE);
}

/** A refusal is one whatever its body holds. */
export async function refusalText({ header, body }: Received): Promise<string> {
  const bytes = await bytesOf(body);
  return decodedBody(bytes, header("content-encoding"), MAX_RESPONSE).catch(() => "");
}

async function bytesOf(body: Received["body"]): Promise<Uint8Array> {
  return new Uint8Array(await body.arrayBuffer());
}

/** Of a text that ends where the connection ends it is not known whether it is whole. */
export async function streamedText(
  { header, body }: Received,
  limit: number,
  onChunk: () => void,
): Promise<string> {
  const encoding = header("content-encoding") ?? "identity";
  if (encoding !== "identity")
    throw new BodyError("encoding", `the answer is in an encoding that was not asked for: ${encoding}`);
  const type = header("content-type") ?? "";
  if (!/^text\/plain\b/i.test(type)) throw new BodyError("encoding", `the answer is not a plain text: ${type}`);
  if (header("transfer-encoding") === undefined && header("content-length") === undefined)
    throw new BodyError("cut", "the answer does not say where it ends");
  let text = "";
  for await (const piece of decodedPieces(heard(body, onChunk), encoding, limit)) text += piece;
  return text;
}

async function* heard(body: AsyncIterable<Uint8Array>, onChunk: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    onChunk();
    yield chunk;
  }
}
