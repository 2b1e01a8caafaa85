import { expect } from "vitest";
import { blocksOf, isCommands, textOf, type Block } from "./blocks.ts";
import type { Done, Shell } from "./shell.ts";

/** The blocks of a page that a test runs. */
export function runBy(document: string): readonly Block[] {
  return blocksOf(document).filter((block) => isCommands(block) && block.notRun === undefined);
}

/** Runs the commands of a page from top to bottom, and compares what the page shows below them. */
export async function follow(
  document: string,
  shell: Shell,
  before?: (section: number) => Promise<void>,
): Promise<void> {
  const runnable = new Set(runBy(document).map(({ line }) => line));
  let done: readonly Done[] = [];
  let section = -1;
  for (const block of blocksOf(document)) {
    const now = sectionOf(document, block);
    if (now !== section) await before?.(now);
    section = now;
    const where = `${document}:${block.line}`;
    if (runnable.has(block.line)) done = await passed(where, block, shell);
    if (block.language === "text") expect(outputOf(done), where).toMatch(shownIn(block.text));
  }
}

/** Every command ends as the page says. */
export async function passed(where: string, block: Block, shell: Shell): Promise<readonly Done[]> {
  const done = await shell.run(block.text);
  for (const { command, code, expected, output } of done)
    expect(code, `${where} ${command}\n${output}`).toBe(expected);
  return done;
}

function sectionOf(document: string, { line }: Block): number {
  const above = textOf(document).split("\n").slice(0, line);
  return above.filter((text) => text.startsWith("## ")).length;
}

export function outputOf(done: readonly Done[]): string {
  const output = done.map((command) => command.output).join("\n");
  return output.replaceAll(/ +$/gm, "");
}

/** Output as a page shows it: a line with `…` stands for lines that are left out. */
export function shownIn(text: string): RegExp {
  const parts = text.trimEnd().split(/^…\n/m);
  const escaped = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(escaped.join("(?:.*\n)*?"));
}
