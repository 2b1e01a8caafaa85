import { createHash } from "node:crypto";

/** Identifies an API key without revealing anything of it. Two keys of one account differ, too. */
export function accountOf(apiKey: string): string {
  return createHash("sha256").update(`rollcall\0${apiKey}`).digest("hex").slice(0, 16);
}
