import { KEY } from "../e2e/cli.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { parseJson } from "../../src/model/parse-json.ts";

/** Writes to an account with plain requests, without Rollcall. */
export interface Http {
  post(path: string, body: Json): Promise<JsonObject>;
  patch(path: string, body: Json): Promise<JsonObject>;
}

export function httpTo(url: string): Http {
  const send = async (method: string, path: string, body: Json): Promise<JsonObject> => {
    const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const value = parseJson(text) as JsonObject;
    return (value["data"] ?? value) as JsonObject;
  };
  return {
    post: (path, body) => send("POST", path, body),
    patch: (path, body) => send("PATCH", path, body),
  };
}

export function idOf(object: JsonObject): string {
  return String(object["id"] ?? object["test_id"]);
}
