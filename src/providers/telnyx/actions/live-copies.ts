import { equal, objectsIn, property, type JsonObject } from "../../../model/json.ts";
import type {
  ClonedAssistant,
  ImportedAssistant,
  ImportRequest,
  LiveCopies,
} from "../../../model/live-copies.ts";
import { ProviderError } from "../../../model/provider.ts";
import { gapsOf, leftOutBy, NOT_CLONED, secretsIn } from "../import-gaps.ts";
import { type Api, idOf, pathOf, required } from "../rest.ts";

const ASSISTANTS = "/ai/assistants";
const IMPORT = "/ai/assistants/import";
const SECRETS = "/integration_secrets";

/** Clones and imports. Both take an idempotency key: a request without an answer is sent once more under it. */
export function liveCopies(api: Api): LiveCopies {
  const assistants = () => api.list(ASSISTANTS, "whole", "id");
  return {
    clone: (id, key) => clone(api, id, key),
    alike: async (id) => idsLike(id, await assistants()).filter((other) => other !== id),
    import: (request) => importAssistants(api, request),
    imported: async () => (await assistants()).flatMap(importedFrom),
    secretsIn,
    gapsOf,
    leftOutBy,
    notCloned: NOT_CLONED,
    secrets: async () => (await api.list(SECRETS, "paged", "id")).flatMap(identifierOf),
  };
}

/** A server that failed may still have made the clone. It is looked for, and the request is not sent again. */
async function clone(api: Api, id: string, idempotencyKey: string): Promise<ClonedAssistant> {
  const path = pathOf("/ai/assistants/{id}/clone", id);
  const before = await api.list(ASSISTANTS, "whole", "id");
  try {
    const answer = required(await api.send("POST", path, undefined, idempotencyKey), "POST", path);
    return { id: idOf(answer, "id", "POST", path), isFound: false };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.failure.effect !== "unknown") throw error;
    const found = await newLike(api, id, before);
    if (found === undefined) throw error;
    return { id: found, isFound: true };
  }
}

/** What a clone has of its source in any case. */
const SAME = ["instructions", "model", "greeting"];

/** The id of the one assistant that is new and is like the source. */
async function newLike(api: Api, sourceId: string, before: readonly JsonObject[]): Promise<string | undefined> {
  const known = new Set(before.map((one) => one["id"]));
  const now = await api.list(ASSISTANTS, "whole", "id");
  const [only, ...others] = idsLike(sourceId, now).filter((id) => !known.has(id));
  return others.length === 0 ? only : undefined;
}

function idsLike(sourceId: string, all: readonly JsonObject[]): readonly string[] {
  const source = all.find((one) => one["id"] === sourceId);
  return all
    .filter((one) => SAME.every((key) => equal(one[key] ?? null, property(source, key) ?? null)))
    .map((one) => idOf(one, "id", "GET", ASSISTANTS));
}

async function importAssistants(
  api: Api,
  { provider, secret, ids, idempotencyKey }: ImportRequest,
): Promise<readonly ImportedAssistant[]> {
  const body = { provider, api_key_ref: secret, ...(ids.length > 0 && { import_ids: ids }) };
  const answer = required(await api.send("POST", IMPORT, body, idempotencyKey), "POST", IMPORT);
  const data = property(answer, "data");
  return objectsIn(data).flatMap(importedFrom);
}

function importedFrom(assistant: JsonObject): readonly ImportedAssistant[] {
  const { id, name, import_metadata: metadata = null } = assistant;
  const [provider, importId] = [property(metadata, "import_provider"), property(metadata, "import_id")];
  if (typeof id !== "string" || typeof provider !== "string" || typeof importId !== "string") return [];
  return [{ id, name: typeof name === "string" ? name : id, provider, importId }];
}

function identifierOf({ identifier }: JsonObject): readonly string[] {
  return typeof identifier === "string" ? [identifier] : [];
}
