/** So many of them, from the first to the last in equal steps. */
export function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (count >= items.length) return items;
  const step = (items.length - 1) / (count - 1);
  const chosen = new Set(Array.from({ length: count }, (_, nth) => Math.round(nth * step)));
  return items.filter((_, index) => chosen.has(index));
}
