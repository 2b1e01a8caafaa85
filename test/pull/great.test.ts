import { expect, test } from "vitest";
import type { Json } from "../../src/model/json.ts";
import { sizeOf } from "./account.ts";
import { greatAccount, LONG_PROMPT, SECRET } from "./great-account.ts";
import { roundTrip } from "./round-trip.ts";

test(
  "an account of 60 objects is pulled, and applying the repository creates the same account",
  { timeout: 120_000 },
  async () => {
    expect(sizeOf(greatAccount)).toBe(60);
    const { pulled, files, before, after } = await roundTrip(greatAccount);
    const all = Object.values(files).join("\n");
    expect(all).not.toContain(SECRET);
    expect(pulled.stdout).toContain("Assistant/secretive");
    expect(Object.values(files)).toContain(`${LONG_PROMPT}\n`);
    const { "Assistant/secretive": secretive, ...others } = before;
    const { "Assistant/secretive": again, ...made } = after;
    expect(made).toEqual(others);
    expect(withoutHeaders(again)).toEqual(withoutHeaders(secretive));
  },
);

/** Secrets are left out apart. */
function withoutHeaders(value: Json | undefined): Json {
  return JSON.parse(
    JSON.stringify(value, (key, member: Json) => (key === "headers" ? undefined : member)),
  ) as Json;
}
