import { isList, isObject, type Json, mapMembers } from "../../model/json.ts";
import { commonText, type Stretch } from "./alignment.ts";

/** What becomes of a text with variables when its filled-in form changes. */
export type RewrittenTemplate =
  /** `dropped`: variables whose sentence is gone. */
  | { readonly template: string; readonly dropped: readonly string[] }
  /** Something else stands where these variables were. */
  | { readonly replaced: readonly string[] };

interface Part {
  /** As the template has it, `${var.x}`; absent for plain text. */
  readonly variable?: string;
  /** Filled in. */
  readonly text: string;
}

const MARKS = /\$\$\{|\$\{var\.([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A text in which nothing is read as a variable. */
export function escaped(text: string): string {
  return text.replaceAll("${", () => "$${");
}

/** Where a variable stands in the new text. */
interface Kept {
  readonly variable: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The template that gives `text`: what did not change, and what moved, keeps its variables. None is lost but with the
 * words around it.
 */
export function rewriteTemplate(
  template: string,
  variables: ReadonlyMap<string, string>,
  text: string,
): RewrittenTemplate {
  const parts = partsOf(template, variables);
  const stretches = commonText(parts.map((part) => part.text).join(""), text);
  const kept: Kept[] = [];
  const replaced = new Set<string>();
  const dropped = new Set<string>();
  let to = 0;
  for (const { variable, text: value } of parts) {
    const from = to;
    to += value.length;
    if (variable === undefined) continue;
    const same = stretches.find((stretch) => from >= stretch.before && to <= stretch.before + stretch.length);
    const start = same === undefined ? movedTo(value, text, stretches, kept) : from - same.before + same.after;
    // After a `$` it would be read as plain text.
    if (start !== undefined && text[start - 1] === "$") replaced.add(variable);
    else if (start !== undefined) kept.push({ variable, start, end: start + value.length });
    else if (isGone(stretches, from, to, text.length)) dropped.add(variable);
    else replaced.add(variable);
  }
  if (replaced.size > 0) return { replaced: [...replaced] };
  return { template: withVariables(text, kept), dropped: [...dropped] };
}

function withVariables(text: string, kept: readonly Kept[]): string {
  let result = "";
  let at = 0;
  for (const { variable, start, end } of [...kept].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += escaped(text.slice(at, start)) + variable;
    at = end;
  }
  return result + escaped(text.slice(at));
}

/** The one place in new words where the value stands as a word of its own. */
function movedTo(
  value: string,
  text: string,
  stretches: readonly Stretch[],
  kept: readonly Kept[],
): number | undefined {
  const isFree = (start: number, end: number) =>
    !stretches.some(({ after, length }) => after < end && after + length > start) &&
    !kept.some((one) => one.start < end && one.end > start);
  const found: number[] = [];
  let at = value === "" ? -1 : text.indexOf(value);
  for (; at >= 0 && found.length < 2; at = text.indexOf(value, at + 1)) {
    const end = at + value.length;
    const isWord = !WORD.test(text[at - 1] ?? "") && !WORD.test(text[end] ?? "");
    if (isWord && isFree(at, end)) found.push(at);
  }
  return found.length === 1 ? found[0] : undefined;
}

const WORD = /[\p{L}\p{N}_]/u;

function partsOf(template: string, variables: ReadonlyMap<string, string>): readonly Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const match of template.matchAll(MARKS)) {
    const [mark, name] = match;
    const value = name === undefined ? "${" : variables.get(name);
    if (value === undefined) continue;
    parts.push({ text: template.slice(done, match.index) });
    parts.push(name === undefined ? { text: value } : { text: value, variable: mark });
    done = match.index + mark.length;
  }
  return [...parts, { text: template.slice(done) }];
}

/** True if the variable was removed together with the text around it, and nothing replaces it. */
function isGone(stretches: readonly Stretch[], from: number, to: number, length: number): boolean {
  const before = stretches.findLast((one) => one.before + one.length <= from);
  const after = stretches.find((one) => one.before >= to);
  if (from === to || stretches.some((one) => one.before < to && one.before + one.length > from)) return false;
  return (before === undefined ? 0 : before.after + before.length) === (after?.after ?? length);
}

/** The variables that the texts of a value name. */
export function variablesIn(value: Json | undefined): readonly string[] {
  if (typeof value === "string") {
    return [...value.matchAll(/\$\$\{|\$\{var\.\w+\}/g)].map(([mark]) => mark).filter((mark) => mark !== "$${");
  }
  if (isList(value)) return value.flatMap(variablesIn);
  return isObject(value) ? Object.values(value).flatMap(variablesIn) : [];
}

/** Texts of the live object contain no variables of the project. */
export function escapedIn(value: Json): Json {
  if (typeof value === "string") return escaped(value);
  if (isList(value)) return value.map(escapedIn);
  return isObject(value) ? mapMembers(value, escapedIn) : value;
}
