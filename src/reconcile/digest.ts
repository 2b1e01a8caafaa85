import { createHash } from "node:crypto";
import { sorted, stringify, type Json } from "../model/json.ts";

const PREFIX = "rollcall:sha256:";
/** What the API answers instead of a secret. */
export const MASKED = "rollcall:masked";

/** SHA-256, in hexadecimal, of the JSON with sorted keys. */
export function digestOf(value: Json): string {
  return createHash("sha256")
    .update(stringify(sorted(value)))
    .digest("hex");
}

/**
 * What stands for a secret wherever it would be shown or stored. Ten hexadecimal digits tell two secrets apart and
 * leave too little to guess one from.
 */
export function secretDigest(value: Json): string {
  if (typeof value === "string" && (value.startsWith(PREFIX) || value === MASKED)) return value;
  if (typeof value === "string" && /^[*•]+$/.test(value)) return MASKED;
  return PREFIX + digestOf(value).slice(0, 10);
}

/** It stands for a secret, whose value is not known. */
export function isDigest(value: Json): boolean {
  return typeof value === "string" && (value.startsWith(PREFIX) || value === MASKED);
}

/** `{{#integration_secret}}name{{/integration_secret}}` names a secret and is none. */
export function namesSecret(value: Json): boolean {
  return (
    typeof value === "string" && /^\{\{#integration_secret\}\}[^{}]*\{\{\/integration_secret\}\}$/.test(value)
  );
}
