import { addressOf, type Address } from "../../src/model/address.ts";
import { equal, type Json, type JsonObject } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { manifest, ref } from "../memory/memory-project.ts";
import type { Kind } from "../stories/manifests.ts";

/** Which others an item would refer to, were they there; numbers count the assistants of the project. */
export interface Links {
  readonly tools: boolean;
  readonly servers: boolean;
  readonly handoff: readonly number[];
  readonly parent: number;
}

/** One manifest in the making. */
export interface Item {
  /** Never used twice. */
  readonly uid: number;
  readonly kind: Kind;
  readonly name: string;
  readonly remote: string;
  readonly fields: JsonObject;
  readonly links: Links;
  readonly movedFrom: readonly Address[];
  readonly protect?: boolean;
  readonly observe?: boolean;
  /** Top-level fields that are left to others, and not declared. */
  readonly ignore?: readonly string[];
  /** What the manifest declares since a live value was written into it, until somebody edits it again. */
  readonly adopted?: JsonObject | undefined;
  /** The name of its file, where it has one of its own. */
  readonly file?: string;
}

export type Project = ReadonlyMap<Address, Item>;

export function addressOfItem({ kind, name }: Item): Address {
  return addressOf(kind, name);
}

/** The manifests of a project: references only to what is there, one canary an assistant, one heir an address. */
export function resourcesOf(project: Project): readonly Resource[] {
  const items = [...project.values()].sort((a, b) => a.uid - b.uid);
  const known: Known = {
    assistants: items.filter(({ kind }) => kind === "Assistant"),
    tools: items.filter(({ kind }) => kind === "Tool"),
    servers: items.filter(({ kind }) => kind === "McpServer"),
    versions: items.filter(({ kind }) => kind === "AssistantVersion"),
  };
  const canaries = new Set<Item>();
  const claimed = new Set<Address>(project.keys());
  return items.flatMap((item) => {
    const spec = SPEC[item.kind](item, known);
    if (spec === undefined) return [];
    const isPart = item.kind === "CanaryDeploy" || item.kind === "AssistantVersion";
    const parent = isPart ? parentOf(item, known) : undefined;
    if (item.kind === "CanaryDeploy" && parent !== undefined) {
      if (canaries.has(parent)) return [];
      canaries.add(parent);
    }
    // A part of what is observed has to be observed, too.
    const isObserved = item.observe === true || parent?.observe === true;
    const lifecycle = {
      movedFrom: item.movedFrom.filter((address) => !claimed.has(address) && claimed.add(address)),
      ...(item.protect === undefined ? {} : { protect: item.protect }),
      ...(isObserved ? { observe: true as const } : {}),
      ...(item.ignore === undefined || item.ignore.length === 0
        ? {}
        : { ignore: item.ignore.map((field) => `/${field}` as const) }),
    };
    const own = without(spec, item.ignore ?? []);
    return [manifest(addressOfItem(item), adoptedOf(item, own, project) ?? own, lifecycle)];
  });
}

/** It refers to what is there, and has the parent that it would have otherwise. */
function adoptedOf({ adopted }: Item, spec: JsonObject, project: Project): JsonObject | undefined {
  if (adopted === undefined || !equal(adopted["assistant"], spec["assistant"])) return undefined;
  const refs = [...JSON.stringify(adopted).matchAll(/"ref":"([^"]+)"/g)].map(
    ([, address]) => address as Address,
  );
  return refs.every((address) => project.has(address)) ? adopted : undefined;
}

function without(spec: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !fields.includes(key)));
}

interface Known {
  readonly assistants: readonly Item[];
  readonly tools: readonly Item[];
  readonly servers: readonly Item[];
  readonly versions: readonly Item[];
}

const SPEC: Readonly<Record<Kind, (item: Item, known: Known) => JsonObject | undefined>> = {
  Assistant: assistantSpec,
  Tool: ({ uid, remote, fields }) => {
    const webhook = { name: `hook${uid}`, ...(fields["webhook"] as JsonObject) };
    return { display_name: remote, ...fields, webhook };
  },
  McpServer: ({ remote, fields }) => ({ name: remote, ...fields }),
  AssistantTest(item, known) {
    const about = parentOf(item, known);
    return { name: item.remote, ...item.fields, ...(about === undefined ? {} : { assistant: refTo(about) }) };
  },
  AssistantVersion(item, known) {
    const parent = parentOf(item, known);
    if (parent === undefined) return undefined;
    return { assistant: refTo(parent), version_name: item.remote, changes: item.fields };
  },
  CanaryDeploy(item, known) {
    const parent = parentOf(item, known);
    const version = known.versions.find((other) => parentOf(other, known) === parent);
    if (parent === undefined || version === undefined) return undefined;
    const rollout = [{ version_id: refTo(version), ...item.fields }];
    return { assistant: refTo(parent), rules: [{ serve: { rollout } }] };
  },
};

function assistantSpec({ remote, fields, links }: Item, { assistants, tools, servers }: Known): JsonObject {
  const targets = links.handoff.flatMap((index) => assistants[index] ?? []);
  const handoff: Json = {
    type: "handoff",
    handoff: { ai_assistants: targets.map((target) => ({ name: target.remote, id: refTo(target) })) },
  };
  return {
    name: remote,
    ...fields,
    ...(targets.length === 0 ? {} : { tools: [handoff] }),
    ...(links.tools && tools.length > 0 ? { tool_ids: tools.map(refTo) } : {}),
    ...(links.servers && servers.length > 0
      ? { mcp_servers: servers.map((server) => ({ id: refTo(server) })) }
      : {}),
  };
}

function parentOf({ links }: Item, { assistants }: Pick<Known, "assistants">): Item | undefined {
  return assistants[links.parent % Math.max(1, assistants.length)];
}

function refTo(item: Item): { readonly ref: Address } {
  return ref(addressOfItem(item));
}
