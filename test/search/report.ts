import { expect } from "vitest";
import type { StepResult } from "../../src/model/event.ts";
import { equal, type JsonObject } from "../../src/model/json.ts";
import type { LedgerState } from "../../src/model/ledger.ts";
import type { RequestLogEntry } from "../../src/providers/telnyx/emulator/request-log.ts";
import { addressOf } from "../stories/manifests.ts";
import { keyOf } from "./oracle.ts";
import { isObserved } from "./live-state.ts";
import { manifestsOf, type World } from "./story-state.ts";

/** What an effective write was about: a new object of a kind, or an object that was there. */
interface Write {
  readonly creates?: string;
  readonly key?: string;
  readonly deletes?: true;
}

const COLLECTIONS: readonly (readonly [RegExp, string])[] = [
  [/^\/ai\/assistants$/, "Assistant"],
  [/^\/ai\/assistants\/tests$/, "AssistantTest"],
  [/^\/ai\/tools$/, "Tool"],
  [/^\/ai\/mcp_servers$/, "McpServer"],
];

const OBJECTS: readonly (readonly [RegExp, string])[] = [
  [/^\/ai\/assistants\/tests\/([^/]+)$/, "AssistantTest"],
  [/^\/ai\/assistants\/([^/]+)\/canary-deploys$/, "CanaryDeploy"],
  [/^\/ai\/assistants\/([^/]+\/versions\/[^/]+)$/, "AssistantVersion"],
  [/^\/ai\/assistants\/([^/]+)(?:\/tags.*)?$/, "Assistant"],
  [/^\/ai\/tools\/([^/]+)$/, "Tool"],
  [/^\/ai\/mcp_servers\/([^/]+)$/, "McpServer"],
];

/**
 * Requests that had an effect. Where a key is refused after it has succeeded, the fault that struck stood before the API,
 * which would have answered with what the first request made.
 */
export function effective(requests: readonly RequestLogEntry[]): readonly RequestLogEntry[] {
  const refused = new Set(
    requests.flatMap(({ status, idempotencyKey }) =>
      idempotencyKey !== undefined && (status === 400 || status === 422) ? [idempotencyKey] : [],
    ),
  );
  return requests.filter(
    ({ wrote, replayed, idempotencyKey = "" }) => wrote && !replayed && !refused.has(idempotencyKey),
  );
}

function writesOf(requests: readonly RequestLogEntry[]): readonly Write[] {
  return effective(requests).map(writeOf);
}

function writeOf({ method, path, body }: RequestLogEntry): Write {
  const collection = COLLECTIONS.find(([pattern]) => pattern.test(path))?.[1];
  if (collection !== undefined) return { creates: collection };
  for (const [pattern, kind] of OBJECTS) {
    const id = pattern.exec(path)?.[1]?.replace("/versions/", "/");
    if (id === undefined) continue;
    const isAside = kind === "Assistant" && equal((body as JsonObject | undefined)?.["promote_to_main"], false);
    if (isAside) return { creates: "AssistantVersion" };
    return { key: `${kind} ${id}`, ...(method === "DELETE" ? { deletes: true as const } : {}) };
  }
  throw new Error(`the judge does not know ${path}`);
}

/** Where nothing ever went wrong, the report and the requests agree: these objects were made and written, and no other. */
export function reportMatchesRequests(
  steps: readonly StepResult[],
  requests: readonly RequestLogEntry[],
): void {
  const writes = writesOf(requests);
  const done = steps.flatMap(({ step, outcome: end }) =>
    end.status === "applied" && step.action !== "refresh-state" && step.action !== "forget"
      ? [{ ...step, id: end.objectId }]
      : [],
  );
  const reported = new Set(done.map(keyOf));
  const created = writes.flatMap(({ creates }) => creates ?? []);
  const creations = done.filter(({ action }) => action === "create").map(({ kind }) => kind);
  expect(created.sort(), "creations").toEqual(creations.filter((kind) => kind !== "CanaryDeploy").sort());
  const written = new Set(writes.flatMap(({ key }) => key ?? []));
  expect(
    [...written].filter((key) => !reported.has(key)),
    "written but not reported",
  ).toEqual([]);
  const silent = done.filter(({ action }) => action === "update" || action === "complete");
  expect(
    silent.filter((one) => !written.has(keyOf(one))).map(keyOf),
    "reported as updated but not written",
  ).toEqual([]);
}

/** When requests fail, the report may be unsure, and it never keeps quiet about a write. `known`: live before the run. */
export function reportCoversRequests(
  steps: readonly StepResult[],
  requests: readonly RequestLogEntry[],
  known: ReadonlySet<string>,
): void {
  const writes = writesOf(requests);
  const told = steps.filter(
    ({ outcome: end }) => end.status === "applied" || (end.status === "failed" && end.wrote),
  );
  const keys = new Set(
    told.map(({ step, outcome: end }) =>
      keyOf({ kind: step.kind, id: end.status === "applied" ? end.objectId : (step.objectId ?? "") }),
    ),
  );
  for (const { step, outcome: end } of told)
    if (end.status === "applied")
      for (const id of end.deletedIds ?? []) keys.add(keyOf({ kind: step.kind, id }));
  // A creation that failed after it had deleted what an interrupted run made says that something was written.
  const unsure = new Set(
    told.flatMap(({ step, outcome: end }) =>
      step.action === "create" && end.status === "failed" ? [step.kind] : [],
    ),
  );
  // A creation that is repeated under its key is answered with what it made, and completed: with its tags.
  const repeated = new Set(
    requests.flatMap((one) => (one.replayed === true ? (writeOf(one).creates ?? []) : [])),
  );
  const isUnsure = ({ key = "", deletes }: Write) => {
    const kind = key.split(" ")[0] ?? "";
    return unsure.has(kind) && (deletes === true || repeated.has(kind));
  };
  const silent = writes.filter(
    (write) => write.key !== undefined && known.has(write.key) && !keys.has(write.key) && !isUnsure(write),
  );
  expect(silent, "written but not reported").toEqual([]);
  const creators = told.filter(({ step }) => step.action === "create" || step.action === "restore");
  // What an earlier run may have created with other values is created once more under its key, and deleted.
  const undone = writes.filter(({ deletes, key = "" }) => deletes === true && !known.has(key));
  for (const kind of new Set(writes.flatMap(({ creates }) => creates ?? []))) {
    const gone = undone.filter(({ key = "" }) => key.startsWith(`${kind} `)).length;
    const made = writes.filter(({ creates }) => creates === kind).length - gone;
    expect(made, `creations of ${kind}`).toBeLessThanOrEqual(
      creators.filter(({ step }) => step.kind === kind).length,
    );
  }
}

/** What runs meant to do that were killed, or met requests that failed or reads that were late: it may still show. */
export function rememberIntents(world: World, { intents = [] }: LedgerState): void {
  for (const { id } of intents) world.mayStillShow.add(id);
}

/**
 * The ledger of a run that has ended with success: ids and no references, no object at two addresses, and no intent of its
 * own but those of deletions, and of objects that nobody declares any more.
 */
export function ledgerIsClean(world: World, { entries, intents = [] }: LedgerState): void {
  const known = Object.values(entries);
  expect(JSON.stringify(known)).not.toMatch(/"ref":/);
  const keys = known.map(keyOf);
  expect(new Set(keys).size, "one object, one address").toBe(keys.length);
  const manifests = manifestsOf(world.project);
  const declared = new Set(manifests.filter((one) => !isObserved(one, manifests)).map(addressOf));
  const open = intents.filter(
    ({ id, action, address, superseded }) =>
      action !== "delete" &&
      !world.mayStillShow.has(id) &&
      // Its object may still appear, of a run that was killed before.
      !(world.wasInTrouble && superseded !== undefined) &&
      entries[address]?.found !== true &&
      entries[address]?.observe !== true &&
      (declared.has(address) || entries[address] !== undefined),
  );
  expect(
    open.map(({ id, address }) => `${id} ${address}`),
    "open intents",
  ).toEqual([]);
}
