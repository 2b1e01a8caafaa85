/**
 * What a secret in clear looks like. Lengths are bounded, so that no text makes the search slow; a digit is asked for,
 * so that plain words do not match.
 */
const CREDENTIALS: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  {
    name: "a Telnyx API key",
    pattern: /\bKEY(?=[0-9A-Za-z_]{0,64}\d)[0-9A-Za-z]{16,64}(?:_[0-9A-Za-z]{8,64})?/g,
  },
  {
    name: "a secret key",
    pattern: /(?<![0-9A-Za-z_-])sk-(?=[0-9A-Za-z_-]{0,64}\d)[0-9A-Za-z_-]{20,200}/g,
  },
  { name: "a bearer token", pattern: /\bBearer[ \t]{1,8}(?=[^\s]{0,64}\d)[0-9A-Za-z._~+/=-]{16,4096}/gi },
  {
    name: "a signed token",
    pattern: /\beyJ[0-9A-Za-z_-]{10,2048}\.eyJ[0-9A-Za-z_-]{10,4096}\.[0-9A-Za-z_-]{10,1024}/g,
  },
  {
    name: "a private key",
    pattern: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----[^-]{0,8192}(?:-----END)?/g,
  },
  {
    name: "a password in a URL",
    pattern: /:\/\/[^\s/?#:@'"<>{}]{0,128}:(?!\*+@)(?<secret>[^\s/?#@'"<>{}]{1,256})@/dg,
  },
  { name: "a GitHub token", pattern: /\b(?:gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_[0-9A-Za-z_]{22,255})/g },
  { name: "a Slack token", pattern: /\bxox[abprs]-[0-9A-Za-z-]{10,255}/g },
  { name: "an AWS access key", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { name: "a Google API key", pattern: /\bAIza[0-9A-Za-z_-]{35}/g },
];

/** Cheap to run; without a hit none of the patterns matches. */
const HINTS = /KEY|sk-|bearer|eyJ|PRIVATE|:\/\/|gh[pousr]_|github_pat_|xox|AKIA|ASIA|AIza/i;

export interface Credential {
  /** With its article: `a Telnyx API key`. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export function credentialsIn(text: string): readonly Credential[] {
  if (!HINTS.test(text)) return [];
  const found = CREDENTIALS.flatMap(({ name, pattern }) =>
    [...text.matchAll(pattern)].map((match) => {
      const [start, end] = match.indices?.groups?.["secret"] ?? [match.index, match.index + match[0].length];
      return { name, start, end };
    }),
  );
  return found.sort((a, b) => a.start - b.start);
}

/** The text with credentials struck out, letter by letter, so that positions stay. */
export function masked(text: string): string {
  return struckOut(text, credentialsIn(text));
}

/** The text with stars in place of the letters of the given stretches. */
export function struckOut(
  text: string,
  stretches: readonly { readonly start: number; readonly end: number }[],
): string {
  let done = 0;
  let result = "";
  for (const { start, end } of [...stretches].sort((a, b) => a.start - b.start)) {
    const from = Math.max(start, done);
    if (from >= end) continue;
    result += text.slice(done, from) + text.slice(from, end).replaceAll(/\S/g, "*");
    done = end;
  }
  return result + text.slice(done);
}
