/** Removes secrets from a text that is shown. */
export type Redact = (text: string) => string;

const MASK = "[redacted]";

/** What looks like a credential wherever it stands; plain words after `Bearer` have no digit and no capital inside. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b([Bb]earer|BEARER|[Bb]asic|BASIC)\s+(?=[^\s"',]*\d|[^\s"',]+[A-Z=])[\w.~+/=-]{8,}/g, `$1 ${MASK}`],
  [/\bKEY[A-Za-z0-9_-]{16,}/g, MASK],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, MASK],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]+@/gi, `$1${MASK}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
];

/** Knows the given secrets in every form a message may hold them in: plain, URL-encoded, within JSON text. */
export function redactor(secrets: readonly string[]): Redact {
  const forms = secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .filter((form) => form.length >= 4)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    const known = forms.reduce((result, form) => result.replaceAll(form, MASK), text);
    return SHAPES.reduce((result, [shape, mask]) => result.replaceAll(shape, mask), known);
  };
}
