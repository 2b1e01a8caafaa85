import fc from "fast-check";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { Fault } from "../../src/providers/telnyx/emulator/faults.ts";
import { FIELDS, hook, links, SLOTS } from "./fields.ts";
import type { Kind } from "../stories/manifests.ts";
import type { Links } from "./items.ts";
import { fault } from "./faults.ts";

/** Something that someone does. `which` and `place` pick one of those that are there. */
export type Act = ManifestAct | PortalAct | LedgerAct | CloneAct | CommandAct;

export type ManifestAct =
  | {
      readonly do: "declare";
      readonly kind: Kind;
      readonly slot: string;
      readonly fields: JsonObject;
      readonly links: Links;
    }
  | { readonly do: "remove" | "rename" | "move" | "file"; readonly which: number }
  | { readonly do: "unset" | "empty"; readonly which: number; readonly place: number }
  | { readonly do: "ignore"; readonly which: number; readonly place: number; readonly on: boolean }
  | { readonly do: "protect" | "observe"; readonly which: number; readonly on: boolean }
  /** To what was declared before, so many times over. */
  | { readonly do: "revert"; readonly back: number };

export type PortalAct =
  | { readonly do: "edit"; readonly which: number; readonly place: number }
  | { readonly do: "vanish" | "canary" | "turn" | "end" | "version" | "promote"; readonly which: number }
  | { readonly do: "foreign" | "squat" | "other-type"; readonly which: number };

export type LedgerAct = { readonly do: "lose" } | { readonly do: "restore"; readonly back: number };

/**
 * It is the turn of the other working copy of the project. `pull`: after it has taken the manifests and the ledger from
 * this one, as Git brings them.
 */
export interface CloneAct {
  readonly do: "clone";
  readonly pull: boolean;
}

export type CommandAct =
  | { readonly do: "drift" | "validate" }
  | (Choices & { readonly do: "plan" | "save" })
  | { readonly do: "destroy" | "saved"; readonly trouble: Troubles }
  | (Choices & { readonly do: "apply"; readonly trouble: Troubles });

/** What an apply may choose, and a plan of it. */
export interface Choices {
  readonly prune: boolean;
  readonly overwrite: boolean;
  /** What becomes of conflicts, of all or of those of one assistant, at one path. */
  readonly rule?: ConflictRule;
  /** Only one of the resources. */
  readonly target?: number;
}

export interface ConflictRule {
  readonly what: "adopt" | "overwrite" | "refuse";
  readonly which?: number;
  readonly path?: string;
}

/** What goes wrong during one apply, all at once. */
export type Troubles = readonly Trouble[];

export type Trouble =
  | { readonly what: "kill"; readonly side: "before" | "after"; readonly nth: number; readonly writes?: true }
  /** Between two steps on the files of the ledger. */
  | { readonly what: "cut"; readonly nth: number }
  | { readonly what: "faults"; readonly faults: readonly Fault[] }
  /** So many reads after the first write are answered as they were before. */
  | { readonly what: "stale"; readonly times: number }
  | { readonly what: "drop" | "rewrite"; readonly field: string; readonly times: number }
  | { readonly what: "lag"; readonly milliseconds: number; readonly onlyLists: boolean };

const which = fc.nat(9);
const place = fc.nat(19);
const on = <D extends string>(name: D) => fc.record({ do: fc.constant(name), which });
const just = <D extends string>(name: D) => fc.constant({ do: name });

const hangup: Json = { type: "hangup", hangup: {} };
/** The server describes it. */
const transfer: Json = {
  type: "transfer",
  transfer: { from: "+15550100001", targets: [{ name: "desk", to: "+15550100002" }] },
};

/** With tools of its own, or without. */
const ofAssistant: fc.Arbitrary<JsonObject> = fc
  .tuple(
    FIELDS.Assistant,
    fc.constantFrom<readonly Json[] | undefined>(
      undefined,
      undefined,
      [],
      [transfer],
      [hangup],
      [transfer, hangup],
      [hook("one")],
      [hook("one", "beta"), hook("two")],
    ),
  )
  .map(([fields, tools]) => (tools === undefined ? fields : Object.assign({ tools }, fields)));

const declare: fc.Arbitrary<Act> = fc.oneof(
  ...SLOTS.map(([kind, slots, weight]) => ({
    weight,
    arbitrary: fc.record({
      do: fc.constant("declare" as const),
      kind: fc.constant(kind),
      slot: fc.constantFrom(...slots),
      fields: kind === "Assistant" ? ofAssistant : FIELDS[kind],
      links,
    }),
  })),
);

/** There is one that everything happens to. */
const front: fc.Arbitrary<Act> = fc.record({
  do: fc.constant("declare" as const),
  kind: fc.constant("Assistant" as const),
  slot: fc.constant("a"),
  fields: ofAssistant,
  links,
});

const assistantA = { tools: false, servers: false, handoff: [], parent: 0 };

/** A version of that one, and the canary that serves it. */
const trial: fc.Arbitrary<readonly Act[]> = fc.tuple(FIELDS.AssistantVersion, FIELDS.CanaryDeploy).map((all) =>
  (["AssistantVersion", "CanaryDeploy"] as const).map((kind, index) => ({
    do: "declare",
    kind,
    slot: kind === "CanaryDeploy" ? "c" : "v",
    fields: all[index] ?? {},
    links: assistantA,
  })),
);

const MANIFESTS: readonly fc.WeightedArbitrary<Act>[] = [
  { weight: 5, arbitrary: declare },
  { weight: 8, arbitrary: front },
  { weight: 3, arbitrary: on("remove") },
  { weight: 1, arbitrary: on("rename") },
  { weight: 2, arbitrary: on("move") },
  { weight: 1, arbitrary: on("file") },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("unset" as const, "empty" as const), which, place }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("ignore" as const), which, place, on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("protect" as const), which, on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("observe" as const), which, on: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("revert" as const), back: fc.integer({ min: 1, max: 3 }) }),
  },
];

const PORTAL: readonly fc.WeightedArbitrary<Act>[] = [
  { weight: 10, arbitrary: fc.record({ do: fc.constant("edit" as const), which, place }) },
  { weight: 2, arbitrary: on("vanish") },
  { weight: 1, arbitrary: on("canary") },
  { weight: 2, arbitrary: on("turn") },
  { weight: 2, arbitrary: on("end") },
  { weight: 1, arbitrary: on("version") },
  { weight: 2, arbitrary: on("promote") },
  { weight: 1, arbitrary: on("foreign") },
  { weight: 2, arbitrary: on("squat") },
  { weight: 1, arbitrary: on("other-type") },
  { weight: 1, arbitrary: just("lose") },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("clone" as const), pull: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("restore" as const), back: fc.integer({ min: 1, max: 3 }) }),
  },
];

const kill: fc.Arbitrary<Trouble> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant("kill" as const),
      side: fc.constantFrom("before" as const, "after" as const),
      nth: fc.integer({ min: 1, max: 6 }),
      writes: fc.constant(true as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant("kill" as const),
      side: fc.constantFrom("before" as const, "after" as const),
      nth: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant("cut" as const), nth: fc.integer({ min: 1, max: 60 }) }),
  },
);

const faults: fc.Arbitrary<Trouble> = fc.record({
  what: fc.constant("faults" as const),
  faults: fc.array(fault, { minLength: 1, maxLength: 2 }),
});

/** While reads are late, only a write tells whether an object exists: then an answer that it does not is no fault. */
function isPlausible(trouble: Trouble): boolean {
  return (
    trouble.what !== "faults" ||
    !trouble.faults.some(
      ({ fault: { kind, ...rest } }) => kind === "status" && "status" in rest && rest.status === 404,
    )
  );
}

const lost: fc.Arbitrary<Trouble> = fc.record({
  what: fc.constantFrom("drop" as const, "rewrite" as const),
  field: fc.constantFrom("greeting", "description", "instructions", "url", "voice_settings"),
  times: fc.constantFrom(1, 9),
});

const stale: fc.Arbitrary<Trouble> = fc.record({
  what: fc.constant("stale" as const),
  times: fc.integer({ min: 1, max: 12 }),
});

const lag: fc.Arbitrary<Trouble> = fc.record({
  what: fc.constant("lag" as const),
  milliseconds: fc.constantFrom(1000, 15_000, 300_000),
  onlyLists: fc.boolean(),
});

const trouble: fc.Arbitrary<Troubles> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Troubles>([]) },
  { weight: 8, arbitrary: fc.tuple(kill) },
  { weight: 4, arbitrary: fc.tuple(fc.oneof(faults, lost, stale, lag)) },
  { weight: 2, arbitrary: fc.tuple(kill, lag) },
  { weight: 1, arbitrary: fc.tuple(fc.oneof(faults.filter(isPlausible), lost), fc.oneof(lag, stale)) },
  { weight: 1, arbitrary: fc.tuple(fc.oneof(faults, lost), kill) },
);

const CHOICES = { prune: fc.boolean(), overwrite: fc.boolean() };

/** Of everything, and now and then of one resource. */
function chosen<D extends string>(name: D, more: object = {}): fc.Arbitrary<Act> {
  const members = Object.assign({ do: fc.constant(name) }, CHOICES, more);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record(members) },
    { weight: 1, arbitrary: fc.record(Object.assign({ target: fc.nat(9) }, members)) },
  ) as unknown as fc.Arbitrary<Act>;
}

const rule: fc.Arbitrary<ConflictRule> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<ConflictRule>({ what: "adopt" }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom("adopt", "overwrite", "refuse"),
        which,
        fc.constantFrom(undefined, "/instructions", "/greeting"),
      )
      .map(([what, one, path]) => Object.assign({ what, which: one }, path && { path }) as ConflictRule),
  },
);

const apply = fc.oneof(
  { weight: 5, arbitrary: chosen("apply", { trouble }) },
  { weight: 1, arbitrary: chosen("apply", { trouble, rule }) },
);

const COMMANDS: readonly fc.WeightedArbitrary<Act>[] = [
  { weight: 16, arbitrary: apply },
  { weight: 1, arbitrary: chosen("plan") },
  { weight: 1, arbitrary: just("drift") },
  { weight: 1, arbitrary: just("validate") },
  { weight: 2, arbitrary: chosen("save") },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("destroy" as const), trouble }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("saved" as const), trouble }) },
];

/** Something is changed, and then something is run: what is killed is often followed by another wish. */
export function story(isQuiet: boolean, rounds: number): fc.Arbitrary<readonly Act[]> {
  const acts = fc.oneof(...MANIFESTS, ...(isQuiet ? [] : PORTAL));
  const round = fc
    .tuple(
      fc.array(acts, { minLength: 1, maxLength: 3, size: "max" }),
      fc.array(fc.oneof(...COMMANDS), { minLength: 1, maxLength: 2, size: "max" }),
    )
    .map(([first, then]) => first.concat(then));
  return fc
    .tuple(
      fc.tuple(
        front,
        fc.oneof(
          { weight: 3, arbitrary: fc.array(declare, { maxLength: 3, size: "max" }) },
          { weight: 1, arbitrary: trial },
        ),
      ),
      apply,
      fc.array(round, { minLength: 1, maxLength: rounds, size: "max" }),
    )
    .map(([[first, others], then, rest]) => [first].concat(others, then, rest.flat()));
}
