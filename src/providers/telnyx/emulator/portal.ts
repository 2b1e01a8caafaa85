import { isObject, membersOf, omit, stringsIn, type Json, type JsonObject } from "../../../model/json.ts";
import { changeAssistant, postAssistant, rewriteMain } from "./assistants.ts";
import { dropCanary, setCanary } from "./canary.ts";
import { updateVersion } from "./check/assistant.ts";
import { postGroup, postInsight } from "./insights.ts";
import { postMcpServer } from "./mcp.ts";
import { mergePatch } from "./merge-patch.ts";
import { patchedGroup, patchedPlain, patchedRules, patchedSecret, patchedTool } from "./portal-forms.ts";
import { mainVersion } from "./references.ts";
import { postSecret } from "./secrets.ts";
import type { AssistantRecord, Plain, VersionRecord } from "./records.ts";
import { refuseSharedEntries } from "./rules.ts";
import type { Table } from "./store.ts";
import { postTest } from "./tests.ts";
import { postTool } from "./tools.ts";
import { editVersion, promote } from "./versions.ts";
import { type Call, checked, timestamp, type World } from "./world.ts";

/** Kinds are named as in manifests. Ids of versions are `assistant-id/version-id`; of a canary, the assistant's. */
export type PortalKind =
  | "Assistant"
  | "AssistantVersion"
  | "CanaryDeploy"
  | "AssistantTest"
  | "McpServer"
  | "Tool"
  | "InsightGroup"
  | "Insight"
  | "IntegrationSecret"
  | "Integration"
  | "IntegrationConnection";

interface EditOptions {
  /** An assistant's edit makes a new main version, as over the API, or changes the main version where it is. */
  readonly version?: "new" | "same";
}

/** What a person does in the portal. It is not in the log of requests. */
export interface Portal {
  /** Returns the new id. A version needs `assistant_id`; so does a canary. */
  create(kind: PortalKind, body: JsonObject): string;
  /** A JSON merge patch: null removes a key, objects are merged, arrays replaced. */
  edit(kind: PortalKind, id: string, patch: JsonObject, options?: EditOptions): void;
  /** Deletes it permanently, even if other objects refer to it. */
  delete(kind: PortalKind, id: string): void;
  promote(assistantId: string, versionId: string): void;
}

export function createPortal(world: World, save: () => void): Portal {
  const saved = <T>(value: T): T => {
    save();
    return value;
  };
  return {
    create: (kind, body) => saved(create(world, kind, body)),
    edit: (kind, id, patch, options) => saved(edit(world, { kind, id }, patch, options ?? {})),
    delete: (kind, id) => saved(remove(world, kind, id)),
    promote(assistantId, versionId) {
      const record = assistantOf(world, assistantId);
      versionOf(record, versionId);
      saved(promote(world, record, versionId));
    },
  };
}

const CREATE: Partial<Record<PortalKind, (call: Call) => { readonly body?: Json }>> = {
  Assistant: postAssistant,
  AssistantTest: postTest,
  McpServer: postMcpServer,
  Tool: postTool,
  InsightGroup: postGroup,
  Insight: postInsight,
  IntegrationSecret: postSecret,
};

function create(world: World, kind: PortalKind, body: JsonObject): string {
  if (kind === "AssistantVersion" || kind === "CanaryDeploy") {
    const { assistant_id: id, ...rest } = body;
    const record = assistantOf(world, String(id));
    if (kind === "CanaryDeploy") setCanary(world, record, rest);
    else
      return `${record.id}/${changeAssistant(world, record, checked(updateVersion, rest), false).version.version_id}`;
    return record.id;
  }
  if (kind === "Integration" || kind === "IntegrationConnection") {
    const id = String(body["id"] ?? world.chance.uuid());
    plainTable(world, kind).put(id, { ...body, id });
    return id;
  }
  const reply = found(CREATE[kind], "kind", kind)({ world, params: {}, query: {}, body }).body;
  const object = isObject(reply) && isObject(reply["data"]) ? reply["data"] : reply;
  return isObject(object) ? String(object["test_id"] ?? object["id"]) : "";
}

/** For kinds whose requests, answers and records differ. */
const PATCHED: Partial<Record<PortalKind, (record: Plain, patch: JsonObject, now: string) => Plain>> = {
  InsightGroup: patchedGroup,
  IntegrationSecret: patchedSecret,
  Tool: patchedTool,
};

interface Edited {
  readonly kind: PortalKind;
  readonly id: string;
}

function edit(world: World, { kind, id }: Edited, patch: JsonObject, options: EditOptions): void {
  switch (kind) {
    case "Assistant": {
      const record = assistantOf(world, id);
      editAssistant(world, record, patch, options);
      return;
    }
    case "AssistantVersion": {
      const [assistantId = "", versionId = ""] = id.split("/");
      const record = assistantOf(world, assistantId);
      const version = versionOf(record, versionId);
      editVersion(world, record, version, changesOf(version, patch));
      return;
    }
    case "CanaryDeploy": {
      const record = assistantOf(world, id);
      setCanary(world, record, patchedRules(record.canary, patch));
      return;
    }
    case "AssistantTest": {
      const test = found(world.store.tests.get(id), kind, id);
      world.store.tests.put(id, { ...membersOf(mergePatch(test, patch)), test_id: id });
      return;
    }
    default: {
      const table = plainTable(world, kind);
      const patched = PATCHED[kind] ?? patchedPlain;
      table.put(id, patched(found(table.get(id), kind, id), patch, timestamp(world)));
    }
  }
}

function editAssistant(world: World, record: AssistantRecord, patch: JsonObject, options: EditOptions): void {
  const main = mainVersion(record);
  const gone = Object.keys(patch).filter((key) => patch[key] === null);
  const changes = changesOf(main, patch);
  const kept = gone.length === 0 ? record : rewriteMain(world, record, omit(main.config, gone));
  if (options.version === "same") editVersion(world, kept, mainVersion(kept), changes);
  else changeAssistant(world, kept, changes, true);
}

/** The patched keys as the body of an update. The version keeps its name unless that is patched. */
function changesOf(version: VersionRecord, patch: JsonObject): JsonObject {
  const entries = Object.entries(patch)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, mergePatch(version.config[key], value)] as const);
  refuseSharedEntries(patch);
  const body = { version_name: version.version_name, ...Object.fromEntries(entries) };
  return checked(updateVersion, body);
}

function remove(world: World, kind: PortalKind, id: string): void {
  const { store } = world;
  if (kind === "Assistant") store.assistants.drop(assistantOf(world, id).id);
  else if (kind === "CanaryDeploy") dropCanary(world, assistantOf(world, id));
  else if (kind === "AssistantTest") store.tests.drop(id);
  else if (kind === "AssistantVersion") {
    const [assistantId = "", versionId = ""] = id.split("/");
    const record = assistantOf(world, assistantId);
    const versions = record.versions.filter((one) => one.version_id !== versionId);
    store.assistants.put(record.id, { ...record, versions });
  } else if (kind === "Tool") removeTool(world, id);
  else plainTable(world, kind).drop(id);
}

/** A tool that is deleted in the portal is detached wherever it is used. */
function removeTool(world: World, id: string): void {
  for (const record of world.store.assistants.all()) {
    const { config } = mainVersion(record);
    const ids = stringsIn(config["tool_ids"]);
    if (ids.includes(id)) rewriteMain(world, record, { ...config, tool_ids: ids.filter((one) => one !== id) });
  }
  world.store.tools.drop(id);
}

function plainTable(world: World, kind: PortalKind): Table<Plain> {
  const tables: Partial<Record<PortalKind, Table<Plain>>> = {
    McpServer: world.store.mcpServers,
    Tool: world.store.tools,
    InsightGroup: world.store.insightGroups,
    Insight: world.store.insights,
    IntegrationSecret: world.store.secrets,
    Integration: world.store.integrations,
    IntegrationConnection: world.store.connections,
  };
  return found(tables[kind], "kind", kind);
}

function assistantOf(world: World, id: string): AssistantRecord {
  return found(world.store.assistants.get(id), "Assistant", id);
}

function versionOf(record: AssistantRecord, id: string): VersionRecord {
  return found(
    record.versions.find(({ version_id }) => version_id === id),
    "AssistantVersion",
    id,
  );
}

function found<T>(value: T | undefined, what: string, id: string): T {
  if (value === undefined) throw new Error(`no ${what} ${id}`);
  return value;
}
