import { valueIn } from "../../model/at-path.ts";
import { isList, isObject, type Json, type JsonObject } from "../../model/json.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { losesForm, nodeAt, toJson, type Node, type ScalarNode } from "../../model/node.ts";
import { oldBoolean } from "../read/scalar.ts";
import { schemasAt, holdsSchema, typesOf } from "../../model/json-schema.ts";
import { labelled, shown } from "../diagnostics/shown.ts";

/** A value, where it was written, and what may stand there. */
export interface Formed {
  readonly node: Node;
  readonly value: Json;
  readonly schema: JsonObject;
  readonly label: string;
}

/**
 * RC2020 and RC2021: plain text where any type may stand. YAML reads `007` as the number 7, so a text that looks like
 * a number would not be sent as it is written.
 */
export function checkWrittenForms(subject: Formed, report: ReportFinding): void {
  visit(subject, subject.node, [], report);
}

function visit(subject: Formed, node: Node, path: readonly string[], report: ReportFinding): void {
  if (node.type === "scalar") checkScalar(subject, node, path, report);
  else if (node.type === "list") {
    for (const [index, item] of node.items.entries()) visit(subject, item, [...path, String(index)], report);
  } else {
    for (const [key, { value }] of node.members) visit(subject, value, [...path, key], report);
  }
}

function checkScalar(subject: Formed, node: ScalarNode, path: readonly string[], report: ReportFinding): void {
  const { plain } = node;
  if (plain === undefined || (!losesForm(node) && !isOldBoolean(node))) return;
  const { schema, value, label } = subject;
  const types = typesOf(schemasAt(schema, value, path));
  // Where one type may stand, another one is reported as such.
  const isOpen = types.length === 0 || (types.includes("string") && types.length > 1);
  if (!isOpen) return;
  const asked = typesAskedFor(schema, value, path);
  const where = labelled(label, path);
  if (!losesForm(node)) {
    if (asked.length > 0 || types.length > 0) return;
    const hint = `put it in quotes: "${plain}", or write ${String(oldBoolean(plain))}`;
    report({ code: "RC2021", message: `${where}: ${plain} is the text "${plain}"`, at: node, hint });
  } else if (!asked.some((type) => NUMERIC.has(type)) || !PLAIN_NUMBER.test(plain)) {
    const message = `${where}: ${plain} is read as ${shown(node.value)}`;
    const other = node.value === null ? "null" : String(node.value);
    report({ code: "RC2020", message, at: node, hint: `put it in quotes: "${plain}", or write ${other}` });
  }
}

const NUMERIC: ReadonlySet<string> = new Set(["number", "integer"]);
/** As JSON writes numbers. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** `yes`, `no`, `on` and `off`, which many programs still read as true and false. */
function isOldBoolean({ value, plain }: ScalarNode): boolean {
  return typeof value === "string" && value.length > 1 && oldBoolean(plain ?? "") !== undefined;
}

/** The same for the variables of a project, which are texts. */
export function checkVariableForms(project: Node, schema: JsonObject, report: ReportFinding): void {
  const environments = nodeAt(project, ["spec", "environments"]);
  const names = environments?.type === "map" ? [...environments.members.keys()] : [];
  const places = [["spec", "vars"], ...names.map((name) => ["spec", "environments", name, "vars"])];
  const value = toJson(project);
  for (const path of places) {
    const vars = nodeAt(project, path);
    if (vars !== undefined) visit({ node: project, value, schema, label: "Project" }, vars, path, report);
  }
}

const NUMBERS: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
]);

/**
 * The types that the JSON Schema around a value asks for: numbers for `minimum` and the like, the `type` beside
 * `default`, `const`, `enum` and `examples`. Empty where it asks for none, and outside of such schemas.
 */
function typesAskedFor(schema: JsonObject, spec: Json, path: readonly string[]): readonly string[] {
  if (!path.some((_, depth) => holdsSchema(schemasAt(schema, spec, path.slice(0, depth))))) return [];
  const key = path.at(-1) ?? "";
  if (NUMBERS.has(key)) return ["number"];
  if (key === "default" || key === "const") return listedTypes(valueIn(spec, path.slice(0, -1)));
  const list = path.at(-2);
  return list === "enum" || list === "examples" ? listedTypes(valueIn(spec, path.slice(0, -2))) : [];
}

function listedTypes(schema: Json | undefined): readonly string[] {
  const type = isObject(schema) ? schema["type"] : undefined;
  return [isList(type) ? type : (type ?? [])].flat().filter((one) => typeof one === "string");
}
