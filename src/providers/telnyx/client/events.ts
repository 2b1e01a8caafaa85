import { createParser } from "eventsource-parser";
import { BodyError, tooLarge } from "../../../http/decoded-body.ts";
import type { ServerEvent } from "./request.ts";

/** Bytes of a whole stream. */
const MAX_STREAM = 16 * 1024 * 1024;
/** Characters of one event. */
const MAX_EVENT = 1024 * 1024;

/**
 * Reads server-sent events as they arrive. `onEvent` says whether an event is the last one. Throws `BodyError` for a stream
 * that ends without it, or is too large.
 */
export async function readEvents(
  body: AsyncIterable<Uint8Array>,
  onEvent: (event: ServerEvent) => "more" | "last",
  onChunk: () => void,
): Promise<void> {
  let isOver = false;
  let isTooLarge = false;
  let size = 0;
  const parser = createParser({
    maxBufferSize: MAX_EVENT,
    onEvent: ({ event = "message", data }) => {
      if (!isOver) isOver = onEvent({ name: event, data }) === "last";
    },
    onError: ({ type }) => {
      isTooLarge ||= type === "max-buffer-size-exceeded";
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    onChunk();
    size += chunk.length;
    if (size > MAX_STREAM) throw tooLarge();
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (isTooLarge) throw tooLarge();
    if (isOver) return;
  }
  throw new BodyError("cut", "the answer was cut off before its end");
}
