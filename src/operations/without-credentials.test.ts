import { expect, test } from "vitest";
import type { Json } from "../model/json.ts";
import { withoutCredentials } from "./without-credentials.ts";

const PLAIN = ["plain", "word"].join("");
const KEY = ["sk", "proj", "aB3".repeat(16)].join("-");
const M = "[redacted]";

test.each<readonly [Json, Json]>([
  [
    { headers: { Authorization: PLAIN, "X-Api-Key": PLAIN, Accept: "a/b" } },
    { headers: { Authorization: M, "X-Api-Key": M, Accept: "a/b" } },
  ],
  [{ headers: [{ name: "Cookie", value: PLAIN }] }, { headers: [{ name: "Cookie", value: M }] }],
  [`https://h/p?id=1&api_key=${PLAIN}#x`, `https://h/p?id=1&api_key=${M}#x`],
  [`https://h/p?api%5Fkey=${PLAIN}`, `https://h/p?api%5Fkey=${M}`],
  [`https://ada:${PLAIN}@h/p`, `https://${M}@h/p`],
  [`client_secret=${PLAIN}&id=1`, `client_secret=${M}&id=1`],
  [`https://h/?token=${PLAIN}`, `https://h/?token=${M}`],
  [{ body: `{"token":"${PLAIN}","id":1}` }, { body: `{"token":"${M}","id":1}` }],
  [{ body: { secret: [PLAIN], note: "hi" } }, { body: { secret: M, note: "hi" } }],
  [{ a: [1, true, null, "text"] }, { a: [1, true, null, "text"] }],
])("%j", (value, expected) => {
  expect(withoutCredentials(value)).toEqual(expected);
});

test("a credential is also recognized by its format", () => {
  expect(JSON.stringify(withoutCredentials({ note: `use ${KEY}` }))).not.toContain(KEY);
});
