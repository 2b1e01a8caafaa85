import { isObject, pick, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { ownId, parentPart } from "../../model/object-ids.ts";
import {
  type CreateRequest,
  type FailureReason,
  type LiveObject,
  ProviderError,
  type UpdateRequest,
} from "../../model/provider.ts";
import type { HttpRequest } from "./client/request.ts";
import { maskedSecrets } from "./objects/nullable-wire.ts";
import type { SharedTool } from "./objects/shared-tools.ts";
import type { Paging, Query } from "./pages.ts";

type WriteMethod = "POST" | "PUT" | "PATCH" | "DELETE";

/** What an action sends. */
export interface ActionRequest {
  readonly method: WriteMethod;
  readonly path: string;
  readonly body?: JsonObject | undefined;
  /** Only where the API documents it: with one, a request whose answer is lost is sent again. */
  readonly idempotencyKey?: string | undefined;
  /** Of a streamed answer; then `act` answers `undefined`. */
  readonly onEvent?: HttpRequest["onEvent"] | undefined;
  /** Ends the request; `act` throws its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The API as a kind sees it: paths are below the base URL, envelopes are gone. All methods throw `ProviderError`. */
export interface Api {
  /** What is always there: that there is no such object is an error. */
  get(path: string): Promise<JsonObject>;
  /** `undefined` when there is no such object. */
  find(path: string, query?: Query): Promise<JsonObject | undefined>;
  /** The same where the answer is a text. */
  findText(path: string): Promise<string | undefined>;
  /** `filter` goes with every page. */
  list(path: string, paging: Paging, idKey: string, filter?: Query): Promise<readonly JsonObject[]>;
  /** The first elements of a paged list, `limit` at most. */
  listFirst(path: string, limit: number): Promise<readonly JsonObject[]>;
  /** The object in the answer; `undefined` where it holds none. */
  send(
    method: WriteMethod,
    path: string,
    body?: JsonObject,
    idempotencyKey?: string,
  ): Promise<JsonObject | undefined>;
  /** The same for an action: what it does is not the configuration of an object. */
  act(request: ActionRequest): Promise<JsonObject | undefined>;
  /** The same where the answer is a streamed text of at most so many bytes. A text that is cut off is a failure. */
  actText(request: Pick<ActionRequest, "method" | "path" | "body">, limit: number): Promise<string>;
  /** The account's shared tools; asked for once, and again after a tool was written. */
  sharedTools(): Promise<readonly SharedTool[]>;
}

/** Where the objects of a kind are and how they are written. `{id}` and `{parent}` stand for the parts of an id. */
interface Routes {
  readonly collection: string;
  readonly item: string;
  readonly paging: Paging;
  /** Where an object holds its id. */
  readonly idKey: string;
  readonly update: "POST" | "PUT" | "PATCH";
}

export interface Operations {
  list(api: Api, parentId: string | undefined): Promise<readonly LiveObject[]>;
  read(api: Api, id: string): Promise<LiveObject | undefined>;
  create(api: Api, request: CreateRequest): Promise<LiveObject>;
  update(api: Api, request: UpdateRequest): Promise<void>;
  delete(api: Api, id: string): Promise<void>;
  /** Of a kind with `inherits`. */
  promote?(api: Api, id: string): Promise<void>;
  /** Of a kind with `pending`. */
  pending?(api: Api, id: string): Promise<number>;
}

/** A kind together with its place in the API; `operations` holds what the default REST does not cover. */
export interface TelnyxKind extends Kind {
  readonly routes: Routes;
  /** An object of the API in the shape of `spec`. */
  readonly fromLive: (live: JsonObject) => JsonObject;
  /** `spec` as a request body. */
  readonly toWire: (spec: JsonObject) => JsonObject;
  readonly operations?: Partial<Operations>;
}

export function operationsOf(kind: TelnyxKind): Operations {
  const { routes } = kind;
  const read = async (api: Api, id: string): Promise<LiveObject | undefined> => {
    const live = await api.find(pathOf(routes.item, id));
    return live === undefined ? undefined : liveObject(kind, "GET", live);
  };
  return {
    list: async (api) => {
      const found = await api.list(routes.collection, routes.paging, routes.idKey);
      return found.map((live) => liveObject(kind, "GET", live));
    },
    read,
    create: async (api, { spec, idempotencyKey }) => {
      const live = await api.send("POST", routes.collection, kind.toWire(spec), idempotencyKey);
      return liveObject(kind, "POST", required(live, "POST", routes.collection));
    },
    update: async (api, request) => {
      const body = updateBody(kind, request);
      if (Object.keys(body).length === 0) return;
      const live = await api.send(routes.update, pathOf(routes.item, request.id), body);
      if (isObject(live)) await request.onAnswer?.({ id: request.id, spec: kind.fromLive(live) });
    },
    // What is under the path of a singleton after an attempt may be another object.
    delete: async (api, id) => deleteAt(api, pathOf(routes.item, id), kind.identity.singleton ? 1 : undefined),
    ...kind.operations,
  };
}

function liveObject(kind: TelnyxKind, method: string, live: JsonObject): LiveObject {
  const id = idOf(live, kind.routes.idKey, method, kind.routes.collection);
  return { id, spec: kind.fromLive(live), ...timesOf(live) };
}

/** When the object was made, and when it was last changed: for a kind with versions, when this version was made. */
export function timesOf(live: JsonObject): Pick<LiveObject, "createdAt" | "updatedAt"> {
  const createdAt = timeOf(property(live, "created_at"));
  const updatedAt = timeOf(property(live, "updated_at")) ?? timeOf(property(live, "version_created_at"));
  return { ...(createdAt !== undefined && { createdAt }), ...(updatedAt !== undefined && { updatedAt }) };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** A time without a zone is in UTC. What is no time is left out. */
export function timeOf(value: Json | undefined): string | undefined {
  const match = typeof value === "string" ? TIME.exec(value) : null;
  if (match === null) return undefined;
  const time = match[1] === undefined ? `${match[0]}Z` : match[0];
  return Number.isNaN(Date.parse(time)) ? undefined : time;
}

/** The id that the answer holds; without one the object cannot be managed. */
export function idOf(live: JsonObject, idKey: string, method: string, path: string): string {
  const id = property(live, idKey);
  if (typeof id === "string" && id !== "") return id;
  throw protocolError(method, path, `the answer holds no ${idKey}`);
}

/** What differs, or everything; keys to be cleared get the value that clears them and are left out without one. */
function updateBody(kind: TelnyxKind, { target, blocks }: UpdateRequest): JsonObject {
  const wire = kind.toWire(target);
  const kept = kind.sendsAll === true ? wire : pick(wire, blocks);
  return { ...kept, ...clearing(kind.fields, target, blocks) };
}

/** The values that clear the keys of `blocks` that `target` no longer has; nothing for a key that has none. */
export function clearing(fields: Kind["fields"], target: JsonObject, blocks: readonly string[]): JsonObject {
  const gone = blocks.filter((key) => !Object.hasOwn(target, key));
  const values = gone.map((key): readonly [string, Json | undefined] => [key, fields[`/${key}`]?.unset]);
  return Object.fromEntries(values.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
}

/** Attempts at a deletion whose answer got lost, each after a look whether the object is still there. */
const DELETE_ATTEMPTS = 3;

/** Deletes; an object that is gone already is a success. Throws where it is not known, and the object is still there. */
export async function deleteAt(api: Api, path: string, attempts = DELETE_ATTEMPTS): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await api.send("DELETE", path);
      if (answer?.["deleted"] === false) {
        throw protocolError("DELETE", path, "the API answers that it did not delete the object");
      }
      return;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.failure.reason === "not-found") return;
      if (error.failure.effect === "no") throw error;
      if ((await api.find(path)) === undefined) return;
      if (attempt >= attempts) throw error;
    }
  }
}

/** The route with the parts of the id, `parent/own` or `own`, in their places. */
export function pathOf(route: string, id: string): string {
  const parts: Readonly<Record<string, string>> = { parent: parentPart(id), id: ownId(id) };
  return route.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(parts[name] ?? "", route));
}

/** Whether an object can have this id; of another one it is known that there is none. */
export function canBeId(id: string): boolean {
  return id !== "" && id !== "." && id !== "..";
}

/** An id as one segment of a path; ids come from files too and must not name another path. */
export function segment(id: string, route: string): string {
  if (canBeId(id)) return encodeURIComponent(id);
  throw notSent("GET", route, "invalid", `"${id}" cannot be the id of an object`);
}

/** The object that a write must answer with. */
export function required(body: JsonObject | undefined, method: string, path: string): JsonObject {
  if (isObject(body) && Object.keys(body).length > 0) return body;
  throw protocolError(method, path, "the answer holds no object");
}

/** Stops a write that would put the mask of a secret, as the API shows it, in the place of the secret. */
export function refuseMasked(method: string, path: string, body: JsonObject, fields: Kind["fields"]): void {
  const [first] = maskedSecrets(body, fields);
  if (first === undefined) return;
  throw notSent(
    method,
    path,
    "invalid",
    `the API masks the secret at ${first}, and the block around it can only be written as a whole; declare the secret`,
  );
}

/** An error that is known before anything is sent. */
export function notSent(method: string, path: string, reason: FailureReason, why: string): ProviderError {
  return new ProviderError({
    reason,
    method,
    path,
    effect: "no",
    message: `it was not sent: ${why}`,
  });
}

/** An answer that cannot be understood. A write may still have taken effect. */
export function protocolError(method: string, path: string, what: string): ProviderError {
  const effect = method === "GET" ? "no" : "unknown";
  return new ProviderError({ reason: "protocol", method, path, effect, message: what });
}
