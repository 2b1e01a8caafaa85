import { columns, cut, pad, widest } from "./layout.ts";
import { visible } from "../model/visible.ts";
import { paint, type Style } from "./style.ts";

/** `width` bounds the lines of a table; a wide one has more columns, and nothing in it is cut. */
export interface TableStyle extends Style {
  readonly isWide: boolean;
}

export interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  /** An id that is cut cannot be copied. */
  readonly isWhole?: true;
}

/** A column of a table that has a row for each item; what an item lacks is a dash. */
export function columnsOver<T>(
  items: readonly T[],
): (title: string, of: (item: T) => string | undefined) => Column {
  return (title, of) => ({ title, cells: items.map((item) => visible(of(item) ?? "") || "–") });
}

/** `2026-11-28 00:14Z` */
export function minute(time: string | undefined): string | undefined {
  return time === undefined ? undefined : `${new Date(time).toISOString().slice(0, 16).replace("T", " ")}Z`;
}

const GAP = "  ";
/** A column is not made narrower than this. */
const NARROWEST = 12;

export function tableLines(table: readonly Column[], style: TableStyle): readonly string[] {
  const widths = fitting(table, style.isWide ? Infinity : style.width);
  const line = (cells: readonly string[]) =>
    cells
      .map((text, index) => pad(cut(text, widths[index] ?? 0), widths[index] ?? 0))
      .join(GAP)
      .trimEnd();
  const rows = (table[0]?.cells ?? []).map((_, row) => line(table.map(({ cells }) => cells[row] ?? "")));
  return [paint([{ text: line(table.map(({ title }) => title)), tone: "faint" }], style), ...rows];
}

/** The widths of columns. Where the line is too long, the widest that may be cut give way first. */
function fitting(table: readonly Column[], room: number): readonly number[] {
  const widths = table.map(({ title, cells }) => Math.max(columns(title), widest(cells)));
  const used = () => widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  while (used() > room) {
    const flexible = widths.map((width, index) => (table[index]?.isWhole === true ? 0 : width));
    const most = Math.max(...flexible);
    if (most <= NARROWEST) break;
    widths[flexible.indexOf(most)] = most - 1;
  }
  return widths;
}
