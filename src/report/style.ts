/** How text looks; the caller that owns the output decides. `width` is in columns. */
export interface Style {
  readonly colour: boolean;
  readonly width: number;
  /** Long values and texts are not cut. */
  readonly full?: boolean;
}

/** What a piece of text means; the colour follows from it. */
export type Tone =
  | "added"
  | "removed"
  | "changed"
  | "addedWords"
  | "removedWords"
  | "title"
  | "faint"
  | "risk"
  | "success"
  | "failure";

/** A stretch of one line that looks the same throughout. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

/** SGR parameters that switch the tone on; changed words are underlined too, for those who see no colours. */
const CODES: Readonly<Record<Tone, string>> = {
  added: "32",
  removed: "31",
  changed: "33",
  addedWords: "1;4;32",
  removedWords: "1;4;31",
  title: "1",
  faint: "2",
  risk: "1;35",
  success: "1;32",
  failure: "1;31",
};

/** The line as text: with escape sequences in colour, without any otherwise. */
export function paint(line: readonly Span[], style: Style): string {
  const text = line.map((span) => paintSpan(span, style)).join("");
  return style.colour ? text : text.trimEnd();
}

function paintSpan({ text, tone }: Span, style: Style): string {
  if (!style.colour || tone === undefined || text.trim() === "") return text;
  return `\u001B[${CODES[tone]}m${text}\u001B[0m`;
}

/** The escape sequences that `paint` writes, and no others. */
export const PAINT = new RegExp(`\\u001B\\[(?:0|${Object.values(CODES).join("|")})m`, "g");
