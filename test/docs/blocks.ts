import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const REPOSITORY = resolve(import.meta.dirname, "../..");

/** Every page of the documentation, as a path in the repository. */
export const DOCUMENTS: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "examples/assistants/README.md",
  ...readdirSync(join(REPOSITORY, "docs"), { recursive: true, encoding: "utf8" })
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .toSorted(),
].filter((path) => path.endsWith(".md"));

export interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  /** Why no test runs it, from the comment `<!-- not run: … -->` above the block. */
  readonly notRun?: string;
}

export function textOf(document: string): string {
  return readFileSync(join(REPOSITORY, document), "utf8");
}

/** The fenced blocks of a document, also those inside a list. */
export function blocksOf(document: string): readonly Block[] {
  const text = textOf(document);
  const fences = /(?:^<!-- not run: ([^\n]*) -->\n)?^( *)```(\w*)[^\n]*\n(.*?)^\2```$/gms;
  return [...text.matchAll(fences)].map((match) => blockOf(text, match));
}

function blockOf(document: string, match: RegExpExecArray): Block {
  const [whole, notRun, indent = "", language = "", content = ""] = match;
  const above = document.slice(0, match.index + whole.indexOf("```"));
  const text = content.replaceAll(new RegExp(`^${indent}`, "gm"), "");
  const block = { language, text, line: above.split("\n").length };
  return notRun === undefined ? block : { ...block, notRun };
}

/** Whether a reader is to type the block into a shell. */
export function isCommands({ language, text }: Block): boolean {
  return ["sh", "bash", "console", "shell"].includes(language) || (language === "" && text.startsWith("$ "));
}
