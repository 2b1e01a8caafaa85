import { version } from "../../host/version.ts";
import { stringify } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { ObjectList } from "../../model/object-list.ts";
import { ProviderError } from "../../model/provider.ts";
import { collect, readAgain, withReferred, type Collected } from "../../operations/account/collect.ts";
import { inventory, type AccountObject } from "../../operations/account/inventory.ts";
import { groupList, listing } from "../../operations/account/listing.ts";
import { manifestsOf } from "../../operations/account/manifests.ts";
import { kindsOf, queryOf, type Grouping, type Query } from "../../operations/account/query.ts";
import { isGlob, selected, type Filters } from "../../operations/account/selected.ts";
import {
  groupsJson,
  groupsTable,
  objectIds,
  objectNames,
  objectsJson,
  objectsTable,
} from "../../report/objects.ts";
import { visible } from "../../model/visible.ts";
import type { TableStyle } from "../../report/table.ts";
import { masked } from "../../schema/diagnostics/credentials/find.ts";
import { withAccount, type AccountOptions, type OpenAccount } from "../account.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { type Io, note, print, tableStyle } from "../io.ts";
import type { Output } from "../object-outputs.ts";

export interface GetOptions extends AccountOptions {
  readonly output: Output;
  readonly managed?: boolean;
  readonly unmanaged?: boolean;
  readonly tag: readonly string[];
}

/** Shows live objects. Reads only. */
export async function getCommand(io: Io, words: readonly string[], options: GetOptions): Promise<ExitCode> {
  return withAccount(io, options, async (workspace) => {
    const query = queryOf(words, workspace.provider.kinds.values());
    const shown =
      query.grouping === undefined
        ? await objectsText(io, workspace, query, options)
        : await groupsText(io, workspace, query.grouping, { ...options, selectors: query.selectors });
    const { text, isPartial = false } = typeof shown === "string" ? { text: shown } : shown;
    if (text !== "") await print(io, text);
    else if (!isPartial) await note(io, "No objects found.");
    return exitCode({ command: "get", isPartial });
  });
}

/** What is printed, and whether it lacks an object that was asked for. */
interface Shown {
  readonly text: string;
  readonly isPartial?: boolean;
}

async function objectsText(
  io: Io,
  workspace: OpenAccount,
  query: Query,
  options: GetOptions,
): Promise<string | Shown> {
  const { output } = options;
  const { objects: found, listed, isPartial } = await collected(io, workspace, query, options);
  if (output === "texml") return texmlOf(workspace, found);
  const isNamed = query.selectors.length > 0 && !query.selectors.some(isGlob);
  if (output === "yaml") return yamlOf(io, workspace, query, { found, listed, isNamed });
  const isComplete = output === "json" && isNamed;
  const objects = isComplete ? await readAgain(workspace, found, true) : found;
  const kinds = kindsOf(query, workspace.provider.kinds.values());
  const others = [...new Set(objects.map(({ kind }) => kind))].filter((kind) => !kinds.includes(kind));
  const list = listing(workspace, [...kinds, ...others], objects, isComplete);
  return { text: textOf(list, output, tableStyle(io, options.color, output === "wide")), isPartial };
}

function textOf(list: ObjectList, output: Output, style: TableStyle): string {
  switch (output) {
    case "json":
      return stringify(objectsJson(list, { rollcallVersion: version }), 2);
    case "name":
      return objectNames(list);
    case "id":
      return objectIds(list);
    default:
      return objectsTable(list, style);
  }
}

/**
 * If no kind is named, kinds that the key may not list are left out, and the output says so. For manifests, all kinds are
 * needed, because manifests refer to each other.
 */
async function collected(
  io: Io,
  workspace: OpenAccount,
  query: Query,
  options: GetOptions,
): Promise<Collected & { readonly isPartial: boolean }> {
  const denied = new Map<Kind, ProviderError>();
  const isTolerant = query.kinds === undefined && options.output !== "yaml";
  const onDenied = (kind: Kind, error: ProviderError) => void denied.set(kind, error);
  try {
    const found = await collect(workspace, query, filtersOf(options), isTolerant ? onDenied : undefined);
    const [first] = denied.values();
    if (first !== undefined && found.listed.length === 0) throw first;
    return { ...found, isPartial: denied.size > 0 };
  } finally {
    for (const [{ nouns }, { message }] of denied)
      await note(io, visible(`note: ${nouns.many} are not shown: ${message}`));
  }
}

interface Found {
  readonly found: readonly AccountObject[];
  readonly listed: readonly AccountObject[];
  /** Each was asked for by its address, id or name. */
  readonly isNamed: boolean;
}

async function yamlOf(io: Io, workspace: OpenAccount, query: Query, looked: Found): Promise<Shown> {
  const { found, listed, isNamed } = looked;
  if (found.length === 0) return { text: "" };
  const kinds = kindsOf(query, workspace.provider.kinds.values());
  const [objects, known] = await Promise.all([
    readAgain(workspace, found, isNamed),
    withReferred(workspace, found, { listed, kinds }),
  ]);
  const { text, unwritten, unwritable } = await manifestsOf(workspace, objects, known);
  for (const { address, path, why } of unwritten)
    await note(io, visible(`note: ${address}: ${path} is left out: ${why}`));
  for (const { kind, id, name, path, why } of unwritable)
    await note(io, visible(`note: ${kind} ${name} (${id}) has no manifest: it needs ${path}, and ${why}`));
  return { text, isPartial: unwritable.length > 0 };
}

async function texmlOf({ provider }: OpenAccount, found: readonly AccountObject[]): Promise<string> {
  const [first, ...others] = found;
  if (first === undefined) return "";
  if (others.length > 0)
    throw new UsageError(`-o texml shows one object, and ${found.length} are selected`, "pass the id of one");
  if (first.kind.hasTexml !== true) throw new UsageError(`the API has no TeXML of ${first.kind.nouns.many}`);
  const text = await provider.texml(first.live.id);
  if (text === undefined) throw new UsageError(`${first.live.id} was deleted in the meantime`);
  return masked(text);
}

async function groupsText(
  io: Io,
  workspace: OpenAccount,
  grouping: Grouping,
  options: GetOptions & { readonly selectors: readonly string[] },
): Promise<string> {
  const { output, selectors } = options;
  if (output === "texml" || output === "id" || output === "yaml")
    throw new UsageError(`-o ${output} shows objects, and ${grouping.many} are not objects`);
  const kinds = [...workspace.provider.kinds.values()].filter((kind) => grouping.at(kind) !== undefined);
  const objects = selected(await inventory(workspace, { kinds }), [], filtersOf(options));
  const list = groupList(grouping, objects, selectors);
  if (output === "json") return stringify(groupsJson(list, { rollcallVersion: version }), 2);
  if (list.groups.length === 0) return "";
  if (output === "name") return list.groups.map(({ name }) => name).join("\n");
  return groupsTable(list, tableStyle(io, options.color, output === "wide"));
}

function filtersOf({ managed, unmanaged, tag }: GetOptions): Filters {
  return {
    ...(managed === true && { managed: true }),
    ...(unmanaged === true && { managed: false }),
    tags: tag,
  };
}
