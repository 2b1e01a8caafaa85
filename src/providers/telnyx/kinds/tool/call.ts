import { property, type JsonObject } from "../../../../model/json.ts";

/** Methods that change nothing at a server that keeps to HTTP. */
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The call of a webhook; the API can try no other tools. */
export function callOf(
  spec: JsonObject,
): { readonly request: string; readonly hasEffects: boolean } | undefined {
  const { type, webhook = null } = spec;
  if (type !== "webhook") return undefined;
  const [given, url] = [property(webhook, "method"), property(webhook, "url")];
  const method = typeof given === "string" ? given : "POST";
  const request = typeof url === "string" ? `${method} ${url}` : method;
  return { request, hasEffects: !SAFE.has(method.toUpperCase()) };
}
