import { diffArrays } from "diff";
import { wordDiff, type WordDiff, type Words } from "./words.ts";

/** Line numbers count from 1. A line without a counterpart on the other side is one unchanged stretch. */
export type DiffLine =
  | { readonly type: "same"; readonly before: number; readonly after: number; readonly text: string }
  | { readonly type: "removed"; readonly before: number; readonly words: readonly Words[] }
  | { readonly type: "added"; readonly after: number; readonly words: readonly Words[] };

/** `skipped` unchanged lines stand before it and are not shown. */
export interface Hunk {
  readonly skipped: number;
  readonly lines: readonly DiffLine[];
}

/** Two texts compared by line, and changed lines by word: plain data for every format. */
export interface TextDiff {
  readonly added: number;
  readonly removed: number;
  readonly hunks: readonly Hunk[];
  /** Unchanged lines after the last hunk. */
  readonly skipped: number;
}

/** Beyond these the search costs more than its answer is worth: everything counts as changed. */
const MOST_LINE_EDITS = 2000;
const MOST_PAIRS = 2500;

type Block = { readonly removed: readonly string[]; readonly added: readonly string[] };

/** `context` is the number of unchanged lines around a change. */
export function textDiff(before: readonly string[], after: readonly string[], context = 2): TextDiff {
  const lines = diffLines(before, after);
  const count = (type: DiffLine["type"]) => lines.filter((line) => line.type === type).length;
  return { added: count("added"), removed: count("removed"), ...hunksOf(lines, context) };
}

function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const edits = diffArrays([...before], [...after], { maxEditLength: MOST_LINE_EDITS }) ?? [
    { value: [...before], removed: true, added: false },
    { value: [...after], removed: false, added: true },
  ];
  const result: DiffLine[] = [];
  const at = { before: 1, after: 1 };
  let block: Block = { removed: [], added: [] };
  const flush = () => {
    result.push(...blockLines(block, at));
    at.before += block.removed.length;
    at.after += block.added.length;
    block = { removed: [], added: [] };
  };
  for (const { value, removed, added } of edits) {
    if (removed) block = { ...block, removed: [...block.removed, ...value] };
    else if (added) block = { ...block, added: [...block.added, ...value] };
    else {
      flush();
      for (const text of value) result.push({ type: "same", before: at.before++, after: at.after++, text });
    }
  }
  flush();
  return result;
}

/** Lines that correspond stand one under the other, which reads better in prose than all old, then all new. */
function blockLines(
  block: Block,
  at: { readonly before: number; readonly after: number },
): readonly DiffLine[] {
  const removed = (index: number, words: readonly Words[]): DiffLine => ({
    type: "removed",
    before: at.before + index,
    words,
  });
  const added = (index: number, words: readonly Words[]): DiffLine => ({
    type: "added",
    after: at.after + index,
    words,
  });
  const whole = (text: string | undefined) => [{ text: text ?? "", changed: false }];
  const result: DiffLine[] = [];
  let [left, right] = [0, 0];
  const until = (toLeft: number, toRight: number) => {
    for (; left < toLeft; left++) result.push(removed(left, whole(block.removed[left])));
    for (; right < toRight; right++) result.push(added(right, whole(block.added[right])));
  };
  for (const pair of pairs(block)) {
    until(pair.removed, pair.added);
    result.push(removed(left++, pair.words.before), added(right++, pair.words.after));
  }
  until(block.removed.length, block.added.length);
  return result;
}

interface Pair {
  readonly removed: number;
  readonly added: number;
  readonly words: WordDiff;
}

/** Which removed line became which added one: in order, each with the first later line that has half its words. */
function pairs({ removed, added }: Block): readonly Pair[] {
  if (removed.length * added.length > MOST_PAIRS) return [];
  const result: Pair[] = [];
  let next = 0;
  for (const [left, line] of removed.entries()) {
    for (let right = next; right < added.length; right++) {
      const words = wordDiff(line, added[right] ?? "");
      if (!isAlike(words)) continue;
      result.push({ removed: left, added: right, words });
      next = right + 1;
      break;
    }
  }
  return result;
}

/** A change with the lines around it; a gap that would hide less than its own note is shown as well. */
function shownLines(lines: readonly DiffLine[], context: number): readonly boolean[] {
  const changed = lines.flatMap(({ type }, index) => (type === "same" ? [] : [index]));
  const shown = lines.map(() => false);
  let last: number | undefined;
  for (const index of changed) {
    const reach = last !== undefined && index - last <= 2 * context + 2 ? last : index - context;
    shown.fill(true, Math.max(0, reach), index + context + 1);
    last = index;
  }
  return shown;
}

/** Half of the text is common, and in few pieces: marks on every other word are hard to read. */
function isAlike({ before, after, common }: WordDiff): boolean {
  const shreds = Math.max(...[before, after].map((words) => words.filter(({ changed }) => changed).length));
  return common >= 0.75 || (common >= 0.5 && shreds <= 3);
}

function hunksOf(lines: readonly DiffLine[], context: number): Pick<TextDiff, "hunks" | "skipped"> {
  const shown = shownLines(lines, context);
  const hunks: Hunk[] = [];
  let skipped = 0;
  let hunk: DiffLine[] = [];
  const close = () => {
    if (hunk.length === 0) return;
    hunks.push({ skipped, lines: hunk });
    [skipped, hunk] = [0, []];
  };
  for (const [index, line] of lines.entries()) {
    if (shown[index] === true) hunk.push(line);
    else {
      close();
      skipped += 1;
    }
  }
  close();
  return { hunks, skipped };
}
