import { afterAll, beforeEach } from "vitest";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../src/providers/telnyx/emulator/emulator.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed; null when there was no content. Tests look into it freely. */
  readonly body: JsonObject & { readonly id: string };
}

export interface RawClient {
  send(method: string, path: string, body?: Json | string, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body?: Json | string, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: Json): Promise<Answer>;
  patch(path: string, body?: Json): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

/** A client that adds nothing and hides nothing: bytes go out as they are given. */
export function rawClient(url: string): RawClient {
  const send: RawClient["send"] = async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(url + path, {
      method,
      headers: { authorization: "Bearer KEY0123", "content-type": "application/json", ...headers },
      ...(text !== undefined && { body: text }),
    });
    const answer = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text: answer,
      body: answer === "" ? null : JSON.parse(answer),
    };
  };
  return {
    send,
    get: (path) => send("GET", path),
    post: (path, body, headers) => send("POST", path, body, headers),
    put: (path, body) => send("PUT", path, body),
    patch: (path, body) => send("PATCH", path, body),
    delete: (path) => send("DELETE", path),
  };
}

/** An emulator for the tests of one file, emptied before each of them. */
export async function emulatorForTests(
  options: EmulatorOptions = {},
): Promise<{ readonly emulator: Emulator; readonly api: RawClient }> {
  const emulator = await startEmulator({ seed: 1, ...options });
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.close());
  return { emulator, api: rawClient(emulator.url) };
}
