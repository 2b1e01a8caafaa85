import MarkdownIt, { type Token } from "markdown-it";
import { expect } from "vitest";

/** As GitHub reads a comment: HTML is let through, to be sanitised; addresses become links on their own. */
export const engine = new MarkdownIt({ html: true, linkify: true });

const INERT = /(?:[^<>&]|&#\d+;|<code>(?:[^<>&]|&#\d+;)*<\/code>)*/.source;
const HTML_BLOCKS: readonly (readonly [RegExp, string])[] = [
  [/^<!-- rollcall (?:plan|drift|apply)(?: [\w%.!'()*~=]*)* -->\n$/, "marker"],
  [new RegExp(`^<details( open)?>\\n<summary><b>(${INERT})</b></summary>\\n$`), "details"],
  [/^<details><summary>(\d+ lines?)<\/summary>\n$/, "details"],
  [/^<\/details>\n?$/, "end"],
];
const IN_FENCE = /^(?:[-+](?: {3}| +\d+(?: {3}|$)|$)| {4}| +\d+(?: {3}|$)| +⋮|$)/;
/** What a forge makes something of after Markdown has been read: mentions, issues, addresses, emoji, formulas. */
const READ_BY_FORGES = /[@$~^]|#\d|\bGH-\d|!\d|&\w|:\/\/|www\.|:[a-z0-9_+-]+:|^\/\w/i;

/**
 * The page as the engine reads it, one line a block: what is a heading, a table, a diff, and what lies in which
 * `<details>`. Fails on any block, element, link or word that the report did not put there.
 */
export function outline(page: string, wholeAt?: string): string {
  const lines: string[] = [];
  const source = page.split("\n");
  let depth = 0;
  const say = (text: string) => lines.push("  ".repeat(depth) + text);
  /** The cells of a table are counted, not told. */
  const said = (parent: Token | undefined, text: string) => {
    if (parent?.type === "heading_open") say(`${parent.tag} ${text}`);
    if (parent?.type === "paragraph_open") say(`${parent.hidden ? "li" : "p"} ${text}`);
  };
  const tokens = engine.parse(page, {});
  for (const [index, token] of tokens.entries()) {
    switch (token.type) {
      case "html_block": {
        const [text, kind] = htmlBlock(token);
        if (kind === "end") depth -= 1;
        expect(depth).toBeGreaterThanOrEqual(0);
        if (kind !== "end") say(text);
        if (kind === "details") depth += 1;
        break;
      }
      case "fence":
        expect(token.info).toBe("diff");
        expect(source[(token.map?.[1] ?? 0) - 1]).toBe("```");
        expect(token.content.split("\n").filter((line) => !IN_FENCE.test(line))).toEqual([]);
        say(`diff of ${token.content.split("\n").length - 1} lines`);
        break;
      case "table_open":
        say(table(tokens.slice(index)));
        break;
      case "inline":
        said(tokens[index - 1], inline(token, wholeAt));
        break;
      case "blockquote_open":
        say(token.tag);
        break;
      default:
        expect(token.type).toMatch(/^(?:heading|paragraph|table|thead|tbody|tr|th|td|bullet_list|list_item|blockquote)_(?:open|close)$/);
    }
  }
  expect(depth).toBe(0);
  return `${lines.join("\n")}\n`;
}

function htmlBlock({ content }: Token): readonly [string, string] {
  for (const [pattern, kind] of HTML_BLOCKS) {
    const match = pattern.exec(content);
    if (match === null) continue;
    const text = (match[2] ?? match[1] ?? "").replaceAll(/<\/?code>/g, "").replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    return [kind === "details" ? `details${match[1] === " open" ? " open" : ""}: ${text}` : kind, kind];
  }
  throw new Error(`not a block of the report: ${JSON.stringify(content)}`);
}

function table(tokens: readonly Token[]): string {
  const own = tokens.slice(0, tokens.findIndex(({ type }) => type === "table_close"));
  const count = (type: string, of: readonly Token[]) => of.filter((token) => token.type === type).length;
  const columns = count("th_open", own);
  const rows = count("tr_open", own) - 1;
  expect(count("td_open", own)).toBe(columns * rows);
  return `table of ${columns} columns, ${rows} rows`;
}

const INLINE = new Set(["text", "text_special", "code_inline", "softbreak", "strong_open", "strong_close", "em_open", "em_close", "html_inline"]);

function inline({ children }: Token, wholeAt: string | undefined): string {
  let inCode = false;
  const parts = (children ?? []).map((token, index, all) => {
    const { type, content, attrGet } = token;
    if (type === "link_open") {
      expect(attrGet.call(token, "href")).toBe(wholeAt);
      return "";
    }
    if (type === "link_close") return "";
    expect(INLINE).toContain(type);
    if (type === "html_inline") {
      expect(["<code>", "</code>", "<br>"]).toContain(content);
      if (content !== "<br>") inCode = content === "<code>";
      return content === "<br>" ? " / " : "";
    }
    const isLink = all[index - 1]?.type === "link_open";
    if (type === "text" && !inCode && !isLink) expect(content).not.toMatch(READ_BY_FORGES);
    return type === "softbreak" ? " / " : content;
  });
  expect(inCode).toBe(false);
  return parts.join("");
}
