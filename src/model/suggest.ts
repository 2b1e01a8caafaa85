/** A bound for hostile files. */
const MOST_CANDIDATES = 2000;

/** The candidate that was most likely meant, or `undefined` when none is near. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length > 100) return undefined;
  const limit = Math.max(1, Math.floor(text.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  let looked = 0;
  for (const candidate of candidates) {
    if (++looked > MOST_CANDIDATES) break;
    if (candidate === text) continue;
    const distance = near(text, candidate, best === undefined ? limit : best.distance - 1);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** A missing or additional end counts as much as one wrong letter. A distance above `limit` is too large. */
function near(a: string, b: string, limit: number): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= 4 && long.length > short.length && fold(long).startsWith(`${fold(short)}_`)) return 1;
  return long.length - short.length > limit ? limit + 1 : distanceBetween(fold(a), fold(b), limit);
}

export function didYouMean(text: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(text, candidates);
  return found === undefined ? undefined : `did you mean "${found}"?`;
}

/** `a, b, c and 5 more`. */
export function listed(words: readonly string[], most = 12): string {
  const rest = words.length - most;
  return rest > 1 ? `${words.slice(0, most).join(", ")} and ${rest} more` : words.join(", ");
}

/**
 * The known value that the text most likely mistypes. A text that differs only in its numbers is a newer version of
 * the value and not mistyped.
 */
export function mistyped(text: string, known: readonly string[]): string | undefined {
  return known.find((value) => {
    if (bare(text) === bare(value)) return true;
    if (withoutNumbers(text) === withoutNumbers(value)) return false;
    const limit = value.length < 5 ? 1 : 2;
    if (Math.abs(text.length - value.length) > limit) return false;
    return distanceBetween(fold(text), fold(value), limit) <= limit;
  });
}

function bare(text: string): string {
  return text.toLowerCase().replaceAll(/[-_. ]/g, "");
}

function withoutNumbers(text: string): string {
  return bare(text).replaceAll(/\d+/g, "");
}

/** What stands behind a name for its form alone. */
const FORM = /^_(?:settings|config|ids?|ms|secs|url|ref)$/;

/** The field whose name a key most likely mistypes or shortens. */
export function misspelt(text: string, fields: readonly string[]): string | undefined {
  return (
    mistyped(text, fields) ?? fields.find((field) => text.length >= 4 && isCutShort(fold(text), fold(field)))
  );
}

/** Within a word, or before an ending that says nothing. */
function isCutShort(text: string, candidate: string): boolean {
  if (!candidate.startsWith(text)) return false;
  const rest = candidate.slice(text.length);
  return !rest.startsWith("_") || FORM.test(rest);
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll("-", "_");
}

/**
 * Damerau and Levenshtein: letters added, left out, changed or swapped with their neighbour. Gives up with some number
 * above `limit` as soon as it can only get worse.
 */
function distanceBetween(a: string, b: string, limit = Infinity): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches back one row further.
    if (least > limit + 1) return least;
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}
