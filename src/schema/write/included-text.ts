import type { Address } from "../../model/address.ts";
import { valueIn } from "../../model/at-path.ts";
import { isObject, type Json } from "../../model/json.ts";
import type { LoadedProject } from "../load.ts";
import { common, linesOf } from "./alignment.ts";
import { rewriteTemplate, type RewrittenTemplate } from "./template.ts";
import { lineEndOf } from "./yaml-text.ts";

interface Included {
  readonly text: string;
  /** What the manifest says of it; a patch can say something else. */
  readonly include: Json | undefined;
}

/** Whether variables are filled in where a file is included: the value shows it where the text has anything to fill in. */
export function isFilledIn(
  { resources, absent }: LoadedProject,
  address: Address,
  path: readonly string[],
  { text, include }: Included,
): boolean {
  const resource = [...resources, ...absent].find((one) => one.address === address);
  const value = valueIn(resource?.spec, path);
  const unix = (lines: string) => lines.replaceAll("\r\n", "\n");
  if (typeof value !== "string") return false;
  if (unix(value) !== unix(text).replace(/\n$/, "")) return true;
  return !text.includes("${") && isObject(include) && include["vars"] === true;
}

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
