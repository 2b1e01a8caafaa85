import { expect, test } from "vitest";
import type { Explanation } from "../model/explanation.ts";
import { explainText } from "./explain.ts";

const BASE: Explanation = {
  path: "Thing.spec.part",
  when: [],
  type: "mapping",
  description: "A part",
  required: true,
  deprecated: false,
  limits: [],
  refersTo: [],
  notes: [],
  groups: [],
};

const long = "what it is for, at some length, so that it does not fit on one line and has to go on";

function text(more: Partial<Explanation>, width = 80): string {
  return explainText([{ ...BASE, ...more }], { colour: false, width });
}

test("names, types and descriptions are in columns; a long name has its own line", () => {
  const field = { type: "text", required: false, description: long, details: [] };
  const shown = text({
    groups: [
      {
        title: "Fields",
        fields: [
          { ...field, name: "a", required: true },
          { ...field, name: "a_name_that_is_much_longer_than_all_others", details: ["1 to 3", "default 2"] },
        ],
      },
    ],
  });
  expect(shown.slice(shown.indexOf("Fields"))).toBe(`Fields
  a *                          text   what it is for, at some length, so that it
                                      does not fit on one line and has to go on
  a_name_that_is_much_longer_than_all_others   text
                                      what it is for, at some length, so that it
                                      does not fit on one line and has to go on
                                      (1 to 3; default 2)

* is required.
`);
});

test.each([60, 80, 120])("no line is wider than %i columns or has trailing spaces", (width) => {
  const shown = text(
    {
      description: `${long} ${long}`,
      notes: [`${long} ${long}.`],
      allowed: Array.from({ length: 60 }, (_, index) => `value-${index}`),
      limits: ["1 to 3", "no entry twice"],
      groups: [
        {
          title: "Fields",
          fields: [{ name: "a", type: "text", required: false, description: long, details: [] }],
        },
      ],
    },
    width,
  );
  for (const line of shown.split("\n")) {
    expect(line.length).toBeLessThanOrEqual(Math.min(width, 100));
    expect(line).toBe(line.trimEnd());
  }
});

test("deprecated fields are marked, and values are shown as YAML", () => {
  const shown = text({ deprecated: true, default: "", allowed: ["", "no", 3, null] });
  expect(shown).toContain("  A part.\n  Deprecated.\n");
  expect(shown).toContain('Default    ""\n  Allowed    "", no, 3, null\n');
});
