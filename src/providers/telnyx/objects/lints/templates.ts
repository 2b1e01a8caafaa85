import { isObject, property, type Json, type JsonObject } from "../../../../model/json.ts";
import { ENOUGH } from "../../../../model/finding.ts";
import type { Lint, LintCheck, LintSubject } from "../../../../model/kind.ts";
import { nodeAt, placeFinder, textsIn, type Node } from "../../../../model/node.ts";
import { didYouMean } from "../../../../model/suggest.ts";
import { assistantContents, entriesOf, stringAt, type AssistantContent } from "./content.ts";
import { toolsOf } from "./tools.ts";

/** `{{name}}`, `{{{name}}}`, `{{&name}}`, and the opening of a section, `{{#name}}` or `{{^name}}`. */
const USE = /\{\{\{?\s*[&#^]?\s*([A-Za-z_][\w.-]*)\s*\}?\}\}/g;
/** Filled in by Telnyx from the secret that it names. */
const SECRET = "integration_secret";

/** RC3007: a template names a variable that nothing gives a value to. Each text reports a variable once, where it is first. */
export const undeclaredVariables: Lint = (check) => {
  for (const content of assistantContents(check)) {
    const declared = declaredBy(content, check.project);
    if (declared === undefined || content.node.type !== "map") continue;
    for (const [key, { value }] of content.node.members) {
      if (key !== "dynamic_variables") checkTemplates(check, content.subject, value, declared);
    }
    checkExpressions(check, content, declared);
  }
};

/** RC3007, for tools that assistants share: each is filled in by the assistants that use it. */
export const undeclaredInTools: Lint = (check) => {
  const users = new Map<LintSubject, Set<string>>();
  const others = [...check.project.values()].filter(({ kind }) => USERS.has(kind.kind));
  for (const content of assistantContents({ ...check, subjects: others })) {
    const declared = declaredBy(content, check.project);
    if (declared === undefined) continue;
    for (const { shared } of toolsOf(content.whole, check.project)) {
      const tool = check.project.get(shared ?? "");
      if (tool !== undefined) users.set(tool, new Set([...(users.get(tool) ?? []), ...declared]));
    }
  }
  for (const [tool, declared] of users) checkTemplates(check, tool, tool.node, declared);
};

/** Kinds whose resources use tools. */
const USERS: ReadonlySet<string> = new Set(["Assistant", "AssistantVersion"]);

/** `undefined` when a webhook may give any variable a value. */
function declaredBy(
  { whole }: AssistantContent,
  project: LintCheck["project"],
): ReadonlySet<string> | undefined {
  if (stringAt(whole, "dynamic_variables_webhook_url") !== undefined) return undefined;
  const variables = property(whole, "dynamic_variables");
  const stored = toolsOf(whole, project).flatMap(({ definition }) =>
    entriesOf(property(definition["webhook"], "store_fields_as_variables")).concat(
      entriesOf(property(definition["update_dynamic_variables"], "updatable_variables")),
    ),
  );
  return new Set([
    ...(isObject(variables) ? Object.keys(variables) : []),
    ...stored.flatMap(({ item }) => stringAt(item, "name") ?? []),
  ]);
}

function isDeclared(name: string, declared: ReadonlySet<string>): boolean {
  const first = name.split(".")[0] ?? name;
  return name === SECRET || name.startsWith("telnyx_") || declared.has(name) || declared.has(first);
}

function checkTemplates(
  { report }: LintCheck,
  { address }: LintSubject,
  node: Node,
  declared: ReadonlySet<string>,
): void {
  for (const { node: scalar, text } of textsIn(node)) {
    if (!text.includes("{{")) continue;
    const find = placeFinder(scalar);
    const told = new Set<string>();
    for (const [match, name = ""] of text.matchAll(USE)) {
      const at = find(match);
      if (isDeclared(name, declared) || told.has(name) || told.size === ENOUGH) continue;
      told.add(name);
      report({ ...words(name, declared), at, within: scalar, address });
    }
  }
}

function words(name: string, declared: ReadonlySet<string>) {
  return {
    code: "RC3007",
    message: `variable {{${name}}} is not declared`,
    hint: didYouMean(name, declared) ?? "declare it in `dynamic_variables`, with a default value",
  } as const;
}

function checkExpressions(
  { report }: LintCheck,
  { own, node, subject }: AssistantContent,
  declared: ReadonlySet<string>,
): void {
  for (const { index, item } of entriesOf(property(own["conversation_flow"], "edges"))) {
    const path = ["conversation_flow", "edges", String(index), "condition", "expression"];
    const expression = property(item["condition"], "expression");
    for (const { name, at } of variablesIn(expression, path)) {
      if (!isDeclared(name, declared)) {
        report({ ...words(name, declared), at: nodeAt(node, at), address: subject.address });
      }
    }
  }
}

interface VariableUse {
  readonly name: string;
  readonly at: readonly string[];
}

function variablesIn(expression: Json | undefined, path: readonly string[]): readonly VariableUse[] {
  if (!isObject(expression)) return [];
  const name = stringAt(expression, "name");
  if (expression["type"] === "variable" && name !== undefined) return [{ name, at: [...path, "name"] }];
  const sides = ["left", "right"].flatMap((side) => variablesIn(expression[side], [...path, side]));
  const operands = entriesOf((expression satisfies JsonObject)["operands"]).flatMap(({ index, item }) =>
    variablesIn(item, [...path, "operands", String(index)]),
  );
  return [...sides, ...operands];
}
