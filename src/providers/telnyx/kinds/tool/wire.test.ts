import { expect, test } from "vitest";
import { fromLive, toWire } from "./wire.ts";

const WEBHOOK = { name: "open_ticket", description: "Opens a ticket.", url: "https://x.example" };
const SPEC = { display_name: "Open a ticket", type: "webhook", timeout_ms: 700, webhook: WEBHOOK };
const LIVE = { id: "t1", created_at: "x", display_name: "Open a ticket", type: "webhook", timeout_ms: 700 };

test.each([
  ["bare", WEBHOOK],
  ["bare, with its type", { type: "webhook", ...WEBHOOK }],
  ["nested", { webhook: WEBHOOK }],
  ["nested, with its type", { type: "webhook", webhook: WEBHOOK, timeout_ms: 5 }],
])("settings that the response has %s are put under the key of the type", (_, definition) => {
  expect(fromLive({ ...LIVE, tool_definition: definition })).toEqual(SPEC);
});

test("a tool without settings, of an unknown type, or in the form of a request", () => {
  expect(fromLive({ type: "send_dtmf", tool_definition: {} })).toEqual({ type: "send_dtmf", send_dtmf: {} });
  expect(fromLive({ type: "new_thing", tool_definition: { a: 1 } })).toEqual({
    type: "new_thing",
    new_thing: { a: 1 },
  });
  expect(fromLive({ id: "t1", ...SPEC })).toEqual(SPEC);
  expect(fromLive({ id: "t1", type: "webhook", tool_definition: null })).toEqual({ type: "webhook" });
});

test("a field with the name of the type counts as nested settings only if it is an object", () => {
  const definition = { retrieval: "fast", bucket_ids: ["a"] };
  expect(fromLive({ type: "retrieval", tool_definition: definition })).toEqual({
    type: "retrieval",
    retrieval: definition,
  });
});

test("requests have the settings under the key of the type, and no server fields", () => {
  expect(toWire({ id: "t1", created_at: "x", tool_definition: {}, ...SPEC })).toEqual(SPEC);
});
