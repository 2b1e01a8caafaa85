import { equal, isList, isObject, type Json, type JsonObject, property } from "../../../../model/json.ts";
import { type CreateRequest, type LiveObject, ProviderError } from "../../../../model/provider.ts";
import { type Api, type Operations, pathOf, protocolError, required, timesOf } from "../../rest.ts";
import { fromLive, toWire } from "./wire.ts";

const ITEM = "/ai/assistants/{id}/canary-deploys";

export const operations: Partial<Operations> = {
  list: async (api, parentId) => {
    if (parentId === undefined) throw new Error("canaries are listed by their assistant");
    const canary = await read(api, parentId);
    return canary === undefined ? [] : [canary];
  },
  read,
  create,
};

/** A configuration without rules sends everyone to main: that is no canary. */
async function read(api: Api, id: string): Promise<LiveObject | undefined> {
  const live = await api.find(pathOf(ITEM, id));
  const canary = live === undefined ? undefined : liveObject(id, live, "GET");
  return canary === undefined || !hasRules(canary.spec) ? undefined : canary;
}

/** POST over an existing configuration and PUT on none are not documented, so a look comes first. */
async function create(api: Api, { spec, parentId, idempotencyKey }: CreateRequest): Promise<LiveObject> {
  const id = parentId ?? String(property(spec, "assistant") ?? "");
  const path = pathOf(ITEM, id);
  const body = toWire(spec);
  const before = await api.find(path);
  const there = before === undefined ? undefined : liveObject(id, before, "GET");
  if (there !== undefined && hasRules(there.spec)) {
    if (equal(toWire(there.spec), body)) return there;
    throw new ProviderError({
      reason: "conflict",
      method: "POST",
      path,
      effect: "no",
      message: `it was not sent: the assistant already has a canary with other rules`,
    });
  }
  const live =
    before === undefined
      ? await api.send("POST", path, body, idempotencyKey)
      : await api.send("PUT", path, body);
  return liveObject(id, required(live, "POST", path), "POST");
}

/** An answer without a list of rules is an error. It does not mean that there is no canary. */
function liveObject(id: string, live: JsonObject, method: string): LiveObject {
  if (!isListOfObjects(live["rules"]) && !isListOfObjects(live["versions"]))
    throw protocolError(method, pathOf(ITEM, id), "the answer holds no rules");
  return { id, spec: { ...fromLive(live), assistant: id }, ...timesOf(live) };
}

function isListOfObjects(value: Json | undefined): boolean {
  return isList(value) && value.every(isObject);
}

function hasRules(spec: JsonObject): boolean {
  const rules = property(spec, "rules");
  return isList(rules) && rules.length > 0;
}
