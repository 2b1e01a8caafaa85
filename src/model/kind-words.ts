import type { Kind } from "./kind.ts";

/** Words for a kind on the command line: `AssistantTest`, `assistant-tests`, `tests`. */
export function wordsOf({ kind, nouns: { one, many, aliases = [] } }: Kind): readonly string[] {
  return [...new Set([kind, dashed(one), dashed(many), ...aliases])];
}

/** The kind that a word names, whatever its case, and with or without `-`, `_` and blanks between its parts. */
export function kindNamed(word: string, kinds: Iterable<Kind>): Kind | undefined {
  const plain = plainWord(word);
  if (plain === "") return undefined;
  return [...kinds].find((kind) =>
    [...wordsOf(kind), `${kind.kind}s`].some((known) => plainWord(known) === plain),
  );
}

/** `mcp-servers`, of `MCP servers`. */
export function dashed(noun: string): string {
  return noun.toLowerCase().replaceAll(" ", "-");
}

function plainWord(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, "");
}
