import { describe, expect, test } from "vitest";
import { annotation, printable } from "./printable.ts";
import { paint } from "./style.ts";

const LOG = { colour: false, runner: true };
const TERMINAL = { colour: true, runner: false };

test.each([
  ["::add-mask::x", "\\u003a:add-mask::x"],
  [" \t\u00A0::add-mask::x", " \t\u00A0\\u003a:add-mask::x"],
  ["one\n::two::", "one\n\\u003a:two::"],
  ["a ##[group]b", "a \\u0023#[group]b"],
  ["###[group]", "#\\u0023#[group]"],
  ["##vso[task.x]", "\\u0023#vso[task.x]"],
  ["##TeamCity[x]", "\\u0023#TeamCity[x]"],
  ["section_start:1:a\r\u001B[0K", "\\u0073ection_start:1:a\\u000d\\u001b[0K"],
  ["+++ a", "\\u002b++ a"],
  ["^^^ +++", "\\u005e^^ +++"],
])("no runner executes %j as a command", (text, shown) => {
  expect(printable(text, LOG)).toBe(shown);
});

test.each(["std::vector", "# heading", "## heading", "---", "- item", "a::b::c", "section_3", "\ta\tb\n"])(
  "%j is not changed in the log of a CI job",
  (text) => {
    expect(printable(text, LOG)).toBe(text);
  },
);

test("outside of a CI job, only hidden characters are escaped", () => {
  expect(printable("::a::\u001B[2J\n##[b]\u{E0041}", { colour: false, runner: false })).toBe(
    "::a::\\u001b[2J\n##[b]\\udb40\\udc41",
  );
});

test("JSON keeps its meaning for every hidden character", () => {
  const all = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join("");
  const value = { [`${all}\u{E0041}\uD83D`]: ["::x::", '##[y]\\##[y]"##[y]', "section_start:1:", all] };
  for (const indent of [0, 2])
    expect(JSON.parse(printable(JSON.stringify(value, null, indent), LOG))).toEqual(value);
});

describe("on a terminal", () => {
  const painted = paint([{ text: "a", tone: "addedWords" }, { text: "b" }], { colour: true, width: 80 });

  test("the colours of reports are kept", () => {
    expect(printable(painted, TERMINAL)).toBe(painted);
  });

  test("other sequences are escaped, and commands after a colour are harmless", () => {
    expect(printable(`${painted}\u001B[8mhidden`, TERMINAL)).toBe(`${painted}\\u001b[8mhidden`);
    const command = paint([{ text: "::a::", tone: "title" }], { colour: true, width: 80 });
    expect(printable(command, { colour: true, runner: true })).toContain("m\\u003a:a::");
  });
});

test("an annotation is one line and one command for any text", () => {
  const text = annotation("error", { file: "a,b:c\n%.yaml", line: 3 }, "one\r\n::two::\u001B[2J ##[three] 4%");
  expect(text).toBe(
    "::error file=a%2Cb%3Ac%0A%25.yaml,line=3::one%0D%0A::two::\\u001b[2J \\u0023#[three] 4%25\n",
  );
});
