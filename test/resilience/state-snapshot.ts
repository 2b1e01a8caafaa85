import { isList, isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import type { LedgerEntry, LedgerState } from "../../src/model/ledger.ts";
import { isSuperseded } from "../../src/reconcile/recover/intents.ts";
import type { EmulatorState } from "../../src/providers/telnyx/emulator/state.ts";

/** Everything that is live and everything that the ledger knows, with names in the place of ids: runs can be compared. */
export interface Picture {
  readonly live: Json;
  readonly ledger: Json;
}

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d{18,20}\b/g;

export function pictureOf(state: EmulatorState, ledger: LedgerState | undefined): Picture {
  const now = withoutHistory(state);
  const names = namesOf(now);
  const live = Object.entries(now).map(([kind, all]: readonly [string, readonly object[]]) => {
    const objects = all.map((one) => named(one, names)).sort(byText);
    return [kind, objects] as const;
  });
  const entries = Object.entries(ledger?.entries ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    live: Object.fromEntries(live),
    ledger: {
      entries: Object.fromEntries(
        entries.map(([address, entry]) => [address, named(withoutNotes(entry), names)]),
      ),
      // A creation that was given up for another one stays open, in case its object appears late.
      open: (ledger?.intents ?? []).filter((intent) => !isSuperseded(intent)).map(({ step }) => step),
    },
  };
}

/** The version of an interrupted write is noted only if the next run finds all of it, and nothing else. */
function withoutNotes(entry: LedgerEntry): Omit<LedgerEntry, "madeVersions"> {
  const { madeVersions: _, ...rest } = entry;
  return rest;
}

function byText(a: Json, b: Json): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : 1;
}

/** What an assistant was before is history; what it is now, and what stands beside it, are compared. */
function withoutHistory(state: EmulatorState): EmulatorState {
  const assistants = state.assistants.map((one) => {
    const isHistory = (version: JsonObject) =>
      version["version_id"] !== one.main["version_id"] && version["version_name"] === one.main["version_name"];
    return { ...one, versions: one.versions.filter((version) => !isHistory(version)) };
  });
  return { ...state, assistants };
}

/** What to call each id. Two objects of one name are told apart, so that they are never taken for one. */
function namesOf(state: EmulatorState): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Map<string, number>();
  const name = (id: unknown, wanted: string) => {
    const count = (taken.get(wanted) ?? 0) + 1;
    taken.set(wanted, count);
    names.set(idIn(id), count === 1 ? `<${wanted}>` : `<${wanted} ${count}>`);
  };
  for (const { id, main, versions } of state.assistants) {
    const called = `Assistant ${String(main["name"])}`;
    name(id, called);
    for (const version of versions)
      name(version["version_id"], `${called}, ${String(version["version_name"])}`);
  }
  for (const one of state.tests) name(one["test_id"], `AssistantTest ${String(one["name"])}`);
  for (const one of state.tools) name(one["id"], `Tool ${String(one["display_name"])}`);
  for (const one of state.mcp_servers) name(one["id"], `McpServer ${String(one["name"])}`);
  return names;
}

function idIn(id: unknown): string {
  return String(id).match(ID)?.[0] ?? String(id);
}

/** Ids of what is no object of ours, such as a TeXML application, are counted within the object. */
function named(value: object, names: ReadonlyMap<string, string>): Json {
  const others = new Map<string, string>();
  const nameOf = (id: string): string => {
    if (!others.has(id)) others.set(id, `<other ${others.size + 1}>`);
    return names.get(id) ?? others.get(id) ?? id;
  };
  const walk = (at: Json): Json => {
    if (typeof at === "string") return at.replaceAll(ID, nameOf);
    if (isList(at)) return at.map(walk);
    if (!isObject(at)) return at;
    return Object.fromEntries(Object.entries(at).map(([key, inner]) => [walk(key), walk(inner)]));
  };
  return walk(JSON.parse(JSON.stringify(value)) as Json);
}
