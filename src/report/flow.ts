import { columns } from "./layout.ts";
import { visible, visibleLines } from "../model/visible.ts";

/** Text that arrives in parts, wrapped between words, with every hidden character written out. */
export interface Flow {
  /** What of the text can be shown by now. */
  add(piece: string): string;
  /** The rest, and the end of its line. */
  end(): string;
}

const TAB = "    ";
const TOKEN = /^(?:\r?\n|[ \t]+|(?:\r(?!\n)|[^ \t\r\n])+)/;
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Where the text that was shown ends. */
interface Place {
  readonly used: number;
  /** Blanks that are shown when a word follows on the same line. */
  readonly gap: string;
  /** In a word that is longer than a line. */
  readonly isInside: boolean;
}

const LINE_START: Place = { used: 0, gap: "", isInside: false };

/** `columnsNow`: of a line, whenever some of the text is shown. */
export function createFlow(columnsNow: () => number): Flow {
  let rest = "";
  let place = LINE_START;
  const show = (isLast: boolean): string => {
    const width = columnsNow();
    let shown = "";
    for (;;) {
      const token = nextToken(rest, place.isInside ? 0 : width, isLast);
      if (token === "") return shown;
      // What does not wait for the end of its word is a part of a long one.
      const isPart = token.length < (TOKEN.exec(rest)?.[0] ?? "").length;
      rest = rest.slice(token.length);
      const step = placed(token, { ...place, isInside: place.isInside || isPart }, width);
      shown += step.text;
      place = step.place;
    }
  };
  return {
    add: (piece) => {
      rest += piece;
      return show(false);
    },
    end: () => {
      const shown = show(true);
      const end = place.used > 0 ? "\n" : "";
      place = LINE_START;
      return shown + end;
    },
  };
}

interface Step {
  readonly text: string;
  readonly place: Place;
}

function placed(token: string, place: Place, width: number): Step {
  if (token.endsWith("\n")) return { text: "\n", place: LINE_START };
  if (/^[ \t]/.test(token))
    return { text: "", place: { ...place, gap: token.replaceAll("\t", TAB), isInside: false } };
  const word = visible(token);
  if (place.isInside || columns(word) > width) return filled(word, place, width);
  const { gap, used } = place;
  const size = columns(word);
  if (used + gap.length + size <= width)
    return { text: gap + word, place: { used: used + gap.length + size, gap: "", isInside: false } };
  return { text: `${used > 0 ? "\n" : ""}${word}`, place: { used: size, gap: "", isInside: false } };
}

/** A word that is longer than a line is broken where lines end. */
function filled(word: string, { used, gap }: Place, width: number): Step {
  const isIndented = used + gap.length < width;
  let text = isIndented ? gap : "";
  let column = isIndented ? used + gap.length : used;
  for (const { segment } of characters.segment(word)) {
    const size = columns(segment);
    if (column > 0 && column + size > width) {
      text += "\n";
      column = 0;
    }
    text += segment;
    column += size;
  }
  return { text, place: { used: column, gap: "", isInside: true } };
}

/** A line end, blanks, or a word. What may go on is left for later, except for a word that is wider than `width`. */
function nextToken(text: string, width: number, isLast: boolean): string {
  // The end may be the first half of a line end, or of a character.
  const known = isLast ? text : text.replace(/[\r\uD800-\uDBFF]$/, "");
  const token = TOKEN.exec(known)?.[0] ?? known;
  if (isLast || token.length < known.length || token.endsWith("\n")) return token;
  if (/^[ \t]/.test(token) || columns(visible(token)) <= width) return "";
  // Its last character may go on, too.
  return [...characters.segment(token)]
    .slice(0, -1)
    .map(({ segment }) => segment)
    .join("");
}

/** The same for what is no terminal: whole lines, not wrapped. */
export function createLines(): Flow {
  let parts: string[] = [];
  const shown = (text: string) => visibleLines(text.replaceAll("\r\n", "\n")).join("\n");
  return {
    add: (piece) => {
      parts.push(piece);
      if (!piece.includes("\n")) return "";
      const text = parts.join("");
      const end = text.lastIndexOf("\n") + 1;
      parts = [text.slice(end)];
      return shown(text.slice(0, end));
    },
    end: () => {
      const text = shown(parts.join(""));
      parts = [];
      return text === "" ? "" : `${text}\n`;
    },
  };
}
