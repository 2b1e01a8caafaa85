import { ENOUGH, type Finding, type ReportFinding } from "../../model/finding.ts";
import { placeFinder, type ScalarNode } from "../../model/node.ts";
import { didYouMean } from "../../model/suggest.ts";
import type { Place } from "../../model/source.ts";

/** One variable with the value that wins. */
export interface Variable {
  readonly value: string;
  /** Where `rollcall.yaml` defines it; absent when it comes from the command line or the environment. */
  readonly at?: Place;
  /** `--var company`, `ROLLCALL_VAR_company`: for messages. */
  readonly from?: string;
}

export interface Variables {
  readonly values: ReadonlyMap<string, Variable>;
  readonly used: Set<string>;
  /** Defined in another environment only: name to environment. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** The project could not be read: it may define others. */
  readonly incomplete?: boolean;
}

const SUBSTITUTION = /\$\$\{|\$\{([^{}\n]{0,200}\})?/g;
const NAME = /^var\.([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** The text with `${var.name}` filled in, once: what a value brings in is not looked at again. */
export function substitute(
  node: ScalarNode,
  text: string,
  variables: Variables,
  report: ReportFinding,
): string {
  if (!text.includes("${")) return text;
  const find = placeFinder(node);
  let count = 0;
  return text.replace(SUBSTITUTION, (match: string, inner: string | undefined) => {
    if (match === "$${") return "${";
    const name = NAME.exec(inner ?? "")?.[1];
    const value = name === undefined ? undefined : variables.values.get(name);
    if (name !== undefined) variables.used.add(name);
    if (value !== undefined) return value.value;
    if (name !== undefined && variables.incomplete === true) return match;
    if (++count <= ENOUGH) report({ ...problem(match, name, variables), at: find(match), within: node });
    return match;
  });
}

function problem(match: string, name: string | undefined, { values, elsewhere }: Variables): Finding {
  if (name === undefined) {
    return {
      code: "RC4005",
      message: `"${match}" is not a substitution`,
      hint: "write `${var.name}`, or `$${` for a literal `${`",
    };
  }
  const other = elsewhere.get(name);
  if (other !== undefined) {
    const message = `variable "${name}" is not defined in this environment`;
    return { code: "RC4003", message, hint: `environment ${other} defines it` };
  }
  const known = [...values.keys()];
  const defined = known.length === 0 ? "no variables are defined" : `defined: ${known.join(", ")}`;
  return {
    code: "RC4003",
    message: `variable "${name}" is not defined`,
    hint: didYouMean(name, known) ?? defined,
  };
}
