import { sharedToolOf } from "../../src/providers/telnyx/objects/shared-tools.ts";
import { isList, isObject, property, type Json, type JsonObject } from "../../src/model/json.ts";
import type { Provider } from "../../src/model/provider.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { operationsOf, type Api } from "../../src/providers/telnyx/rest.ts";

/**
 * A provider that reads what a `live.json` holds, in the shapes of the API, and cannot write. Top-level keys are paths:
 * those of collections hold lists, those of single objects hold objects.
 */
export function liveFile(live: JsonObject): Provider {
  const api = apiOf(live);
  const operations = new Map(kinds.map((kind) => [kind.kind, operationsOf(kind)]));
  const of = (kind: string) => {
    const found = operations.get(kind);
    if (found === undefined) throw new Error(`no kind ${kind}`);
    return found;
  };
  const refuse = () => Promise.reject(new Error("a plan does not write"));
  return {
    target: { baseUrl: "https://api.example/v2", account: "0123456789abcdef" },
    kinds: new Map(kinds.map((kind) => [kind.kind, kind])),
    list: (kind, parentId) => of(kind).list(api, parentId),
    read: (kind, id) => of(kind).read(api, id),
    create: refuse,
    update: refuse,
    delete: refuse,
  };
}

function apiOf(live: JsonObject): Api {
  const listAt = (path: string): readonly JsonObject[] => {
    const value = live[path];
    return isList(value) ? value.filter(isObject) : [];
  };
  return {
    find: async (path) => {
      const whole = live[path];
      if (isObject(whole)) return whole;
      const slash = path.lastIndexOf("/");
      return listAt(path.slice(0, slash)).find((object) => idOf(object, path) === path.slice(slash + 1));
    },
    get: () => Promise.reject(new Error("a plan reads no tags and no suites")),
    findText: async () => undefined,
    list: async (path) => listAt(path),
    listFirst: async (path, limit) => listAt(path).slice(0, limit),
    send: () => Promise.reject(new Error("a plan does not write")),
    act: () => Promise.reject(new Error("a plan does not act")),
    actText: () => Promise.reject(new Error("a plan does not act")),
    sharedTools: async () => listAt("/ai/tools").map((tool) => sharedToolOf(String(tool["id"]), tool)),
  };
}

function idOf(object: JsonObject, path: string): Json | undefined {
  return property(object, path.includes("/versions/") ? "version_id" : "test_id") ?? property(object, "id");
}
