import { isList, isObject, type Json, type JsonObject } from "../../model/json.ts";
import type { PathChange, Plan, ResourceChange } from "../../model/plan.ts";
import { segments } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";
import { isEmpty, isUpdated } from "../tally.ts";
import { isDigest } from "../../model/secret-digest.ts";
import { resourceDrift } from "./drift.ts";
import { envelope, type JsonOptions } from "./envelope.ts";
import { plain } from "./plain.ts";

export interface PlanJsonOptions extends JsonOptions {
  /** What each step sends is part of the result: only for a plan whose secrets are digests. */
  readonly withRequests?: boolean;
}

/**
 * The plan in Terraform's envelope, so that policies and other tools find their way; everything that Terraform has no
 * word for stands under `x_rollcall`. The same plan gives the same text.
 */
export function planJson(plan: Plan, options: PlanJsonOptions): JsonObject {
  return {
    ...envelope(options),
    applyable: plan.steps.length + (plan.adoptions ?? []).length > 0 && plan.refusals.length === 0,
    complete: plan.refusals.length === 0,
    errored: false,
    resource_changes: plan.changes.map(resourceChange),
    resource_drift: resourceDrift(plan),
    x_rollcall: extension(plan, options),
  };
}

function resourceChange(change: ResourceChange): JsonObject {
  const { address, kind, id, movedFrom, action, before, after } = change;
  const adopted = action === "adopt" && id !== undefined;
  return {
    address,
    ...(movedFrom === undefined ? {} : { previous_address: movedFrom }),
    mode: "managed",
    type: kind,
    name: address.slice(address.indexOf("/") + 1),
    change: {
      actions: actionsOf(change),
      before: before ?? null,
      after: after ?? null,
      after_unknown: after === undefined ? false : (unknownIn(after) ?? {}),
      before_sensitive: before === undefined ? false : sensitiveIn(before, change.changes),
      after_sensitive: after === undefined ? false : sensitiveIn(after, change.changes),
      ...(adopted ? { importing: { id } } : {}),
    },
  };
}

/** Terraform's words: what only touches the ledger is `no-op`. A replacement creates the new object first. */
function actionsOf(change: ResourceChange): readonly string[] {
  if (isUpdated(change)) return ["update"];
  switch (change.action) {
    case "create":
      return ["create"];
    case "replace":
      return ["create", "delete"];
    case "delete":
      return ["delete"];
    case "forget":
      return ["forget"];
    default:
      return ["no-op"];
  }
}

/** `true` wherever the id of an object stands that does not exist yet, in the shape of the value. */
function unknownIn(value: Json): Json | undefined {
  if (isReference(value)) return true;
  return shape(value, unknownIn);
}

/** `true` wherever a secret stands as a digest. */
function sensitiveIn(value: JsonObject, changes: readonly PathChange[]): Json {
  const marked = digestsIn(value) ?? {};
  const paths = changes.filter(({ sensitive }) => sensitive === true).map(({ path }) => segments(path));
  return paths.reduce<Json>((shape, path) => marks(shape, path, value), marked);
}

function digestsIn(value: Json): Json | undefined {
  return isDigest(value) ? true : shape(value, digestsIn);
}

/** A path that the value does not have, because its elements are compared by key, is left to the digests. */
function marks(marked: Json, [segment, ...rest]: readonly string[], value: Json | undefined): Json {
  if (segment === undefined) return true;
  if (marked === true || !isObject(value) || !Object.hasOwn(value, segment) || !isObject(marked)) return marked;
  return { ...marked, [segment]: marks(marked[segment] ?? {}, rest, value[segment]) };
}

/** Lists keep their length, with `false` where there is nothing to say; objects keep what has something to say. */
function shape(value: Json, of: (value: Json) => Json | undefined): Json | undefined {
  if (isList(value)) {
    const items = value.map(of);
    return items.every((item) => item === undefined) ? undefined : items.map((item) => item ?? false);
  }
  if (!isObject(value)) return undefined;
  const members = Object.entries(value).flatMap(([key, member]) => {
    const inner = of(member);
    return inner === undefined ? [] : [[key, inner] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function extension(plan: Plan, { withRequests = false }: PlanJsonOptions): JsonObject {
  const { changes, ...rest } = plan;
  return {
    empty: isEmpty(plan),
    ...plain(rest),
    // What is sent may hold secrets in the clear.
    steps: rest.steps.map((step) =>
      plain({ ...step, desired: withRequests ? step.desired : undefined, applied: undefined }),
    ),
    // The specs stand in `resource_changes`.
    changes: changes.map((change) => plain({ ...change, before: undefined, after: undefined })),
  };
}
