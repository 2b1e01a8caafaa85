/** The markers that begin or end a YAML document, at the start of a line. */
export const MARKER = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm;

/** The text of each document of a file, with the comments above it and without what separates it from the others. */
export function documentTexts(text: string): readonly string[] {
  const starts = [0];
  const ends: number[] = [];
  for (const { index, 0: marker } of text.matchAll(MARKER)) {
    ends.push(index);
    starts.push(index + marker.length);
  }
  ends.push(text.length);
  return starts.map((start, at) => text.slice(start, ends[at]).replace(/^[ \t]*\r?\n/, ""));
}
