import type { Chance } from "./chance.ts";

/** A port of this machine that no command has a reason to connect to. */
export const TRAP_PORT = 7;
const TRAP = `http://127.0.0.1:${TRAP_PORT}/`;

const LONG = "a".repeat(100_000);

/** Texts that have a meaning to somebody who reads them: a terminal, a runner, a shell, a file system, a parser. */
const TEXTS: readonly string[] = [
  "",
  " ",
  "\n",
  "\r\n",
  "\0",
  "\u001b[2J\u001b]0;title\u0007",
  "\u202Eright to left\u2066",
  "\uD800",
  "\uFEFF",
  "👩‍👩‍👧‍👦".repeat(50),
  "e\u0301\u0327".repeat(30),
  "\n::add-mask::word\n",
  "##[set-output name=a]b",
  "::set-output name=a::b",
  "##vso[task.setvariable variable=a]b",
  "section_start:0:a\r\u001b[0K",
  "<script>alert(1)</script>",
  "-->\n<!-- rollcall plan voice production -->",
  "```\n</details>",
  "$(touch ../outside/touched)",
  "; touch ../outside/touched #",
  "--upload-pack=touch ../outside/touched",
  "ext::touch ../outside/touched",
  "../outside/secret.txt",
  "../../../../../../etc/hosts",
  "/etc/hosts",
  "/dev/zero",
  "C:\\Windows\\system.ini",
  ".git/config",
  "con",
  "a/../../b",
  "__proto__",
  "constructor",
  "toString",
  "${var.company}",
  "${var.${var.company}}",
  "${env.HOME}",
  "{{name}}",
  "{{{{{{",
  "%s%n%00",
  TRAP,
  "https://fuzz.invalid/",
  "file:///etc/hosts",
  "http://[::1",
  "//fuzz.invalid/a",
  "Assistant/front-desk",
  "Assistant/",
  "*",
  "~",
  "!!js/function x",
  "2026-02-30T25:61:00Z",
  "9999-12-31T23:59:59Z",
  "(a+)+$",
  LONG,
];

const NUMBERS: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.1,
  1e21,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53 + 2,
  100,
  101,
  3,
  99_999_999_999,
];

/** Anything that JSON can say. */
export function anyValue(chance: Chance): unknown {
  switch (chance.below(8)) {
    case 0:
      return null;
    case 1:
      return chance.oneIn(2);
    case 2:
      return chance.pick(NUMBERS);
    case 3:
      return [];
    case 4:
      return {};
    case 5:
      return chance.oneIn(6) ? nested(chance.pick([50, 190, 210, 20_000])) : [anyText(chance)];
    default:
      return anyText(chance);
  }
}

export function anyText(chance: Chance): string {
  return chance.pick(TEXTS);
}

/** Written out by hand: `JSON.stringify` has no stack for the deepest. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function nested(depth: number): Raw {
  return new Raw("[".repeat(depth) + "]".repeat(depth));
}
