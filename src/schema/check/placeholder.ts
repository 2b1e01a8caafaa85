/** Stands where a person has to fill something in. */
export const PLACEHOLDER = "TODO";

export function isPlaceholder(text: string): boolean {
  return text.trim() === PLACEHOLDER;
}
