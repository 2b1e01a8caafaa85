import { isList, isObject, property, type Json, type JsonObject } from "../../src/model/json.ts";
import type { EmulatorState } from "../../src/providers/telnyx/emulator/state.ts";
import type { Kind } from "./manifests.ts";

/** An object as the emulator has it; ids as Rollcall writes them. */
export interface Live {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  /** In the shape of the API, less what the server counts up by itself. */
  readonly raw: JsonObject;
  readonly isMain?: boolean;
}

/** Everything that is live, versions beside main and canaries too. */
export function liveObjects(state: EmulatorState): readonly Live[] {
  const plain = (kind: Kind, idKey: string, nameKey: string, all: readonly JsonObject[]) =>
    all.map(({ created_at: _created, updated_at: _updated, ...raw }): Live => {
      return { kind, id: String(raw[idKey]), name: String(raw[nameKey]), raw };
    });
  const assistants = state.assistants.filter(({ deleted_at }) => deleted_at === null);
  return [
    ...assistants.map(({ id, main, tool_ids }): Live => {
      const { version_id: _id, version_created_at: _at, version_name: _name, ...raw } = main;
      return { kind: "Assistant", id, name: String(main["name"]), raw: { ...withoutShared(raw), tool_ids } };
    }),
    ...assistants.flatMap(({ id, main, versions }) =>
      versions.map((raw): Live => ({
        kind: "AssistantVersion",
        id: `${id}/${String(raw["version_id"])}`,
        name: String(raw["version_name"]),
        raw: withoutShared(raw),
        isMain: raw["version_id"] === main["version_id"],
      })),
    ),
    ...assistants.flatMap(({ id, canary }): Live[] => {
      if (canary === null) return [];
      const { created_at: _created, updated_at: _updated, ...raw } = canary;
      return [{ kind: "CanaryDeploy", id, name: id, raw }];
    }),
    ...plain("Tool", "id", "display_name", state.tools),
    ...plain("McpServer", "id", "name", state.mcp_servers),
    ...plain("AssistantTest", "test_id", "name", state.tests),
  ];
}

/** The shared tools that the API shows among the inline ones are objects of their own. */
function withoutShared(raw: JsonObject): JsonObject {
  const { tools } = raw;
  if (!isList(tools)) return raw;
  return { ...raw, tools: tools.filter((tool) => property(tool, "shared") !== true) };
}

/** A manifest's spec, ids in place of references, as the API would show it. */
export function asShown(kind: Kind, spec: JsonObject): JsonObject {
  if (kind === "Tool") {
    const { webhook, ...rest } = spec;
    return { ...rest, ...(webhook === undefined ? {} : { tool_definition: webhook }) };
  }
  if (kind === "AssistantVersion") {
    const { assistant: _parent, changes, ...rest } = spec;
    return { ...rest, ...(isObject(changes) ? changes : {}) };
  }
  if (kind === "AssistantTest" || kind === "CanaryDeploy") {
    const { assistant: _about, ...rest } = spec;
    return rest;
  }
  return spec;
}

/** What the API documents to hold where nothing is said. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  async: false,
  method: "POST",
  voice_speed: 1,
  time_limit_secs: 1800,
};

/** Lists whose order has no meaning, and which others may add to. */
const OPEN = new Set(["tags"]);
const SETS = new Set(["tags", "tool_ids", "allowed_tools"]);

/** Lists whose elements are known by this member, in no order. */
const KEYED: Readonly<Record<string, string>> = { rubric: "name", ai_assistants: "id" };

/** The first place at which the live value is not what is wanted; written without any code of the engine. */
export function firstLack(wanted: Json, live: Json | undefined, at = ""): string | undefined {
  const key = at.slice(at.lastIndexOf("/") + 1);
  if (live === undefined && wanted === DEFAULTS[key]) return undefined;
  if (isList(wanted)) return isList(live) ? lackOfList(wanted, live, at, key) : `${at} is no list`;
  if (isObject(wanted)) {
    const lacks = Object.entries(wanted).map(([name, inner]) =>
      firstLack(inner, property(live, name), `${at}/${name}`),
    );
    return lacks.find((lack) => lack !== undefined);
  }
  return wanted === live ? undefined : `${at} is ${JSON.stringify(live)} and not ${JSON.stringify(wanted)}`;
}

function lackOfList(
  wanted: readonly Json[],
  live: readonly Json[],
  at: string,
  key: string,
): string | undefined {
  if (SETS.has(key)) {
    const missing = wanted.find((item) => !live.includes(item));
    const surplus = OPEN.has(key) ? undefined : live.find((item) => !wanted.includes(item));
    if (missing === undefined && surplus === undefined) return undefined;
    return `${at} is ${JSON.stringify(live)} and not ${JSON.stringify(wanted)}`;
  }
  if (wanted.length !== live.length) return `${at} has ${live.length} elements and not ${wanted.length}`;
  const member = KEYED[key];
  const found = (item: Json, index: number) =>
    member === undefined
      ? live[index]
      : live.find((other) => property(other, member) === property(item, member));
  const lacks = wanted.map((item, index) => firstLack(item, found(item, index), `${at}/${index}`));
  return lacks.find((lack) => lack !== undefined);
}
