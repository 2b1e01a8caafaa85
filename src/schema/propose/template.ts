import { commonText, type Stretch } from "./alignment.ts";

/** What becomes of a text with variables when its filled-in form changes. */
export type Retold =
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

/** A text in which nothing is taken for a variable. */
export function escaped(text: string): string {
  return text.replaceAll("${", () => "$${");
}

/**
 * The template that gives `text`: what did not change keeps its variables. `filled` is what the template gives now.
 */
export function retold(template: string, variables: ReadonlyMap<string, string>, text: string): Retold {
  const parts = partsOf(template, variables);
  const before = parts.map((part) => part.text).join("");
  const stretches = commonText(before, text);
  const replaced = new Set<string>();
  const dropped = new Set<string>();
  let result = "";
  let at = 0;
  let offset = 0;
  for (const { variable, text: value } of parts) {
    const [from, to] = [offset, offset + value.length];
    offset = to;
    if (variable === undefined) continue;
    const kept = stretches.find((stretch) => from >= stretch.before && to <= stretch.before + stretch.length);
    if (kept !== undefined) {
      const start = from - kept.before + kept.after;
      result += escaped(text.slice(at, start)) + variable;
      at = start + value.length;
    } else if (isGone(stretches, from, to, text.length)) dropped.add(variable);
    else replaced.add(variable);
  }
  if (replaced.size > 0) return { replaced: [...replaced] };
  return { template: result + escaped(text.slice(at)), dropped: [...dropped] };
}

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

/** True where nothing new stands in the place of what was there: it was taken out with what is around it. */
function isGone(stretches: readonly Stretch[], from: number, to: number, length: number): boolean {
  const before = stretches.findLast((one) => one.before + one.length <= from);
  const after = stretches.find((one) => one.before >= to);
  if (from === to || stretches.some((one) => one.before < to && one.before + one.length > from)) return false;
  return (before === undefined ? 0 : before.after + before.length) === (after?.after ?? length);
}
