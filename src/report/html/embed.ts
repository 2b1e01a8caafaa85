import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** Text as an address of its own. It holds letters, digits, `+`, `/` and `=` only, whatever the text is. */
export function compressedAddress(text: string): string {
  return `data:application/gzip;base64,${gzipSync(Buffer.from(text, "utf8"), { level: 9 }).toString("base64")}`;
}

/** What a content security policy allows one style or script by. */
export function policyHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}
