import type { FileDiff } from "../model/file-change.ts";
import { visible, visibleLines } from "../model/visible.ts";
import { paint, type Style } from "./style.ts";
import { textDiff } from "./text-diff.ts";
import { diffLines } from "./text/diff.ts";

/** Files that change, each with its lines. */
export function fileChangesText(changes: readonly FileDiff[], style: Style): string {
  return changes.map((change) => fileChangeText(change, style)).join("\n\n");
}

function fileChangeText({ file, before, after }: FileDiff, style: Style): string {
  const what = before === undefined ? "created" : after === undefined ? "deleted" : "changed";
  const title = paint([{ text: `  # ${visible(file)} will be ${what}`, tone: "title" }], style);
  const diff = textDiff(linesOf(before), linesOf(after));
  const lines = diffLines(diff, { ...style, full: true, numbered: true, indent: 4 });
  return [title, ...lines.map((line) => paint(line, style))].join("\n");
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : visibleLines(text.replace(/\n$/, ""));
}
