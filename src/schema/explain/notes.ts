import type { JsonObject } from "../../model/json.ts";
import type { FieldHint, Kind } from "../../model/kind.ts";
import { pointer, segments } from "../../model/pointer.ts";
import { hintAt } from "../../model/field-hints.ts";
import type { Spot } from "./find.ts";
import { isReferenceSchema } from "./shape.ts";

export const PROJECT = "Project";

/** How Rollcall treats the value, as sentences: from the schema's annotations and from the hints of the kind. */
export function notesOf(kind: Kind | undefined, schema: JsonObject, spot: Spot): readonly string[] {
  const way = spot.steps.flatMap((step) =>
    step.to === "shape" ? [] : step.to === "field" ? [step.name] : ["*"],
  );
  const inSpec = kind !== undefined && way[0] === "spec" && way.length > 1;
  const hint = inSpec ? hintAt(kind.fields, way.slice(1)) : {};
  return [
    ...annotations(schema),
    ...hintNotes(hint),
    ...(inSpec ? removal(kind, hint, spot, way.slice(1)) : []),
  ];
}

function annotations(schema: JsonObject): readonly string[] {
  return [
    ...(schema["x-secret-identifier"] === true
      ? ["The name of an integration secret, never the secret itself."]
      : []),
    ...(schema["x-sensitive"] === true
      ? ["A plain value puts a secret in Git. Use a template that is filled in during the conversation."]
      : []),
    ...(isReferenceSchema(schema)
      ? ["A reference `{ ref: Kind/name }`, or the id of an object that this project does not manage."]
      : []),
  ];
}

function hintNotes(hint: FieldHint): readonly string[] {
  const { set, keyedBy, ordered, sensitive, immutable, serverSet, whole, local } = hint;
  return [
    ...(set === "closed" ? ["The order of the entries does not count."] : []),
    ...(set === "open"
      ? ["The order of the entries does not count, and undeclared live entries are kept."]
      : []),
    ...(keyedBy === undefined ? [] : [keyNote(keyedBy, ordered === true)]),
    ...(sensitive === true ? ["Reports and the ledger contain only its digest."] : []),
    ...(immutable === true ? ["It cannot be changed in place: a new value replaces the object."] : []),
    ...(serverSet === true ? ["If it is not declared, the API fills it in."] : []),
    ...(whole === true ? ["Compared and written as one value."] : []),
    ...(local === true ? ["Used by Rollcall only; never sent."] : []),
  ];
}

function keyNote(keyedBy: readonly string[], ordered: boolean): string {
  const keys = keyedBy.map((key) => `\`${segments(key).at(-1) ?? ""}\``);
  const order = ordered ? "" : "; their order does not count";
  return `Entries are identified by ${keys.join(" and ")}${order}.`;
}

/** What happens to the live value when the field is taken out of the manifest. */
function removal(
  kind: Kind,
  { unset, local }: FieldHint,
  spot: Spot,
  way: readonly string[],
): readonly string[] {
  const isName = pointer(way) === kind.identity.name;
  const inherits = kind.inherits !== undefined && segments(kind.inherits.into)[0] === way[0];
  if (spot.required || isName || inherits || local === true || way.includes("*")) return [];
  if (unset !== undefined) return ["When removed from the manifest, it is cleared live."];
  return isBlock(spot.schema)
    ? []
    : ["When removed from the manifest, it keeps its live value and is no longer managed."];
}

/** Of a block every value is treated on its own. */
function isBlock(schema: JsonObject): boolean {
  return schema["type"] === "object";
}

/** What a reader should know about all resources of a kind. */
export function kindNotes(kind: Kind, kinds: ReadonlyMap<string, Kind>): readonly string[] {
  const { identity, reachesCallers, inherits } = kind;
  const users = [...kinds.values()].filter(({ references }) => references.some(({ to }) => to === kind.kind));
  const targets = [...new Set(kind.references.map(({ to }) => to))];
  return [
    ...(reachesCallers === true ? ["A change affects every caller immediately."] : []),
    ...(inherits === undefined
      ? []
      : [
          `What \`${segments(inherits.into).join(".")}\` does not declare follows the resource in \`${segments(inherits.from).join(".")}\`.`,
        ]),
    ...(identity.singleton === true && identity.parent !== undefined
      ? [`At most one for each \`${segments(identity.parent).join(".")}\`.`]
      : []),
    ...(targets.length === 0 ? [] : [`It may refer to ${joined(targets)}.`]),
    ...(users.length === 0 ? [] : [`${joined(users.map((user) => user.kind))} may refer to it.`]),
  ];
}

/** `A`, `A and B`, `A, B and C`. */
function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
