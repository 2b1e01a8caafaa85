import type { Plan } from "../../model/plan.ts";
import { counted, listed } from "../phrases.ts";
import { hostOf } from "../summary.ts";
import { visible } from "../../model/visible.ts";
import type { Verb } from "../plan-verb.ts";
import { code, prose, token } from "./escape.ts";
import { fit, fixed, type Cut, type Page, type Piece, type Section } from "./page.ts";

export interface MarkdownOptions {
  /** The digest of the plan, for the hidden marker. */
  readonly planId?: string;
  /** New files that manifests name, for the hidden marker. */
  readonly created?: readonly string[];
  /** Where the whole is to be found when the page is cut: a sentence or an https address. */
  readonly wholeAt?: string;
  /** The most bytes that the page may have; GitHub takes 65,536 characters. */
  readonly limit?: number;
}

const LIMIT = 65_000;

export function assemble(page: Page, { wholeAt, limit }: MarkdownOptions): string {
  return fit(page, limit ?? LIMIT, (cut) => cutNote(cut, wholeAt));
}

function cutNote({ diffs, tables, sections }: Cut, wholeAt: string | undefined): string {
  const parts = [
    ...(diffs === 0 ? [] : [`${counted(diffs, "long diff")} shortened`]),
    ...(tables === 0 ? [] : [`${counted(tables, "table")} shortened`]),
    ...(sections === 0 ? [] : [`${counted(sections, "resource")} left out`]),
  ];
  const where =
    wholeAt === undefined
      ? "Run the command with `--format text` to see the whole."
      : `The whole: ${place(wholeAt)}`;
  return `> ✂️ Cut to fit: ${listed(parts)}. ${where}`;
}

function place(text: string): string {
  return /^https:\/\/[\w./?=&%:+-]+$/.test(text) ? `<${text}>` : prose(visible(text));
}

/** The beginning of every comment about the same project and environment: a later comment replaces an earlier one. */
export function commentMarker(command: "plan" | "drift" | Verb, plan: Plan): string {
  return `<!-- rollcall ${command} ${token(plan.project)} ${token(plan.environment)} `;
}

export function headline(
  command: "plan" | "drift" | Verb,
  plan: Plan,
  { planId, created = [] }: MarkdownOptions,
): readonly Piece[] {
  const id = planId === undefined ? "" : `id=${token(planId)} `;
  const files = created.length === 0 ? "" : `new=${created.map(token).join(",")} `;
  const about = [plan.project, plan.environment, hostOf(plan)].map((text) => code(visible(text))).join(" · ");
  const title = command === "plan" && plan.destroy === true ? "plan to destroy" : command;
  return [fixed(`${commentMarker(command, plan)}${id}${files}-->\n## Rollcall ${title} · ${about}`)];
}

/** A heading is left out with the last of its sections. */
export function headed(title: string, sections: readonly Section[]): readonly Section[] {
  const [first, ...others] = sections;
  if (first === undefined) return [];
  return [
    { ...first, pieces: [fixed(`### ${title}`), ...first.pieces], weight: Math.max(first.weight, 2) },
    ...others,
  ];
}
