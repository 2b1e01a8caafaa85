import type { CST } from "yaml";

export interface Comment {
  /** From the `#` on. */
  readonly text: string;
  readonly offset: number;
}

/** All comments of a token stream, wherever the parser has put them. Without recursion. */
export function commentsIn(tokens: readonly CST.Token[]): readonly Comment[] {
  const found: Comment[] = [];
  const stack: unknown[] = [tokens];
  while (stack.length > 0) {
    const item = stack.pop();
    if (typeof item !== "object" || item === null) continue;
    if (isComment(item)) found.push({ text: item.source, offset: item.offset });
    // One by one: a list may be too long to be spread.
    else for (const value of Object.values(item)) if (typeof value === "object") stack.push(value);
  }
  return found.sort((a, b) => a.offset - b.offset);
}

function isComment(token: object): token is CST.SourceToken {
  return "type" in token && token.type === "comment" && "source" in token && "offset" in token;
}
