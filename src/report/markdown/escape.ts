import { visible } from "../../model/visible.ts";

/**
 * Text on a Markdown page. All of it was made visible before, so that it holds no line end and no control character.
 * What could mean something to Markdown, or to the forge that shows the page, stands in code.
 */

/** Text in a code span: nothing in it is markup, a mention or a link. */
export function code(text: string): string {
  if (text === "") return "";
  return /[`|\\]|^\s|\s$/.test(text) ? `<code>${entities(text)}</code>` : `\`${text}\``;
}

/** A sentence; words that are not plainly words stand in code. */
export function prose(text: string): string {
  return words(text, code);
}

/** The same inside an HTML block, where Markdown is not read. */
export function htmlProse(text: string): string {
  return words(text, (word) => `<code>${entities(word)}</code>`);
}

/** Letters and digits with punctuation that no Markdown knows; no file names, hashes, mentions or numbers of issues. */
const PLAIN_WORD =
  /^["'(“]*\p{L}[\p{L}\p{M}'’]*(?:-\p{L}[\p{L}\p{M}]*)*[.,;:!?"')”]*$|^\d{1,4}(?:[.,]\d{1,4})?[,;:%]?$|^\(\d{1,4}\)[.,;:]?$|^[—–→·%…][.,;:]?$/u;

function words(text: string, other: (word: string) => string): string {
  return text
    .trim()
    .split(/ +/)
    .map((word) => {
      if (word === "" || PLAIN_WORD.test(word)) return word;
      const [, inner = word, end = ""] = /^(.*?)([.,;:]*)$/su.exec(word) ?? [];
      return inner === "" ? other(word) : `${other(inner)}${end}`;
    })
    .join(" ");
}

/** Every character that is not a letter, a digit or harmless, as a number. */
function entities(text: string): string {
  return text.replaceAll(
    /[^\p{L}\p{M}\p{N} .,;()'/=-]/gu,
    (character) => `&#${character.codePointAt(0) ?? 0};`,
  );
}

/** For a marker in a comment: holds neither `--` nor `>`. */
export function token(text: string): string {
  return encodeURIComponent(visible(text)).replaceAll("-", "%2D");
}
