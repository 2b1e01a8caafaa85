import { addressOf, type Address } from "../../model/address.ts";
import {
  isList,
  isObject,
  mapItems,
  mapMembers,
  membersOf,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { LeftToDo, MigratedResource, Migration, MigrationResult } from "../../model/migration.ts";
import type { Pointer } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";
import { authored } from "../../schema/author/authored.ts";
import type { AuthoredFile, AuthoredOptions, ManifestDraft } from "../../schema/author/draft.ts";
import { objectKey, slugsFor } from "../../schema/author/slugs.ts";
import { withPlaceholders } from "../../schema/author/placeholders.ts";

export interface MigrateOptions extends AuthoredOptions {
  readonly provider: string;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** The addresses that the project has. */
  readonly addresses: ReadonlySet<string>;
}

/** What is known before anything is written. */
export type MigratedFiles = Omit<MigrationResult, "isDryRun" | "missingEntries">;

/** Manifests for the resources of a migration. Nothing is written. */
export function migrate(
  { resources, losses }: Migration,
  options: MigrateOptions,
): { readonly files: readonly AuthoredFile[]; readonly result: MigratedFiles } {
  const { provider, kinds, addresses, layout, taken } = options;
  const known = resources.flatMap((resource) => {
    const kind = kinds.get(resource.kind);
    return kind === undefined ? [] : [{ resource, kind }];
  });
  const slugs = slugsFor(
    known.map(({ resource: { key, name }, kind }) => ({ kind, id: key, name })),
    addresses,
  );
  const addressFor = (kind: string, key: string): Address =>
    addressOf(kind, slugs.get(objectKey(kind, key)) ?? key);
  const drafts = known.map(({ resource, kind }) => draftOf(resource, kind, addressFor));
  const files = authored(
    drafts.map(({ draft }) => draft),
    { layout, taken },
  );
  const result = {
    provider,
    files: files.map(({ path, addresses: of }) => ({ file: path, addresses: of })),
    todos: drafts.flatMap(({ todos }) => todos),
    losses,
  };
  return { files, result };
}

type AddressFor = (kind: string, key: string) => Address;

function draftOf(
  { kind: name, key, spec, remarks }: MigratedResource,
  kind: Kind,
  addressFor: AddressFor,
): { readonly draft: ManifestDraft; readonly todos: readonly LeftToDo[] } {
  const address = addressFor(name, key);
  const { spec: writable, remarks: more } = withPlaceholders(spec, kind);
  const all = merged(remarks, more);
  const linked = withAddresses(writable, addressFor);
  const draft = { address, kind, spec: membersOf(linked), remarks: all };
  return { draft, todos: todosIn(address, all) };
}

function merged(
  one: ReadonlyMap<Pointer, string>,
  other: ReadonlyMap<Pointer, string>,
): ReadonlyMap<Pointer, string> {
  const result = new Map(one);
  for (const [at, text] of other)
    result.set(at, [...(result.has(at) ? [result.get(at)] : []), text].join("\n"));
  return result;
}

const TODO = "TODO: ";

function todosIn(address: Address, remarks: ReadonlyMap<Pointer, string>): readonly LeftToDo[] {
  return [...remarks].flatMap(([path, text]) =>
    text
      .split("\n")
      .filter((line) => line.startsWith(TODO))
      .map((line) => ({ address, path, what: line.slice(TODO.length) })),
  );
}

/** References by the addresses that the resources got. */
function withAddresses(value: Json, addressFor: AddressFor): Json {
  if (isReference(value)) {
    const slash = value.ref.indexOf("/");
    return { ref: addressFor(value.ref.slice(0, slash), value.ref.slice(slash + 1)) };
  }
  if (isList(value)) return mapItems(value, (item) => withAddresses(item, addressFor));
  return isObject(value) ? mapMembers(value as JsonObject, (item) => withAddresses(item, addressFor)) : value;
}
