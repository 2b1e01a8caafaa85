import type { Form } from "./form.ts";
import { FORMS } from "./forms.ts";
import { PUBLISHED_HINTS, publishedIn, type Stretch } from "./published.ts";

export type Credential = Stretch;

/** Credentials in clear, in the order in which they stand; those that overlap are one. */
export function credentialsIn(text: string): readonly Credential[] {
  const published = PUBLISHED_HINTS.test(text) ? publishedIn(text) : [];
  const found = [...FORMS.flatMap((form) => stretchesOf(form, text)), ...published];
  const merged: Credential[] = [];
  for (const one of found.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || one.start >= last.end) merged.push(one);
    else if (one.end > last.end) merged[merged.length - 1] = { ...last, end: one.end };
  }
  return merged;
}

/** Credentials in a value; where it alone shows none, in the light of the name that it stands under. */
export function credentialsUnder(name: string, value: string): readonly Credential[] {
  const own = credentialsIn(value);
  if (own.length > 0 || !TELLING.test(name)) return own;
  const before = `${name}: `.length;
  return credentialsIn(`${name}: ${value}`)
    .filter(({ end }) => end > before)
    .map((one) => ({ name: one.name, start: Math.max(0, one.start - before), end: one.end - before }));
}

/** Names of what may be a secret. */
const TELLING = /key|token|secret|pass|pwd|auth/i;

function stretchesOf({ name, hint, pattern, confirm }: Form, text: string): readonly Stretch[] {
  if (!hint.test(text)) return [];
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [start, end] = match.indices?.groups?.["secret"] ?? [match.index, match.index + match[0].length];
    return confirm === undefined || confirm(text.slice(start, end)) ? [{ name, start, end }] : [];
  });
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
