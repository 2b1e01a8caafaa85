import { visible } from "../../model/visible.ts";

const MARKUP = Symbol("markup");

/** A stretch of a page. Only this file makes any, so that no other text can be taken for it. */
export interface Markup {
  readonly [MARKUP]: string;
}

/** What may stand in a template; plain text is escaped, wherever it stands. */
export type Content = Markup | string | number | undefined | readonly Content[];

/**
 * Puts markup together. Every value becomes text that is safe inside an element or a quoted attribute, with all
 * characters written out that are invisible or reorder what stands around them. Line ends count as such characters.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const text = parts.map((part, index) => part + (index < values.length ? written(values[index]) : ""));
  return { [MARKUP]: text.join("") };
}

/** The report's own constants, and nothing else: style, script and numbers that were computed. */
export function own(text: string): Markup {
  return { [MARKUP]: text };
}

/** Lines with line ends between them, for elements that keep white space. */
export function joinedLines(lines: readonly Content[]): Markup {
  return own(lines.map(written).join("\n"));
}

export function pageText(page: Markup): string {
  return page[MARKUP];
}

function written(content: Content): string {
  if (content === undefined) return "";
  if (typeof content === "string") return escaped(content);
  if (typeof content === "number") return String(content);
  if (isList(content)) return content.map(written).join("");
  return content[MARKUP];
}

function isList(content: Markup | readonly Content[]): content is readonly Content[] {
  return Array.isArray(content);
}

function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
