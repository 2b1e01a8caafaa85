import { describe, expect, test } from "vitest";
import { kinds } from "../providers/telnyx/kinds/index.ts";
import { keyed } from "../reconcile/compare/canonical.ts";
import { hintsOf, type Hints } from "../reconcile/compare/hints.ts";
import { hintAt, keyOf } from "./field-hints.ts";
import type { Json } from "./json.ts";
import { segments } from "./pointer.ts";

const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));

function hintsAt(kind: string, path: readonly string[]): Hints {
  const found = byKind.get(kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return path.reduce((hints, segment) => hints.child(segment), hintsOf(found));
}

test.each<[string, Json]>([
  ["a named tool", { type: "webhook", webhook: { name: "look_up" } }],
  ["a name that is null", { type: "webhook", webhook: { name: null } }],
  ["a name that is a mapping", { type: "webhook", webhook: { name: { a: 1 } } }],
  ["a name that is a list", { type: "webhook", webhook: { name: ["a"] } }],
  ["a name that is a number", { type: "webhook", webhook: { name: 7 } }],
  ["a name that is a long number", { type: "webhook", webhook: { name: 12345678901234567890n } }],
  ["a name that is a reference", { type: "webhook", webhook: { name: { ref: "Tool/x" } } }],
  ["a name that is empty", { type: "webhook", webhook: { name: "" } }],
  ["a type whose block is missing", { type: "webhook" }],
  ["a type that is a key of every object", { type: "constructor" }],
  ["no type", { webhook: { name: "x" } }],
  ["an element that is not a mapping", "webhook"],
])("manifests and the comparison use the same key for %s", (_, element) => {
  const { hint } = hintsAt("Assistant", ["tools"]);
  const [[key] = []] = keyed([element], hintsAt("Assistant", ["tools"]));
  expect(keyOf(element, hint.keyedBy ?? []) ?? "0").toBe(key);
});

describe.each([...byKind])("%s", (name, kind) => {
  test("manifests and the comparison read the same hint at every place that has one", () => {
    const paths = Object.keys(kind.fields).map((pattern) =>
      segments(pattern).map((segment) => (segment === "*" ? "any" : segment)),
    );
    const disagreeing = paths.filter((path) => {
      const [one, other] = [hintAt(kind.fields, path), hintsAt(name, path).hint];
      return JSON.stringify(Object.entries(one).sort()) !== JSON.stringify(Object.entries(other).sort());
    });
    expect(disagreeing).toEqual([]);
  });
});
