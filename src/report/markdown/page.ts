import { Buffer } from "node:buffer";

/**
 * A part of a page. `lines` can be cut at their end; `rest` is shown for those that were. `rank` says what is cut first:
 * 1 diffs, 2 tables of fields, 3 the overview.
 */
export type Piece =
  | { readonly type: "fixed"; readonly text: string }
  | {
      readonly type: "lines";
      readonly rank: 1 | 2 | 3;
      readonly head: string;
      readonly lines: readonly string[];
      readonly foot: string;
      readonly rest: (cut: number) => string;
    };

/** Parts that are shown or left out together. */
export interface Section {
  readonly pieces: readonly Piece[];
  /** Sections of less weight are left out before others. */
  readonly weight: number;
}

export interface Page {
  readonly top: readonly Piece[];
  readonly sections: readonly Section[];
  readonly bottom: readonly Piece[];
}

/** What did not fit. */
export interface Cut {
  readonly diffs: number;
  readonly tables: number;
  readonly sections: number;
}

export function fixed(text: string): Piece {
  return { type: "fixed", text };
}

interface Slot {
  readonly piece: Piece;
  kept: number;
  size: number;
}

interface Draft {
  readonly top: readonly Slot[];
  readonly sections: readonly { readonly slots: readonly Slot[]; readonly weight: number; isOut: boolean }[];
  readonly bottom: readonly Slot[];
  size: number;
}

/** What stays of the longest part at each turn. */
const SHRINK = 0.8;

/**
 * The page in at most `limit` bytes of UTF-8, which are never fewer than its characters. The longest diffs are cut
 * first, then tables, then the lightest sections go, the last of them first; what is left keeps something to read.
 * `note` tells what was cut, and is counted.
 */
export function fit(page: Page, limit: number, note: (cut: Cut) => string): string {
  const draft = draftOf(page);
  if (draft.size <= limit) return textOf(draft, note);
  const room = limit - Buffer.byteLength(note({ diffs: 9999, tables: 9999, sections: 9999 })) - 4;
  shrink(draft, room, 1, 12);
  shrink(draft, room, 2, 6);
  leaveOut(draft, room, 0);
  shrink(draft, room, 1, 4);
  for (const weight of [1, 2, 3]) leaveOut(draft, room, weight);
  shrink(draft, room, 3, 0);
  return textOf(draft, note);
}

function draftOf(page: Page): Draft {
  const slots = (pieces: readonly Piece[]) => pieces.map(slotOf);
  const sections = page.sections.map(({ pieces, weight }) => ({ slots: slots(pieces), weight, isOut: false }));
  const draft = { top: slots(page.top), sections, bottom: slots(page.bottom), size: 0 };
  draft.size = shown(draft).reduce((sum, slot) => sum + slot.size, 1);
  return draft;
}

function shown({ top, sections, bottom }: Draft): readonly Slot[] {
  return [...top, ...sections.filter(({ isOut }) => !isOut).flatMap(({ slots }) => slots), ...bottom];
}

/** Cuts the longest of a rank, again and again, but none below `floor` lines. */
function shrink(draft: Draft, room: number, rank: 1 | 2 | 3, floor: number): void {
  const candidates = shown(draft).filter(({ piece }) => piece.type === "lines" && piece.rank === rank);
  while (draft.size > room) {
    const longest = longestOf(candidates.filter(({ kept }) => kept > floor));
    if (longest === undefined) return;
    draft.size -= longest.size;
    longest.kept = Math.max(floor, Math.floor(longest.kept * SHRINK));
    longest.size = sizeOf(longest);
    draft.size += longest.size;
  }
}

function longestOf(slots: readonly Slot[]): Slot | undefined {
  return slots.reduce<Slot | undefined>(
    (best, slot) => (best === undefined || slot.size > best.size ? slot : best),
    undefined,
  );
}

function leaveOut(draft: Draft, room: number, weight: number): void {
  for (const section of [...draft.sections].reverse()) {
    if (draft.size <= room) return;
    if (section.weight !== weight || section.isOut) continue;
    section.isOut = true;
    draft.size -= section.slots.reduce((sum, slot) => sum + slot.size, 0);
  }
}

function cutOf(draft: Draft): Cut {
  const cut = shown(draft).flatMap(({ piece, kept }) => (isCut(piece, kept) ? [piece] : []));
  const isDiff = (piece: Piece) => piece.type === "lines" && piece.rank === 1;
  const diffs = cut.filter(isDiff).length;
  return { diffs, tables: cut.length - diffs, sections: draft.sections.filter(({ isOut }) => isOut).length };
}

function textOf(draft: Draft, note: (cut: Cut) => string): string {
  const cut = cutOf(draft);
  const notes = cut.diffs + cut.tables + cut.sections === 0 ? [] : [note(cut)];
  const rest = shown(draft).slice(draft.top.length);
  const parts = [...draft.top.map(pieceText), ...notes, ...rest.map(pieceText)];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function slotOf(piece: Piece): Slot {
  const slot = { piece, kept: piece.type === "lines" ? piece.lines.length : 0, size: 0 };
  slot.size = sizeOf(slot);
  return slot;
}

/** With the empty line that follows. */
function sizeOf(slot: Slot): number {
  return Buffer.byteLength(pieceText(slot)) + 2;
}

function isCut(piece: Piece, kept: number): boolean {
  return piece.type === "lines" && kept < piece.lines.length;
}

function pieceText({ piece, kept }: Slot): string {
  if (piece.type === "fixed") return piece.text;
  const rest = isCut(piece, kept) ? [piece.rest(piece.lines.length - kept)] : [];
  return [piece.head, ...piece.lines.slice(0, kept), ...rest, piece.foot]
    .filter((line) => line !== "")
    .join("\n");
}
