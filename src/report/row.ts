import type { TextDiff } from "./text-diff.ts";
import type { WordDiff } from "./words.ts";

/** `+` comes, `~` changes, `-` goes, `=` stays. */
export type Sign = "+" | "~" | "-" | "=";

/** One path of one resource, ready to be laid out; every text in it is safe to print. */
export interface Row {
  readonly sign: Sign;
  readonly label: string;
  readonly body: Body;
  /** A clause in brackets: why, or what else. */
  readonly note?: string | undefined;
  /** Changed in the manifest and outside Git. */
  readonly conflict?: true;
  /** The file that holds the text. */
  readonly file?: string | undefined;
}

export type Body =
  | { readonly type: "none" }
  /**
   * One value; where it is too long for a line, its `outline` or its `lines` stand for it, or else it is cut. `whole`
   * is there where neither may show all of it.
   */
  | {
      readonly type: "value";
      readonly text: string;
      readonly lines: readonly string[];
      readonly outline?: string | undefined;
      readonly whole?: Whole;
    }
  /** Two values that may fit side by side, else `words` or, for blocks, `diff`. */
  | {
      readonly type: "change";
      readonly before: string;
      readonly after: string;
      readonly words: WordDiff;
      readonly diff?: TextDiff;
    }
  /** Text of several lines; numbered by line. */
  | { readonly type: "text"; readonly diffs: readonly CaptionedDiff[] }
  /** The same path in several pictures. */
  | { readonly type: "sides"; readonly sides: readonly Side[] };

/** Every line of a value. */
export interface Whole {
  /** Made when they are shown: a plan can have thousands of texts, which are rarely shown to their end. */
  readonly lines: () => readonly string[];
  /** Text for people, and not a block of settings. */
  readonly isText: boolean;
  /** It has text of several lines, which one line cannot show, however wide. */
  readonly hasText: boolean;
}

export interface CaptionedDiff {
  readonly caption?: string;
  readonly diff: TextDiff;
}

export interface Side {
  readonly name: string;
  readonly text: string;
}

/** What is said of a resource, with a title. */
export interface TitledRows {
  readonly address: string;
  readonly title: string;
  readonly rows: readonly Row[];
}
