/** What stands between the elements of a collection in brackets, comments included, and its elements. */
interface Commented {
  readonly pieces: readonly string[];
  /** Before the first, between two, and behind the last. */
  readonly gaps: readonly string[];
}

interface Element {
  /** Comments and empty lines above it. */
  readonly lead: readonly string[];
  /** The comment behind it. */
  readonly tail: string;
  /** It is the first one on its line. */
  readonly isFirst: boolean;
}

/**
 * The text between brackets with other elements, each with its own comments: those that were there by their number, new ones
 * as text, on lines of their own.
 */
export function commentedText({ pieces, gaps }: Commented, items: readonly (number | string)[]): string {
  const all = gaps.join("");
  const end = all.includes("\r\n") ? "\r\n" : "\n";
  const broken = gaps.slice(0, -1).find((gap) => gap.includes("\n"));
  const last = gaps.at(-1) ?? "";
  const indent = broken === undefined ? "  " : indentIn(broken);
  const hasFinalComma = withoutComments(last).includes(",");
  const elements = gaps.map((gap, index) => elementAt(gap, gaps[index + 1]));
  const line = (text: string) => (text === "" ? end : end + indent + text);
  const parts = items.map((item, index) => {
    const text = typeof item === "number" ? (pieces[item] ?? "") : item;
    const { lead, tail, isFirst } = (typeof item === "number" ? elements[item] : undefined) ?? NEW;
    const before = items[index - 1];
    const goesOn = !isFirst && (index === 0 || (before === Number(item) - 1 && elements[before]?.tail === ""));
    const comma = index < items.length - 1 || hasFinalComma ? "," : "";
    const start = goesOn ? (index === 0 ? "" : " ") : end + indent;
    return `${lead.map(line).join("")}${start}${text}${comma}${tail}`;
  });
  const closing = elementAt(last, undefined).lead.map(line).join("");
  const close = last.includes("\n") ? end + indentIn(last) : "";
  return sameLine(gaps[0] ?? "") + parts.join("") + closing + close;
}

const NEW: Element = { lead: [], tail: "", isFirst: true };

/** By what stands before it and behind it. */
function elementAt(before: string, behind: string | undefined): Element {
  const lines = before.split(/\r?\n/);
  const lead = lines.slice(1, -1).map((line) => line.trim().replace(/^,\s*/, ""));
  return { lead, tail: sameLine(behind ?? ""), isFirst: lines.length > 1 };
}

/** The comment in the line in which the gap begins, with a blank in front of it. */
function sameLine(gap: string): string {
  const [, comment] = /^[ \t,]*(#[^\r\n]*)/.exec(gap) ?? [];
  return comment === undefined ? "" : ` ${comment.trimEnd()}`;
}

function withoutComments(gap: string): string {
  return gap.replaceAll(/#[^\r\n]*/g, "");
}

function indentIn(gap: string): string {
  return /\n([ \t]*)[^\n]*$/.exec(gap)?.[1] ?? "";
}
