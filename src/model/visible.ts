/**
 * Controls, line separators, directional marks and overrides, zero-width and other invisible characters, and halves
 * of surrogate pairs; not the two selectors that choose between text and picture form.
 */
const HIDDEN = /(?!\uFE0E|\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Joins pictures into one, such as a family; between anything else it is invisible text. */
const JOINED_PICTURES =
  /(?<=\p{Extended_Pictographic}\p{Emoji_Modifier}?\uFE0F?)\u200D(?=\p{Extended_Pictographic})/uy;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b" };

/**
 * One line of text that cannot move the cursor, reorder what stands around it or hide anything: every such character
 * is written out, `\u202e`. Everything that comes from the API or from a manifest passes through here before it is
 * printed.
 */
export function visible(text: string): string {
  return withoutHidden(text, (character) => SHORT[character] ?? escaped(character));
}

/** The same with escapes that JSON has, so that JSON with hidden characters in its texts says the same as before. */
export function visibleInJson(text: string): string {
  return withoutHidden(text, jsonEscaped);
}

/** Text of several lines, each of them made visible. */
export function visibleLines(text: string): readonly string[] {
  return text.split("\n").map(visible);
}

/** One text of several lines, each of them made visible. */
export function visibleText(lines: readonly string[]): string {
  return lines.map(visible).join("\n");
}

/** Most texts, which need no closer look. */
export const PLAIN = /^[\x20-\x7E]*$/;

function withoutHidden(text: string, spell: (character: string) => string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(HIDDEN, (character, offset: number) =>
    character === "\u200D" && joinsPictures(text, offset) ? character : spell(character),
  );
}

function joinsPictures(text: string, offset: number): boolean {
  JOINED_PICTURES.lastIndex = offset;
  return JOINED_PICTURES.test(text);
}

/** The characters that fit the pattern written out, whatever they are. */
export function spelled(text: string, pattern: RegExp): string {
  return text.replaceAll(pattern, escaped);
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}

/** A character as an escape that JSON has; one beyond 16 bits is two of them. */
export function jsonEscaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
