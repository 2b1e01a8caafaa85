/** What no line of output may hold: it moves the cursor, reorders, hides, or ends the line for some readers. */
const HIDDEN = /(?!\uFE0E|\uFE0F|\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const FORGED = "forged";

/** Escapes that clear the screen, colour, hide and link; line ends and overrides; each followed by a forged line. */
export const HOSTILE = [
  "\u001B[2J\u001B[1;31m\u001B[8m\u001B]8;;https://evil.example\u0007",
  "\r\n\u000B\u000C\u0085\u2028\u2029",
  "\b\u007F\u009B31m\u0000",
  "\u202A\u202E\u2066\u2069\u200B\u200D\u2060\uFEFF\u00AD\u{E0041}\u{1D173}",
  "\n::add-mask::",
]
  .map((text) => `${text}\n${FORGED}`)
  .join(" ");

/** What of it a manifest may hold. */
export const HOSTILE_TEXT = HOSTILE.replaceAll(/(?!\n)\p{Cc}/gu, "");

/** The same in bytes that a header of HTTP can carry. */
export const HOSTILE_HEADER = "\u009B31m\u0085\u00AD forged \u0080";

/** The same for a name of a file. */
export const HOSTILE_NAME = HOSTILE.replaceAll("\0", "").replaceAll("/", "").slice(0, 60);

/** Lines with a character that is to be written out, and lines that are not Rollcall's. */
export function unsafe(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines
    .filter((line) => HIDDEN.test(line) || line.startsWith(FORGED))
    .map((line) => JSON.stringify(line));
}
