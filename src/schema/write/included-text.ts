import { common, linesOf } from "./alignment.ts";
import { rewriteTemplate, type RewrittenTemplate } from "./template.ts";
import { lineEndOf } from "./yaml-text.ts";

/**
 * The text of an included file that gives `text`, with the line ends it had; `variables` where the file has them
 * filled in.
 */
export function includedText(
  old: string,
  text: string,
  variables: ReadonlyMap<string, string> | undefined,
): RewrittenTemplate {
  const unix = old.replaceAll("\r\n", "\n");
  const body = unix.replace(/\n$/, "");
  const told =
    variables === undefined ? { template: text, dropped: [] } : rewriteTemplate(body, variables, text);
  if ("replaced" in told) return told;
  // One line end at the end of the file is not part of the text.
  const end = unix.endsWith("\n") || told.template.endsWith("\n") ? "\n" : "";
  return { ...told, template: withLineEnds(old, told.template + end) };
}

function withLineEnds(old: string, text: string): string {
  if (!old.includes("\r\n")) return text;
  const [before, after] = [linesOf(old), linesOf(text)];
  const result = after.map((line) => line.replace(/\n$/, lineEndOf(old)));
  const plain = before.map((line) => line.replace("\r\n", "\n"));
  for (const stretch of common(plain, after)) {
    for (let i = 0; i < stretch.length; i++) result[stretch.after + i] = before[stretch.before + i] ?? "";
  }
  return result.join("");
}
