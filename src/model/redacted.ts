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
