import { describe, expect, test } from "vitest";
import type { Kind } from "../../src/model/kind.ts";
import { equal } from "../../src/model/json.ts";
import { isBelow } from "../../src/model/pointer.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { fieldsOf, type Field } from "./fields.ts";

/**
 * A kind says some things twice: its schema for people and validation, its hints and references for comparison and
 * order. Both must say the same of every field.
 */
describe.each(kinds)("$kind", (kind) => {
  const fields = byPointer(kind);
  const compared = [...fields].filter(([at]) => !isInWhole(kind, at));

  test("has hints only for fields of its schema", () => {
    const unknown = Object.keys(kind.fields).filter((at) => !fields.has(at) && !fields.get(parent(at))?.open);
    expect(unknown).toEqual([]);
  });

  test("has a rule for every reference in its schema, and no other", () => {
    const inSchema = [...fields].flatMap(([at, { annotations }]) => {
      const to = annotations["x-reference"];
      return to === undefined ? [] : [{ at, to }];
    });
    const rules = kind.references.map(({ at, to }) => ({ at, to: [to] }));
    expect(inSchema.filter((row) => !rules.some((rule) => equal(rule, row)))).toEqual([]);
    expect(rules.filter((rule) => !inSchema.some((row) => equal(row, rule)))).toEqual([]);
  });

  test.each([
    ["x-multiline", "multiline"],
    ["x-sensitive", "sensitive"],
  ] as const)("agrees on %s", (annotation, hint) => {
    const differing = compared.filter(
      ([at, { annotations }]) => (annotations[annotation] ?? false) !== (kind.fields[at]?.[hint] ?? false),
    );
    expect(differing.map(([at]) => at)).toEqual([]);
  });

  test("clears with null exactly what may be null", () => {
    const differing = compared.filter(
      ([at, { types }]) => types.includes("null") !== (kind.fields[at]?.unset === null),
    );
    expect(differing.map(([at]) => at)).toEqual([]);
  });
});

/** As hints are addressed: `/tools/*\/webhook/url` for `tools[]<webhook>.webhook.url`. */
function byPointer({ schema }: Kind): ReadonlyMap<string, Field> {
  return new Map(
    [...fieldsOf(schema)].map(([path, field]) => [
      `/${path.replaceAll(/<\w+>/g, "").replaceAll("[]", ".*").replaceAll(/^\./g, "").replaceAll(".", "/")}`,
      field,
    ]),
  );
}

function parent(at: string): string {
  return at.slice(0, at.lastIndexOf("/"));
}

/** Free content is compared as a unit: what is inside needs no hints. */
function isInWhole(kind: Kind, at: string): boolean {
  return Object.entries(kind.fields).some(
    ([place, hint]) => hint.whole === true && isBelow(at, place) && at !== place,
  );
}
