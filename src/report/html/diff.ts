import { counted } from "../phrases.ts";
import type { DiffLine, Hunk, TextDiff } from "../text-diff.ts";
import type { Words } from "../words.ts";
import { markup, type Content, type Markup } from "./markup.ts";

export interface DiffWords {
  /** Whose diff it is, for those who do not see it. */
  readonly label: string;
  readonly caption: Content;
  /** Text for people, and not a block of settings. */
  readonly isProse: boolean;
}

/** Longer diffs show their beginning, and the rest when it is asked for. */
const MOST_OPEN_LINES = 60;
const BEGINNING = 30;

/**
 * A diff that reads line by line and, where the page says so, side by side: both come from the same elements.
 */
export function diffFigure(diff: TextDiff, { label, caption, isProse }: DiffWords): Markup {
  const blocks = diff.hunks.flatMap((hunk, index) => [...skipped(hunk, index), ...blocksOf(hunk.lines)]);
  const sides = diff.added === 0 || diff.removed === 0 ? " whole" : "";
  const { shown, rest } = folded(blocks);
  return markup`<figure class="diff${sides}${isProse ? " prose" : ""}" aria-label="${label}">
<figcaption>${caption} <span class="count"><ins>+${diff.added}</ins> <del>−${diff.removed}</del></span></figcaption>
<div class="lines">${shown.map(blockMarkup)}${rest.length === 0 ? undefined : fold(rest)}</div></figure>`;
}

/** Lines that are shown together. The two sides of `changed` are shown next to each other. */
type DiffBlock =
  | { readonly type: "gap"; readonly lines: number }
  | { readonly type: "same"; readonly line: Extract<DiffLine, { readonly type: "same" }> }
  | { readonly type: "changed"; readonly removed: readonly Removed[]; readonly added: readonly Added[] };

type Removed = Extract<DiffLine, { readonly type: "removed" }>;
type Added = Extract<DiffLine, { readonly type: "added" }>;

function skipped({ skipped }: Hunk, index: number): readonly DiffBlock[] {
  return index > 0 && skipped > 0 ? [{ type: "gap", lines: skipped }] : [];
}

/** A line and what became of it are a block of their own; other changed lines are gathered. */
function blocksOf(lines: readonly DiffLine[]): readonly DiffBlock[] {
  const blocks: DiffBlock[] = [];
  let [removed, added]: [Removed[], Added[]] = [[], []];
  const close = () => {
    if (removed.length + added.length > 0) blocks.push({ type: "changed", removed, added });
    [removed, added] = [[], []];
  };
  for (const [index, line] of lines.entries()) {
    if (line.type === "same") {
      close();
      blocks.push({ type: "same", line });
      continue;
    }
    const isPair = line.type === "removed" && isPaired(line, lines[index + 1]);
    if (isPair || (line.type === "removed" && added.length > 0)) close();
    if (line.type === "removed") removed.push(line);
    else {
      added.push(line);
      if (isPaired(lines[index - 1], line)) close();
    }
  }
  close();
  return blocks;
}

/** Only lines that correspond have words apart from the others. */
function isPaired(one: DiffLine | undefined, next: DiffLine | undefined): boolean {
  if (one?.type !== "removed" || next?.type !== "added") return false;
  return [...one.words, ...next.words].some(({ changed }) => changed);
}

function sizeOf(block: DiffBlock): number {
  return block.type === "changed" ? block.removed.length + block.added.length : 1;
}

function folded(blocks: readonly DiffBlock[]): {
  readonly shown: readonly DiffBlock[];
  readonly rest: readonly DiffBlock[];
} {
  const total = blocks.reduce((sum, block) => sum + sizeOf(block), 0);
  if (total <= MOST_OPEN_LINES) return { shown: blocks, rest: [] };
  const parts = blocks.flatMap(halved);
  let [lines, at] = [0, 0];
  for (const part of parts) {
    if (lines >= BEGINNING) break;
    lines += sizeOf(part);
    at += 1;
  }
  return { shown: parts.slice(0, at), rest: parts.slice(at) };
}

/** A long run of changed lines can be cut as well. */
function halved(block: DiffBlock): readonly DiffBlock[] {
  if (block.type !== "changed" || sizeOf(block) <= BEGINNING) return [block];
  const [removed, added] = [block.removed, block.added];
  const half = Math.min(BEGINNING / 2, Math.max(removed.length, added.length));
  return [
    { type: "changed", removed: removed.slice(0, half), added: added.slice(0, half) },
    ...halved({ type: "changed", removed: removed.slice(half), added: added.slice(half) }),
  ];
}

function fold(blocks: readonly DiffBlock[]): Markup {
  const lines = blocks.reduce((sum, block) => sum + sizeOf(block), 0);
  return markup`<details class="more"><summary>${counted(lines, "more line")}</summary>${blocks.map(blockMarkup)}</details>`;
}

function blockMarkup(block: DiffBlock): Markup {
  switch (block.type) {
    case "gap":
      return markup`<div class="gap">${counted(block.lines, "unchanged line")}</div>`;
    case "same":
      return markup`<p><i>${block.line.after}</i>${block.line.text}</p>`;
    case "changed":
      return markup`<div class="c">${block.removed.map(
        ({ before, words }) => markup`<del><i>${before}</i>${wordsMarkup(words)}</del>`,
      )}${block.added.map(({ after, words }) => markup`<ins><i>${after}</i>${wordsMarkup(words)}</ins>`)}</div>`;
  }
}

export function wordsMarkup(words: readonly Words[]): readonly Content[] {
  return words.map(({ text, changed }) => (changed ? markup`<mark>${text}</mark>` : text));
}
