import { hkdfSync } from "node:crypto";

/** What a derived key is for. The keys for two purposes have nothing in common. */
export type KeyPurpose = "plan seal" | "secret digest";

const BYTES = 32;

/**
 * A key of 256 bits that only the holder of the API key can compute: HKDF-SHA256 (RFC 5869) of the API key, without
 * salt, and with the purpose as info. It gives nothing of the API key away. No password hashing is needed: an API key
 * is random and long.
 */
export function derivedKey(apiKey: string, purpose: KeyPurpose): Buffer {
  // An empty key would be one that everybody can compute.
  if (apiKey === "") throw new Error("no key can be derived from an empty API key");
  return Buffer.from(hkdfSync("sha256", apiKey, "", `rollcall v1 ${purpose}`, BYTES));
}
