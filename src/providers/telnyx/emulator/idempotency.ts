import { createHash } from "node:crypto";
import { type Reply, telnyxError } from "./errors.ts";
import type { World } from "./world.ts";

const KEY = /^[A-Za-z0-9_-]{1,255}$/;
const KEPT_MS = 24 * 3600 * 1000;
/** Larger bodies are refused if they have a key. */
const MAX_BODY = 256 * 1024;

interface KeyedRequest {
  readonly key: string | readonly string[];
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly text: string;
}

/** The response, the stored response to repeat, or a function that stores the result of the operation. */
export type Claim =
  | { readonly answer: Reply }
  | { readonly replay: { readonly status: number; readonly text: string } }
  | { readonly settle: (status: number, text: string) => void };

export interface Keys {
  claim(request: KeyedRequest): Claim;
}

/** Only successful requests are stored. Bodies and queries are compared byte by byte. */
export function createKeys(world: World): Keys {
  const running = new Map<string, string>();
  return {
    claim({ key, method, path, query, text }) {
      if (typeof key !== "string" || !KEY.test(key))
        return { answer: telnyxError(400, "Invalid Idempotency-Key header", "10015") };
      if (Buffer.byteLength(text) > MAX_BODY)
        return { answer: telnyxError(413, "Request body too large for an idempotent request", "10007") };
      const scope = `${key} ${method} ${path}`;
      const fingerprint = createHash("sha256").update(`${query}\n${text}`).digest("hex");
      const kept = world.store.replays.get(scope);
      const done = kept !== undefined && world.now() - kept.at < KEPT_MS ? kept : undefined;
      const other = done?.fingerprint ?? running.get(scope);
      if (other !== undefined && other !== fingerprint)
        return { answer: telnyxError(422, "Idempotency-Key was used with a different request", "10027") };
      if (done !== undefined) return { replay: done };
      if (other !== undefined)
        return { answer: telnyxError(409, "A request with this Idempotency-Key is in progress", "10036") };
      running.set(scope, fingerprint);
      return {
        settle(status, body) {
          running.delete(scope);
          if (status >= 200 && status < 300)
            world.store.replays.put(scope, { scope, fingerprint, at: world.now(), status, text: body });
        },
      };
    },
  };
}
