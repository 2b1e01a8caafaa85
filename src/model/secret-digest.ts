import { isList, isObject, type Json } from "./json.ts";

/** HMAC-SHA-256 under a key that derives from the API key. */
export const DIGEST = "rollcall:hmac:";
/** Of earlier versions: SHA-256 without a key, cut to 40 bits. */
export const SHORT_DIGEST = "rollcall:sha256:";
/** What the API answers instead of a secret. */
export const MASKED = "rollcall:masked";
/** A digest under another key: it may stand for any value. */
export const UNKNOWN = "rollcall:unknown";

/** The whole text is a digest. A text that only begins like one is shown as it is. */
const WHOLE = /^rollcall:(?:hmac:[0-9a-f]{8}:[0-9a-f]{32}|sha256:[0-9a-f]{10}|masked|unknown)$/;

/** It stands for a secret, wherever one would be shown or stored. */
export function isDigest(value: Json | undefined): value is string {
  return typeof value === "string" && WHOLE.test(value);
}

/** Somewhere in the value a secret is missing. */
export function holdsDigest(value: Json | undefined): boolean {
  if (isList(value)) return value.some(holdsDigest);
  return isObject(value) ? Object.values(value).some(holdsDigest) : isDigest(value);
}
