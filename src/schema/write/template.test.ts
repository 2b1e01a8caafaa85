import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { includedText } from "./included-text.ts";
import { escaped, rewriteTemplate } from "./template.ts";

const VARIABLES = new Map([
  ["company", "Acme Voice"],
  ["fee", "95"],
  ["domain", "acme.example"],
  ["nothing", ""],
]);

describe("a text is rewritten with its variables", () => {
  test.each([
    ["around a variable", "Hi from ${var.company}.", "Hello from Acme Voice!", "Hello from ${var.company}!"],
    [
      "inside a word",
      "https://crm.${var.domain}/v1",
      "https://crm.acme.example/v2",
      "https://crm.${var.domain}/v2",
    ],
    ["in both directions", "${var.fee} at ${var.company}", "Acme Voice: 95", "${var.company}: ${var.fee}"],
    [
      "into new words, once",
      "${var.company}.\nBye.",
      "Bye.\nYours, Acme Voice!",
      "Bye.\nYours, ${var.company}!",
    ],
    ["a replaced value", "It costs ${var.fee} dollars.", "It costs 99 dollars.", undefined],
    ["a value that was changed in part", "Hi from ${var.company}.", "Hi from Acme Phones.", undefined],
    ["a removed sentence", "Hi.\nThis is ${var.company}.\nBye.", "Hi.\nBye.", "Hi.\nBye."],
    ["a value with a $ before it", "It costs ${var.fee} dollars.", "It costs $95.", undefined],
    ["all of the text replaced", "${var.domain}", "other.example", undefined],
    ["a variable that is empty", "Hi${var.nothing}!", "Hi there!", "Hi${var.nothing} there!"],
    ["a literal ${ is kept", "$${x} and ${var.fee}", "${x} or 95", "$${x} or ${var.fee}"],
    [
      "text that looks like a variable is escaped",
      "fee ${var.fee}",
      "fee 95 ${var.fee} $${y}",
      "fee ${var.fee} $${var.fee} $$${y}",
    ],
    ["{{…}} is not changed", "{{name}} ${var.fee}", "{{nick}} 95", "{{nick}} ${var.fee}"],
  ])("%s", (_, template, text, wanted) => {
    const told = rewriteTemplate(template, VARIABLES, text);
    expect("template" in told ? told.template : undefined).toBe(wanted);
  });

  test("replaced and removed variables are reported", () => {
    expect(rewriteTemplate("a ${var.fee} b", VARIABLES, "a 99 b")).toEqual({ replaced: ["${var.fee}"] });
    expect(rewriteTemplate("a ${var.fee} b", VARIABLES, "a b")).toEqual({
      template: "a b",
      dropped: ["${var.fee}"],
    });
  });

  test("substituting the variables again gives the requested text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "${var.company}",
        "${var.fee}",
        "${var.nothing}",
        "\n",
        " ",
        "$${",
        "$",
        "the ",
        "95",
        "Acme ",
      ),
      fc.string({ maxLength: 4 }).map(escaped),
    );
    const template = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    const edit = fc.tuple(
      fc.nat(60),
      fc.nat(10),
      fc.constantFrom("", "x", "${", "95", "\nAcme Voice ", "${var.fee}"),
    );
    fc.assert(
      fc.property(template, fc.array(edit, { maxLength: 3 }), (before, edits) => {
        const text = edits.reduce(
          (all, [at, length, more]) => all.slice(0, at) + more + all.slice(at + length),
          filled(before),
        );
        const told = rewriteTemplate(before, VARIABLES, text);
        if ("template" in told) expect(filled(told.template)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

/** As the loader does it. */
function filled(template: string): string {
  return template.replace(/\$\$\{|\$\{var\.(\w+)\}/g, (mark, name: string | undefined) =>
    name === undefined ? "${" : (VARIABLES.get(name) ?? mark),
  );
}

describe("an included file", () => {
  test.each([
    ["keeps the final line ending", "one\ntwo\n", "one\n2", "one\n2\n"],
    ["keeps a missing final line ending", "one\ntwo", "one\n2", "one\n2"],
    ["gets a final line ending if the text has one", "one", "two\n", "two\n\n"],
    ["keeps Windows line endings", "one\r\ntwo\r\n", "one\n2\nthree", "one\r\n2\r\nthree\r\n"],
    ["keeps mixed line endings in unchanged lines", "one\ntwo\r\nthree\n", "one\ntwo\n3", "one\ntwo\r\n3\n"],
  ])("%s", (_, old, text, wanted) => {
    expect(includedText(old, text, undefined)).toEqual({ template: wanted, dropped: [] });
  });

  test("has plain text if variables are not substituted", () => {
    expect(includedText("${var.fee}\n", "${var.fee} and ${x}", undefined)).toMatchObject({
      template: "${var.fee} and ${x}\n",
    });
    expect(includedText("${var.fee}\n", "95 and ${x}", VARIABLES)).toMatchObject({
      template: "${var.fee} and $${x}\n",
    });
  });
});
