/** In code unit order, which is the same everywhere; for `sort`. */
export function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
