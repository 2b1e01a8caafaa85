/** Letters, digits, `_`, `-` and `%`: two texts that differ stay different, and branches and artifacts take it. */
export function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[^\w%-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The same without a hyphen: a part of an HTML comment, or of a name that hyphens divide. */
export function withoutHyphens(text: string): string {
  return escaped(text).replaceAll("-", "%2D");
}
