import { isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import { ENOUGH, type Report } from "../finding.ts";
import type { Lint, LintSubject } from "./lint.ts";
import { nodeAt, placeFinder, textsIn, type Node } from "../node.ts";
import { didYouMean } from "../suggest.ts";
import {
  assistantContents,
  bySubject,
  entriesOf,
  stringAt,
  toolsOf,
  type AssistantContent,
} from "./assistant-content.ts";

/** `{{name}}`, `{{{name}}}`, `{{&name}}`, and the opening of a section, `{{#name}}` or `{{^name}}`. */
const USE = /\{\{\{?\s*[&#^]?\s*([A-Za-z_][\w.-]*)\s*\}?\}\}/g;
/** Filled in by Telnyx from the secret that it names. */
const SECRET = "integration_secret";

/** RC3007: a template names a variable that nothing gives a value to. */
export const undeclaredVariables: Lint = (subjects, report) => {
  const byAddress = bySubject(subjects);
  const users = new Map<LintSubject, Set<string>>();
  for (const content of assistantContents(subjects)) {
    const declared = declaredBy(content, byAddress);
    if (declared === undefined) continue;
    for (const { shared } of toolsOf(content.whole, byAddress)) {
      const tool = byAddress.get(shared ?? "");
      if (tool !== undefined) users.set(tool, new Set([...(users.get(tool) ?? []), ...declared]));
    }
    if (content.node.type !== "map") continue;
    for (const [key, { value }] of content.node.members) {
      if (key !== "dynamic_variables") checkTemplates(value, declared, content.subject, report);
    }
    checkExpressions(content, declared, report);
  }
  // A shared tool is filled in by the assistants that use it.
  for (const [tool, declared] of users) checkTemplates(tool.node, declared, tool, report);
};

/** `undefined` when a webhook may give any variable a value. */
function declaredBy(
  { whole }: AssistantContent,
  subjects: ReadonlyMap<string, LintSubject>,
): ReadonlySet<string> | undefined {
  if (stringAt(whole, "dynamic_variables_webhook_url") !== undefined) return undefined;
  const variables = property(whole, "dynamic_variables");
  const stored = toolsOf(whole, subjects).flatMap(({ definition }) =>
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
  node: Node,
  declared: ReadonlySet<string>,
  { address }: LintSubject,
  report: Report,
): void {
  for (const { node: scalar, text } of textsIn(node)) {
    if (!text.includes("{{")) continue;
    const find = placeFinder(scalar);
    let count = 0;
    for (const [match, name = ""] of text.matchAll(USE)) {
      const at = find(match);
      if (isDeclared(name, declared) || ++count > ENOUGH) continue;
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
  { own, node, subject }: AssistantContent,
  declared: ReadonlySet<string>,
  report: Report,
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
