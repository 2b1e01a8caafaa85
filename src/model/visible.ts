/** Line ends, escape sequences and invisible characters of foreign text, made visible. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Removes user, password and query from URLs, credentials from headers, and `secrets` everywhere. */
export function redacted(text: string, secrets: readonly string[] = []): string {
  const plain = secrets
    .filter((secret) => secret.length > 0)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
  return plain
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi, "$1***@")
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s?#'"]*)\?[^\s'"#]*/gi, "$1?***")
    .replace(/\b(basic|bearer)\s+[\w.~+/=-]{8,}/gi, "$1 ***");
}
