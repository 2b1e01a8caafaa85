/** A form of a credential, as who issues it documents it; with a group `secret`, only that is one. */
export interface Form {
  /** With its article: `a Telnyx API key`. */
  readonly name: string;
  readonly pattern: RegExp;
  /** Cheap to look for; where it is not, the pattern does not match. */
  readonly hint: RegExp;
  /** What the pattern matches may have no word as long as `LONG_WORD`. */
  readonly hasShortWords?: true;
  /** Whether what the pattern found is one after all. */
  readonly confirm?: (secret: string) => boolean;
}

/** Nearly every credential has so many characters in a row without white space, and few sentences have. */
export const LONG_WORD = 15;

/** Whether a text has a long word. Looks at every third character or so: it goes over all that manifests say. */
export function hasLongWord(text: string): boolean {
  for (let end = LONG_WORD - 1; end < text.length;) {
    const space = lastSpace(text, end);
    if (space === end - LONG_WORD) return true;
    end = space + LONG_WORD;
  }
  return false;
}

/** Where the last white space is among the characters of a long word that ends here; before them, when none is. */
function lastSpace(text: string, end: number): number {
  let at = end;
  while (at > end - LONG_WORD && !isSpace(text.charCodeAt(at))) at -= 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
