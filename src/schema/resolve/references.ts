import { parseAddress, type Address } from "../../model/address.ts";
import type { Json } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import { mayBeUnreadable, type Declared } from "../read/declared.ts";
import { ENOUGH, type ReportFinding } from "../../model/finding.ts";
import type { MapNode, Node } from "../../model/node.ts";
import { referencedKinds, schemasAt, typesOf } from "../../model/json-schema.ts";
import { alternatives, labelled, shown } from "../diagnostics/shown.ts";
import { didYouMean, nearest } from "../../model/suggest.ts";

export interface ReferenceCheck {
  readonly address: Address;
  readonly kind: Kind;
  readonly node: Node;
  readonly value: Json;
  /** By all manifests, those with problems of their own included. */
  readonly declared: Declared;
  readonly report: ReportFinding;
}

interface Visit extends ReferenceCheck {
  readonly isEnough: () => boolean;
}

/** Every `{ ref }` names a declared resource of a kind that the field may hold. */
export function checkReferences(check: ReferenceCheck): void {
  let count = 0;
  const report: ReportFinding = (finding) => {
    count++;
    check.report(finding);
  };
  visit({ ...check, report, isEnough: () => count >= ENOUGH }, check.node, []);
}

function visit(check: Visit, node: Node, path: string[]): void {
  if (node.type === "scalar" || check.isEnough()) return;
  if (node.type === "map") {
    if (node.members.has("ref")) checkOne(check, node, path);
    for (const [key, { value }] of node.members) descend(check, value, path, key);
  } else {
    for (const [index, item] of node.items.entries()) descend(check, item, path, String(index));
  }
}

function descend(check: Visit, node: Node, path: string[], segment: string): void {
  if (node.type === "scalar") return;
  path.push(segment);
  visit(check, node, path);
  path.pop();
}

function checkOne(check: ReferenceCheck, node: MapNode, path: readonly string[]): void {
  const target = node.members.get("ref")?.value;
  if (target?.type !== "scalar" || typeof target.value !== "string") return;
  const allowed = kindsAt(check, path);
  const text = target.value;
  const address = parseAddress(text);
  if (allowed.length === 0) {
    strayReference(check, node, path, address !== undefined && node.members.size === 1);
    return;
  }
  const { declared, report } = check;
  if (address !== undefined && allowed.includes(address.kind) && declared.addresses.has(text)) return;
  const others = declared.environments.get(text);
  if (address !== undefined && allowed.includes(address.kind) && others !== undefined) {
    elsewhere(check, { path, target, text, others });
    return;
  }
  const candidates = allowed.flatMap((kind) => declared.byKind.get(kind) ?? []);
  const label = labelled(`${check.kind.kind}.spec`, path);
  const form = `{ ref: ${alternatives(allowed)}/name }`;
  if (address === undefined) {
    const sameName = candidates.find((name) => name.endsWith(`/${text}`)) ?? nearest(text, candidates);
    const hint = sameName === undefined ? `write ${form}` : `did you mean "${sameName}"?`;
    report({ code: "RC3003", message: `${label}: ${shown(text)} is not an address`, at: target, hint });
  } else if (!allowed.includes(address.kind)) {
    const sameName = candidates.find((name) => name.endsWith(`/${address.name}`));
    const hint = sameName === undefined ? didYouMean(text, candidates) : `did you mean "${sameName}"?`;
    const message = `${label}: must refer to ${alternatives(allowed.map(withArticle))} (got ${withArticle(address.kind)})`;
    report({ code: "RC3002", message, at: target, hint });
  } else if (!mayBeUnreadable(text, declared.unreadable)) {
    const known = candidates.length === 0 ? "" : `; declared: ${candidates.slice(0, 8).join(", ")}`;
    const hint =
      didYouMean(text, candidates) ??
      `declare it, or write the id of an object outside of this project${known}`;
    report({ code: "RC3001", message: `${label}: no manifest declares ${text}`, at: target, hint });
  }
}

interface Elsewhere {
  readonly path: readonly string[];
  readonly target: Node;
  readonly text: string;
  /** The environments of the target. */
  readonly others: readonly string[];
}

/** References to a resource that exists in fewer environments. */
function elsewhere(
  { address, kind, declared, report }: ReferenceCheck,
  { path, target, text, others }: Elsewhere,
) {
  const more = (declared.environments.get(address) ?? []).filter((name) => !others.includes(name));
  const label = labelled(`${kind.kind}.spec`, path);
  report({
    code: "RC3044",
    message: `${label}: ${text} exists only in ${others.join(", ")}, and ${address} also in ${more.join(", ")}`,
    at: target,
    hint: "let metadata.environments of both agree, or remove the reference there by a patch",
  });
}

/** In typed fields the schema speaks up; in free content a reference would be sent as it stands. */
function strayReference(
  check: ReferenceCheck,
  node: MapNode,
  path: readonly string[],
  isAddress: boolean,
): void {
  if (!isAddress) return;
  const types = typesOf(schemasAt(check.kind.schema, check.value, path));
  if (types.length > 0 && !types.includes("object")) return;
  check.report({
    code: "RC3004",
    message: `${labelled(`${check.kind.kind}.spec`, path)}: a reference is not allowed here`,
    at: node,
    hint: "the field does not hold the id of an object",
  });
}

function kindsAt({ kind, value }: ReferenceCheck, path: readonly string[]): readonly string[] {
  const ruled = kind.references.flatMap(({ at, to }) => {
    const pattern = segments(at);
    const fits = pattern.length === path.length && pattern.every((part, i) => part === "*" || part === path[i]);
    return fits ? [to] : [];
  });
  return [...new Set([...ruled, ...referencedKinds(schemasAt(kind.schema, value, path))])];
}

function withArticle(kind: string): string {
  return `${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
}
