import { counted } from "./phrases.ts";
import type { JsonObject } from "../model/json.ts";
import type { Action, Plan, ResourceChange, Risk } from "../model/plan.ts";
import type { Split } from "../model/split.ts";
import { createRows } from "./create-rows.ts";
import type { Row } from "./row.ts";
import { changeRow, RESTORED, textChange, twoWayRow } from "./rows.ts";
import { visible } from "../model/visible.ts";
import { stepsAt } from "./steps-at.ts";
import { isUpdated } from "./tally.ts";
import { block, inline, type Names } from "./value.ts";

/** One resource as a reader meets it; every text is safe to print. */
export interface ResourceView {
  readonly address: string;
  readonly kind: string;
  readonly action: Action;
  /** `updated`, in one or two words. */
  readonly outcome: string;
  /** `Assistant/front-desk will be updated in-place`, in Terraform's words. */
  readonly title: string;
  readonly notes: readonly string[];
  readonly risks: readonly string[];
  readonly rows: readonly Row[];
  /** How many undeclared live fields are not changed. */
  readonly untouched: number;
}

export const RISKS: Readonly<Record<Risk, string>> = {
  "reaches-callers": "affects every caller immediately",
  "child-reset": "resets a child object",
  deletes: "deletes a live object",
  protected: "protected",
  "shared-object": "also used by others",
  "pending-work": "its pending scheduled events are lost",
  "wider-rollout": "sends more callers to another version",
};

function riskText(risk: Risk, { usedBy }: ResourceChange): string {
  if (risk !== "shared-object" || usedBy === undefined) return RISKS[risk];
  return usedBy === 1 ? "used by 1 other object" : `used by ${usedBy} other objects`;
}

/** Unchanged resources are not worth a line. */
export function isShown(change: ResourceChange, plan: Plan): boolean {
  const isSaid = change.changes.length > 0 || change.reason !== undefined;
  const isQuiet = change.action === "no-op" || change.action === "observe";
  return !isQuiet || isSaid || ensureStep(change, plan) !== undefined;
}

function ensureStep({ address }: ResourceChange, plan: Plan) {
  return stepsAt(plan, address).find(({ action }) => action === "restore");
}

export function resourceView(change: ResourceChange, plan: Plan, showUnmanaged: boolean): ResourceView {
  return {
    address: visible(change.address),
    kind: visible(change.kind),
    action: change.action,
    outcome: outcomeOf(change, plan),
    title: visible(titleOf(change, plan)),
    notes: notesOf(change).map(visible),
    risks: change.risks.map((risk) => riskText(risk, change)),
    rows: [
      ...splitRows(change, plan.names),
      ...rowsOf(change, plan),
      ...(showUnmanaged ? change.unmanaged.map((one) => changeRow(one, plan.names)) : []),
    ],
    untouched: showUnmanaged ? 0 : change.unmanaged.length,
  };
}

/** What becomes of a resource, as a participle. */
export const OUTCOMES: Readonly<Record<Exclude<Action, "no-op">, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "destroyed",
  adopt: "adopted",
  move: "moved",
  forget: "forgotten",
  observe: "observed",
};

function outcomeOf(change: ResourceChange, plan: Plan): string {
  const { action } = change;
  if (action === "no-op") return ensureStep(change, plan) === undefined ? "unchanged" : "restored if missing";
  if (action === "update" || !isUpdated(change)) return OUTCOMES[action];
  return `${OUTCOMES[action]} and updated`;
}

function titleOf(change: ResourceChange, plan: Plan): string {
  const { address, action, movedFrom } = change;
  if (isUpdated(change)) return `${address} will be updated in-place`;
  switch (action) {
    case "create":
      return `${address} will be created`;
    case "replace":
      return `${address} must be replaced`;
    case "delete":
      return `${address} will be destroyed`;
    case "adopt":
      return `${address} will be adopted`;
    case "move":
      return `${movedFrom ?? address} has moved to ${address}`;
    case "forget":
      return `${address} will be forgotten`;
    case "observe":
      return `${address} is observed${observedState(change)}`;
    default:
      return ensureStep(change, plan) === undefined
        ? `${address} is unchanged`
        : `${address} will be re-checked and restored if missing`;
  }
}

function observedState({ id, changes }: ResourceChange): string {
  if (id === undefined) return " and does not exist live";
  return changes.length > 0 ? " and differs from its manifest" : "";
}

function notesOf(change: ResourceChange): readonly string[] {
  const { action, id, movedFrom, reason, changes, inherits } = change;
  const moved =
    movedFrom !== undefined && (action !== "move" || isUpdated(change)) ? [`moved from ${movedFrom}`] : [];
  const uncompared = changes.length > 0 && changes.every((one) => one.class === "no-baseline");
  return [
    ...moved,
    ...(action === "adopt" && reason === undefined
      ? [`adopted as ${id ?? "live"}: matched by name; not in the ledger`]
      : []),
    ...(reason === undefined ? [] : [reason]),
    ...(inherits === undefined ? [] : [`inherits fields from ${inherits.from}`]),
    ...(uncompared ? ["no baseline: compared with live only"] : []),
  ];
}

function rowsOf(change: ResourceChange, plan: Plan): readonly Row[] {
  if (change.action === "create") return createRows(change, plan);
  if (change.action === "delete" || change.action === "forget") return goneRows(change);
  if (change.action === "observe") return change.changes.map((one) => twoWayRow(one, plan.names));
  const refused = plan.refusals.some(({ address, rule }) => rule === "conflict" && address === change.address);
  const uncompared = change.changes.every((one) => one.class === "no-baseline");
  const restored = change.changes.filter((one) => one.class === "drift");
  const rest =
    restored.length < MANY_RESTORED ? change.changes : change.changes.filter((one) => !restored.includes(one));
  const rows = rest.map((one): Row => {
    const row = changeRow(one, plan.names);
    if (one.class === "conflict") {
      return refused && one.overwrites !== true
        ? Object.assign(row, { body: { type: "none" }, note: "refused, see above" })
        : Object.assign(row, { note: "conflict: the manifest wins" });
    }
    return uncompared ? Object.assign(row, { note: undefined }) : row;
  });
  return rest === change.changes ? rows : [restoredRow(restored.length), ...rows];
}

/** From here on a line for each would only repeat what stands above. */
const MANY_RESTORED = 3;

function restoredRow(count: number): Row {
  return { sign: "~", label: `${count} fields`, body: { type: "none" }, note: RESTORED };
}

function goneRows({ id, before }: ResourceChange): readonly Row[] {
  const fields: JsonObject = {
    ...(id === undefined ? {} : { id }),
    ...(before?.["name"] === undefined ? {} : { name: before["name"] }),
  };
  return Object.entries(fields).map(([label, value]) => ({
    sign: "-",
    label,
    body: { type: "value", text: inline(value, {}), lines: block(value, {}) },
  }));
}

/** How conversations are divided before and after: one row for each rule whose division changes. */
function splitRows({ split }: ResourceChange, names: Names): readonly Row[] {
  if (split === undefined) return [];
  const matches = new Set([...split.before, ...split.after].map(({ match }) => match));
  return [...matches].flatMap((match): readonly Row[] => {
    // The first rule that fits counts.
    const [before, after] = [split.before, split.after].map((splits) =>
      divisionText(
        splits.find((one) => one.match === match),
        match,
        names,
      ),
    );
    if (before === undefined || after === undefined || before === after) return [];
    const label = match === "" ? "split" : `split for ${visible(match)}`;
    return [{ sign: "~", label, body: textChange(before, after) }];
  });
}

/** `main 90 %, AssistantVersion/warmer 10 %`. Without a rule for everyone, main answers everyone. */
function divisionText(split: Split | undefined, match: string, names: Names): string {
  if (split === undefined) return match === "" ? "main 100 %" : "(no rule)";
  const main = split.main > 0 ? [`main ${split.main} %`] : [];
  return [
    ...main,
    ...split.shares.map(({ version, percent }) => `${inline(version, names)} ${percent} %`),
  ].join(", ");
}

const COUNTED: ReadonlySet<Action> = new Set(["update", "replace", "adopt", "move", "observe"]);

/** The outcome, with the number of fields that change. */
export function countedOutcome({ outcome, action, rows }: ResourceView): string {
  const fields = rows.filter(({ sign }) => sign !== "=").length;
  return !COUNTED.has(action) || fields === 0 ? outcome : `${outcome}: ${counted(fields, "field")}`;
}
