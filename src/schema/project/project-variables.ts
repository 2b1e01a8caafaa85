import { nodeAt, textsIn, type Node } from "../../model/node.ts";
import type { Project } from "./project.ts";
import { ENOUGH, type ReportFinding } from "../../model/finding.ts";
import type { Variable, Variables } from "./variables.ts";
import { credentialsUnder } from "../diagnostics/credentials/find.ts";
import { didYouMean } from "../../model/suggest.ts";

export interface VariableSources {
  readonly environment: string | undefined;
  /** `--var`. */
  readonly given: Readonly<Record<string, string>>;
  /** Environment variables of the process that runs. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const PREFIX = "ROLLCALL_VAR_";

/** The project's variables, over them those of the environment, of `ROLLCALL_VAR_…` and of `--var`. */
export function variablesOf(project: Project, sources: VariableSources, report: ReportFinding): Variables {
  const values = new Map<string, Variable>();
  declare(values, project.node && nodeAt(project.node, ["spec", "vars"]), report);
  if (project.node !== undefined && sources.environment !== undefined) {
    declare(values, nodeAt(project.node, ["spec", "environments", sources.environment, "vars"]), report);
  }
  for (const [name, value] of Object.entries(sources.env)) {
    if (value === undefined || !name.startsWith(PREFIX)) continue;
    set(values, { name: name.slice(PREFIX.length), value, from: name }, report);
  }
  for (const [name, value] of Object.entries(sources.given))
    set(values, { name, value, from: `--var ${name}` }, report);
  return { values, used: new Set(), elsewhere: definedElsewhere(project, values) };
}

/** Variables that only other environments define, with the first that does. */
function definedElsewhere(
  { node, environments }: Project,
  values: ReadonlyMap<string, Variable>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const environment of node === undefined ? [] : environments) {
    const vars = node && nodeAt(node, ["spec", "environments", environment, "vars"]);
    for (const name of vars?.type === "map" ? vars.members.keys() : []) {
      if (!values.has(name) && !found.has(name)) found.set(name, environment);
    }
  }
  return found;
}

function declare(values: Map<string, Variable>, node: Node | undefined, report: ReportFinding): void {
  if (node?.type !== "map") return;
  for (const [name, { key, value }] of node.members) {
    if (value.type !== "scalar" || value.value === null) continue;
    const text = String(value.value);
    if (text.includes("${var.")) {
      report({
        code: "RC4006",
        message: `variable "${name}" refers to a variable`,
        at: value,
        hint: "write the text out",
      });
    }
    values.set(name, { value: text, at: key });
  }
}

interface Given {
  readonly name: string;
  readonly value: string;
  /** Where it was given, for messages. */
  readonly from: string;
}

function set(values: Map<string, Variable>, { name, value, from }: Given, report: ReportFinding): void {
  const credential = credentialsUnder(name, value)[0];
  if (credential !== undefined) report({ code: "RC3017", message: `${from} looks like ${credential.name}` });
  const at = values.get(name)?.at;
  values.set(name, { value, from, ...(at && { at }) });
}

/** Variables that are not used, in this environment or in the patches of another. */
export function reportUnused({ values, used }: Variables, project: Project, report: ReportFinding): void {
  const elsewhere = new Set(project.node === undefined ? [] : namesIn(project.node));
  let count = 0;
  for (const [name, { at, from }] of values) {
    if (used.has(name) || elsewhere.has(name) || !NAME.test(name) || ++count > ENOUGH) continue;
    const hint = didYouMean(name, used) ?? `remove it, or use it as \${var.${name}}`;
    const message = `${at === undefined && from !== undefined ? `${from}: ` : ""}no manifest uses variable "${name}"`;
    const given = from?.startsWith("--var") === true && at === undefined;
    report({ code: given ? "RC4012" : "RC4004", message, at, hint });
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function namesIn(node: Node): readonly string[] {
  return textsIn(node).flatMap(({ text, path }) =>
    path.includes("vars") ? [] : [...text.matchAll(/\$\{var\.(\w+)\}/g)].map(([, name = ""]) => name),
  );
}
