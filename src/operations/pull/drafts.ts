import type { Address } from "../../model/address.ts";
import { withValue } from "../../model/at-path.ts";
import { grouped } from "../../model/grouped.ts";
import { isObject, property, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { pointer, segments, type Pointer } from "../../model/pointer.ts";
import type { SkippedObject, Unwritten } from "../../model/pull-result.ts";
import { isReference, type Resource } from "../../model/resource.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { linksOf, resolve } from "../../reconcile/compare/references.ts";
import { desiredResources } from "../../reconcile/observe/desired.ts";
import { parentId, parentRule, referenceId } from "../../model/object-ids.ts";
import { validatorsFor } from "../../schema/check/validate.ts";
import { declarable, type Declarable } from "../../schema/author/declarable.ts";
import { declaredFields, unknownFields } from "../../schema/author/declared-fields.ts";
import type { ManifestDraft } from "../../schema/author/draft.ts";
import { below, topOf } from "../../schema/author/spec-place.ts";
import { objectKey } from "../../schema/author/slugs.ts";
import { withoutSecrets, type LeftOut } from "../../schema/author/without-secrets.ts";
import { byReference, keyOf } from "./gather.ts";
import { outsideIds } from "./outside-ids.ts";
import type { AccountObject } from "../account/inventory.ts";
import { changesFrom } from "./version-changes.ts";

/** A live object that gets a manifest. */
export interface Named extends AccountObject {
  readonly address: Address;
}

export interface Drafts {
  readonly drafts: readonly ManifestDraft[];
  /** The objects that they are of. */
  readonly objects: readonly Named[];
  readonly unwritten: readonly Unwritten[];
  /** Objects that cannot have a manifest, and why. */
  readonly unwritable: readonly UnwritableObject[];
}

/** An object that a manifest cannot declare at all, because of a value that it cannot do without. */
export interface UnwritableObject {
  readonly object: Named;
  readonly left: LeftOut;
}

export interface DraftInput {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly objects: readonly Named[];
  /** All live objects that are known, with the addresses of those that the project has. */
  readonly listed: readonly (AccountObject & { readonly address?: Address })[];
  /** What the project declares already. */
  readonly resources: readonly Resource[];
  readonly fields: "set" | "all";
  /** The environments of every manifest; absent: all. */
  readonly environments?: readonly string[] | undefined;
  /** The block `lifecycle` of every manifest. */
  readonly lifecycle?: JsonObject | undefined;
}

/**
 * What the manifests of live objects say: what differs from the defaults and is valid, and addresses in place of ids. An
 * object that has no manifest is referred to by its id.
 */
export async function draftsOf(input: DraftInput): Promise<Drafts> {
  const validators = await validatorsFor(input.kinds.values());
  const declared = input.objects.map((object) => ({
    object,
    ...declarable(object.live.spec, object.kind, { validators, fields: input.fields }),
  }));
  const unwritable = declared.flatMap(({ object, secrets, invalid }): readonly UnwritableObject[] => {
    const left = [...secrets, ...invalid].find(({ undeclared }) => undeclared === "");
    return left === undefined ? [] : [{ object, left }];
  });
  const lost = new Set(unwritable.map(({ object }) => keyOf(object)));
  const sound = declared.filter(({ object }) => !lost.has(keyOf(object)));
  const listed = input.listed.map((object) => (lost.has(keyOf(object)) ? withoutAddress(object) : object));
  const objects = sound.map(({ object }) => object);
  return {
    drafts: draftedFrom(sound, { ...input, objects, listed }),
    objects,
    unwritten: [
      ...sound.flatMap(({ object: { address }, secrets, invalid }) =>
        [...secrets, ...invalid].map(({ pointer: path, why, hint }) => ({ address, path, why, hint })),
      ),
      ...unknown(objects),
    ],
    unwritable,
  };
}

/** For the result: what was asked for and gets no manifest. */
export function unwritableObject({ object, left }: UnwritableObject): SkippedObject {
  const { address, kind, live, name } = object;
  const { pointer: path, why, hint } = left;
  return { kind: kind.kind, id: live.id, name, reason: "unwritable", address, path, why, hint };
}

/** As the account has it, for those that refer to it. */
function withoutAddress(object: DraftInput["listed"][number]): AccountObject {
  const { address, ...rest } = object;
  return address === undefined ? object : rest;
}

interface Declared extends Declarable {
  readonly object: Named;
}

function draftedFrom(declared: readonly Declared[], input: DraftInput): readonly ManifestDraft[] {
  const known = new Map([...input.listed, ...input.objects].map((object) => [keyOf(object), object]));
  const targets = byReference(input.listed);
  const plain = new Map(declared.map(({ object, spec }) => [object.address, spec]));
  return declared.map((one): ManifestDraft => {
    const { address, kind } = one.object;
    const { spec, lifecycle } = inherited(one, { plain, known, input });
    const merged = { ...lifecycle, ...input.lifecycle };
    const { spec: linkedSpec, remarks } = linked(spec, kind, targets);
    const all = new Map([...remarks, ...outsideIds(spec, kind), ...one.invalid.map(remarkOn)]);
    return {
      address,
      kind,
      ...(input.environments !== undefined && { environments: input.environments }),
      spec: linkedSpec,
      ...(all.size > 0 && { remarks: all }),
      ...(Object.keys(merged).length > 0 && { lifecycle: merged }),
    };
  });
}

/** Stands where the value is not declared. */
function remarkOn({ pointer: path, undeclared, why }: LeftOut): readonly [Pointer, string] {
  return [undeclared, `Not declared: ${path}. Reason: ${why}.`];
}

/** Fields that no schema knows, once for each kind and place: a new field of the API is in every object. */
function unknown(objects: readonly Named[]): readonly Unwritten[] {
  const all = objects.flatMap(({ address, kind, live }) =>
    unknownFields(live.spec, kind).map((path) => ({ address, path, place: placeIn(kind, path) })),
  );
  return [...grouped(all, ({ place }) => place).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const more = new Set(others.map(({ address }) => address)).size;
    const also = more === 0 ? "" : ` (also in ${more === 1 ? "one other object" : `${more} other objects`})`;
    const why = `it is a field that this version of Rollcall does not know${also}`;
    return [
      {
        address: first.address,
        path: first.path,
        why,
        hint: "it keeps its live value; a new object does not get it",
      },
    ];
  });
}

/** The same for all elements of a list. */
function placeIn({ kind }: Kind, path: Pointer): string {
  return `${kind} ${path.replaceAll(/\/\d+(?=\/|$)/g, "/*")}`;
}

interface Parents {
  readonly plain: ReadonlyMap<Address, JsonObject>;
  readonly known: ReadonlyMap<string, AccountObject & { readonly address?: Address }>;
  readonly input: DraftInput;
}

/** Of an object that inherits, only what differs from its parent; what it lacks of that is left as it is. */
function inherited(
  { object: { kind, live }, spec, secrets, invalid }: Declared,
  { plain, known, input }: Parents,
): Pick<ManifestDraft, "spec" | "lifecycle"> {
  const { inherits } = kind;
  const to = parentRule(kind)?.to;
  const parent = known.get(objectKey(to ?? "", parentId(kind, live.id) ?? ""));
  if (inherits === undefined || parent?.address === undefined) return { spec };
  const into = segments(inherits.into)[0] ?? "";
  const own = property(spec, into);
  const declared = plain.get(parent.address) ?? declaredNow(parent.address, input);
  const other = withoutSecrets(parent.live.spec, parent.kind).spec;
  const pair = { declared, live: declaredFields(other, parent.kind, input.fields) };
  const place = below(topOf(kind, spec), into, own ?? {});
  const absent: Pointer[] = [];
  const onAbsent = (path: readonly string[]) => void absent.push(pointer(path));
  const isLeft = isAmong([...secrets, ...invalid]);
  const at = { hints: hintsOf(kind).child(into), place, onAbsent, isLeft };
  const changes = changesFrom(pair, isObject(own) ? own : {}, at);
  return { spec: { ...spec, [into]: changes }, ...(absent.length > 0 && { lifecycle: { ignore: absent } }) };
}

function isAmong(left: readonly LeftOut[]): (path: readonly string[]) => boolean {
  const paths = new Set(left.map(({ undeclared }) => undeclared));
  return (path) => paths.has(pointer(path));
}

/** What the project declares of an object, with the ids of live objects. */
function declaredNow(address: Address, { resources, kinds, listed }: DraftInput): JsonObject {
  const desired = desiredResources(resources, kinds).get(address);
  const kind = desired === undefined ? undefined : kinds.get(desired.resource.kind);
  if (desired === undefined || kind === undefined) return {};
  const ids = new Map(
    listed.flatMap((object) => {
      const id = referenceId(object.kind, object.live.id);
      return id === undefined || object.address === undefined ? [] : [[object.address, id] as const];
    }),
  );
  return resolve(kind, desired.spec, (target) => ids.get(target));
}

/** References in place of ids; an id of an object that the project does not have is explained. */
function linked(
  spec: JsonObject,
  kind: Kind,
  targets: ReadonlyMap<string, AccountObject & { readonly address?: Address }>,
): Required<Pick<ManifestDraft, "spec" | "remarks">> {
  const remarks = new Map<Pointer, string>();
  let result = spec;
  for (const { rule, path, value } of linksOf(kind, spec)) {
    if (typeof value !== "string" || isReference(value)) continue;
    const target = targets.get(objectKey(rule.to, value));
    if (target?.address === undefined) remarks.set(pointer(path), explained(rule.to, target));
    else result = withValue(result, path, { ref: target.address });
  }
  return { spec: result, remarks };
}

function explained(kind: string, target: AccountObject | undefined): string {
  if (target === undefined) return `No ${kind} with this id was found in the account.`;
  const owner = target.owner?.isElsewhere === true ? `environment ${target.owner.environment}` : undefined;
  return owner === undefined
    ? `${kind} ${target.name}, which this project does not manage.`
    : `${kind} ${target.name}, which ${owner} manages.`;
}
