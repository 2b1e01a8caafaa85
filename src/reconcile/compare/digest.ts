import { createHash, createHmac } from "node:crypto";
import { sorted, stringify, type Json } from "../../model/json.ts";
import { DIGEST, isDigest, MASKED, SHORT_DIGEST } from "../../model/secret-digest.ts";

/** SHA-256, in hexadecimal, of the JSON with sorted keys. */
export function digestOf(value: Json): string {
  return createHash("sha256")
    .update(stringify(sorted(value)))
    .digest("hex");
}

/**
 * The digest that replaces a secret wherever it would be shown or stored: HMAC-SHA-256, cut to 128 bits, under a key that
 * only the holder of the API key can compute. It begins with an identifier of the key. Without the key, values cannot be
 * guessed.
 */
export function secretDigest(value: Json, key: Uint8Array): string {
  if (isDigest(value)) return value;
  if (typeof value === "string" && /^[*•]+$/.test(value)) return MASKED;
  return `${DIGEST}${keyId(key)}:${hmac(key, stringify(sorted(value))).slice(0, 32)}`;
}

/** The form of earlier versions; only compared with, never stored. */
export function shortDigest(value: Json): string {
  return SHORT_DIGEST + digestOf(value).slice(0, 10);
}

export function isShort(value: string): boolean {
  return value.startsWith(SHORT_DIGEST);
}

/** A digest that cannot be compared with those under this key. */
export function isOfOtherKey(value: string, key: Uint8Array): boolean {
  return value.startsWith(DIGEST) && !value.startsWith(`${DIGEST}${keyId(key)}:`);
}

function keyId(key: Uint8Array): string {
  const known = keyIds.get(key) ?? hmac(key, "key id").slice(0, 8);
  keyIds.set(key, known);
  return known;
}

const keyIds = new WeakMap<Uint8Array, string>();

function hmac(key: Uint8Array, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}

/** `{{#integration_secret}}name{{/integration_secret}}` names a secret and is none. */
export function namesSecret(value: Json): boolean {
  return (
    typeof value === "string" && /^\{\{#integration_secret\}\}[^{}]*\{\{\/integration_secret\}\}$/.test(value)
  );
}
