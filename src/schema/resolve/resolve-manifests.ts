import type { Address } from "../../model/address.ts";
import { isObject, property, stringsIn, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind, LintSubject } from "../../model/kind.ts";
import type { Lifecycle, Resource } from "../../model/resource.ts";
import { ruleOf } from "../diagnostics/diagnostics-table.ts";
import { envelopeSchema } from "../check/envelope-schema.ts";
import type { ReportFinding } from "../../model/finding.ts";
import type { EnvironmentSettings } from "../diagnostics/settings.ts";
import { severityOf } from "../diagnostics/finding.ts";
import { lint } from "../check/lints/index.ts";
import { isObservedIn, type Manifest } from "../project/manifest.ts";
import {
  member,
  nodeAt,
  textOf,
  textsIn,
  toJson,
  type MapNode,
  type Node,
  type ScalarNode,
} from "../../model/node.ts";
import type { Declared } from "../read/declared.ts";
import { checkEnvironments, type Existence } from "./existence.ts";
import { commonTags, environmentOf, settingsOf } from "../project/project.ts";
import type { ProjectText } from "../project/read-project.ts";
import { checkReferences } from "./references.ts";
import { lineAt, rangeOf } from "../../model/source.ts";
import { resolveValues } from "./resolve-values.ts";
import { checkTags, hasTags, withCommonTags } from "../check/tags.ts";
import { checkTexts } from "../check/texts.ts";
import { validateShape, type Validators } from "../check/validate.ts";
import { substitute, type Variables } from "../project/variables.ts";
import { checkWrittenForms } from "../check/written-form.ts";
import { rangeStart } from "../../model/diagnostic.ts";

const IMPORT = ["lifecycle", "import"] as const;

export interface ResolveContext {
  readonly text: ProjectText;
  readonly existence: Existence;
  readonly environment: string | undefined;
  readonly variables: Variables;
  readonly validators: Validators;
  readonly report: ReportFinding;
  /** Whether the ledger knows the live object of a resource. */
  readonly isTied: (address: Address) => boolean;
}

/** A manifest as its environment has it. */
export interface Resolved {
  readonly address: Address;
  readonly kind: Kind;
  readonly file: string;
  readonly spec: Node;
  /** Absent when it has errors; of what does not exist here, when it has no `spec`. */
  readonly resource?: Resource;
  /** What would be the resource, if it has errors and a `spec`. */
  readonly flawed?: Resource;
}

/** Every manifest of the environment, filled in and checked. */
export function resolveManifests(context: ResolveContext): readonly Resolved[] {
  const { text, existence, report } = context;
  if (text.project.node !== undefined) checkTexts(text.project.node, report);
  const declared = declaredIn(context);
  const sound: LintSubject[] = [];
  const resolved: Resolved[] = [];
  for (const manifest of existence.here) {
    let errors = 0;
    const counting: ReportFinding = (finding) => {
      // A comment may silence the others, which is known when all are found.
      if (severityOf(finding.code) === "error" && ruleOf(finding.code)?.ignorable !== true) errors++;
      report({ address: manifest.address, ...finding });
    };
    const { root, spec, value } = resolveOne(manifest, { ...context, report: counting }, declared);
    const { address, kind } = manifest;
    const found = { address, kind, file: manifest.root.source.file, spec: spec ?? manifest.root };
    const sane = spec !== undefined && isObject(value);
    if (sane) {
      const ties = { ...tieOf(manifest, root, context), ...observationOf(root, context) };
      sound.push({ ...subjectOf(manifest, root, spec, value), ...ties });
    }
    const resource = sane ? resourceOf(manifest, root, value, context) : undefined;
    if (resource === undefined) resolved.push(found);
    else resolved.push({ ...found, ...(errors === 0 ? { resource } : { flawed: resource }) });
  }
  lint(sound, { incomplete: text.unreadable.any, report });
  return resolved;
}

/** What is wrong with documents that declare nothing; nothing can be said of what refers to them. */
export function resolveFlawed(context: ResolveContext): readonly Resolved[] {
  return resolveUndeclared(context.text.flawed, context);
}

/**
 * What exists only in other environments, as it would be in this one. Its errors are not errors of this environment,
 * and its resources may have some.
 */
export function resolveElsewhere(context: ResolveContext): readonly Resolved[] {
  return resolveUndeclared(context.existence.elsewhere, context);
}

function resolveUndeclared(manifests: readonly Manifest[], context: ResolveContext): readonly Resolved[] {
  const declared = declaredIn(context);
  return manifests.map((manifest) => {
    const { root, spec, value } = resolveOne(manifest, context, declared);
    const { address, kind } = manifest;
    const found = { address, kind, file: root.source.file, spec: spec ?? manifest.root };
    return isObject(value) ? { ...found, resource: resourceOf(manifest, root, value, context) } : found;
  });
}

function resolveOne(
  manifest: Manifest,
  context: ResolveContext,
  declared: Declared,
): { readonly root: MapNode; readonly spec: Node | undefined; readonly value: Json | undefined } {
  const { address, kind } = manifest;
  const { text, variables, validators, report } = context;
  const tags = hasTags(kind) ? commonTags(text.project) : [];
  const declaredSpec = withCommonTags(member(manifest.root, "spec"), tags);
  const includes = { root: text.root, read: text.included };
  const spec = declaredSpec && resolveValues({ kind, spec: declaredSpec, includes, variables, report });
  const root = withSpec(withImport(manifest.root, context), spec);
  const whole = toJson(root);
  validateShape(
    "Manifest",
    { node: root, value: whole, schema: envelopeSchema, label: kind.kind },
    validators,
    report,
  );
  checkTexts(root, report);
  checkMetadata(root, report);
  if (!text.unreadable.project) checkEnvironments(root, text.project, report);
  const value = property(whole, "spec");
  if (spec === undefined || !isObject(value)) return { root, spec, value };
  const shaped = validateShape(
    kind.kind,
    { node: spec, value, schema: kind.schema, label: `${kind.kind}.spec`, fields: kind.fields },
    validators,
    report,
  );
  checkWrittenForms({ node: spec, value, schema: kind.schema, label: `${kind.kind}.spec` }, report);
  checkReferences({ address, kind, node: spec, value, declared, report });
  const { allowed } = settingsOf(text.project, context.environment).tags;
  if (allowed !== undefined && hasTags(kind)) checkTags(spec, allowed, report);
  const today = (shaped ? kind.upgraded?.(spec, report) : undefined) ?? spec;
  return today === spec ? { root, spec, value } : { root, spec: today, value: toJson(today) };
}

function checkMetadata(root: MapNode, report: ReportFinding): void {
  const labels = member(member(root, "metadata"), "labels");
  for (const { node, text } of labels === undefined ? [] : textsIn(labels)) {
    if (text.includes("${var."))
      report({ code: "RC4006", message: "variables are not substituted in labels", at: node });
  }
}

/** What may be referred to; where a document could not be read, it may have declared anything. */
function declaredIn({ existence, text: { unreadable } }: ResolveContext): Declared {
  const { here, environments } = existence;
  const addresses = new Set<string>(here.map(({ address }) => address));
  const byKind = new Map<string, string[]>();
  for (const { address, kind } of here) {
    const list = byKind.get(kind.kind);
    if (list === undefined) byKind.set(kind.kind, [address]);
    else list.push(address);
  }
  return { addresses, byKind, environments, unreadable };
}

/** Ids of objects differ from environment to environment. */
function withImport(root: MapNode, { variables, report }: ResolveContext): MapNode {
  const [lifecycle, node] = [root.members.get("lifecycle"), nodeAt(root, IMPORT)];
  if (lifecycle?.value.type !== "map" || node?.type !== "scalar" || typeof node.value !== "string") return root;
  if (!node.value.includes("${")) return root;
  const { plain: _, ...rest } = node;
  const id = substitute(node, node.value, variables, report);
  const value: ScalarNode = { ...rest, value: id, substituted: true };
  const old = lifecycle.value.members.get("import");
  const members = new Map(lifecycle.value.members).set("import", { key: old?.key ?? node, value });
  const block = { ...lifecycle.value, members };
  return { ...root, members: new Map(root.members).set("lifecycle", { key: lifecycle.key, value: block }) };
}

function withSpec(root: MapNode, spec: Node | undefined): MapNode {
  const old = root.members.get("spec");
  if (spec === undefined || old === undefined || old.value === spec) return root;
  return { ...root, members: new Map(root.members).set("spec", { key: old.key, value: spec }) };
}

/** What says which live object it is, apart from its name. */
function tieOf({ address }: Manifest, root: MapNode, { isTied }: ResolveContext): Pick<LintSubject, "isTied"> {
  const isImported = textOf(nodeAt(root, IMPORT)) !== undefined;
  const former = nodeAt(root, ["lifecycle", "movedFrom"]);
  const addresses = [address, ...(former === undefined ? [] : stringsIn(toJson(former)))] as readonly Address[];
  return isImported || addresses.some(isTied) ? { isTied: true } : {};
}

function observationOf(root: MapNode, context: ResolveContext): Pick<LintSubject, "isObserved"> {
  const { observe } = environmentOf(context.text.project, context.environment);
  return observe || isObservedIn(root) ? { isObserved: true } : {};
}

function subjectOf(
  { address, kind, name }: Manifest,
  root: MapNode,
  node: Node,
  spec: JsonObject,
): LintSubject {
  const at = member(member(root, "metadata"), "name") ?? node;
  return { address, kind, name, spec, node, root, at };
}

function resourceOf(
  { address, kind, name }: Manifest,
  root: MapNode,
  spec: JsonObject,
  context: ResolveContext,
): Resource {
  const whole = toJson({ ...root, members: new Map([...root.members].filter(([key]) => key !== "spec")) });
  const environment = environmentOf(context.text.project, context.environment);
  const labels = property(property(whole, "metadata"), "labels");
  return {
    address,
    kind: kind.kind,
    name,
    labels: isObject(labels) ? textsOf(labels) : {},
    lifecycle: lifecycleOf(property(whole, "lifecycle"), environment, root),
    spec,
    file: root.source.file,
    line: lineAt(root.source, root.start) + 1,
  };
}

/**
 * An environment protects or observes every resource. A manifest that says nothing of protection leaves it to the ledger.
 */
function lifecycleOf(value: Json | undefined, environment: EnvironmentSettings, root: MapNode): Lifecycle {
  const protect = environment.protect ? true : property(value, "protect");
  const isObserved = environment.observe || isObservedIn(root);
  return {
    ...(typeof protect === "boolean" && { protect }),
    ...(isObserved && { observe: true as const }),
    ignore: stringsIn(property(value, "ignore")),
    // Their form has been checked.
    movedFrom: stringsIn(property(value, "movedFrom")) as readonly Address[],
    ...importIn(root),
  };
}

function importIn(root: MapNode): Pick<Lifecycle, "import"> {
  const node = nodeAt(root, IMPORT);
  const id = textOf(node);
  if (node === undefined || id === undefined) return {};
  return { import: { id, place: rangeStart(rangeOf(node)) } };
}

function textsOf(value: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}
