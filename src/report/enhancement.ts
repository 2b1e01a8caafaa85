import { visibleLines } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { textDiff } from "./text-diff.ts";
import { diffLines } from "./text/diff.ts";

/** Two texts compared by word. */
export function wordDiffText(before: string, after: string, style: Style): string {
  const diff = textDiff(visibleLines(before), visibleLines(after));
  const lines = diffLines(diff, { ...style, full: true, numbered: true, indent: 2 });
  return lines.map((line) => paint(line, style)).join("\n");
}
