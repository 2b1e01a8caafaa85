import { expect } from "vitest";
import type { RequestLogEntry } from "../../src/providers/telnyx/emulator/request-log.ts";
import type { Ran } from "../e2e/cli.ts";
import { addressOf, type Manifest } from "../stories/manifests.ts";
import type { PlanShown } from "../stories/order.ts";
import type { Act, Choices, CloneAct, CommandAct, Trouble, Troubles } from "./actions.ts";
import { type Change, keyOf } from "./oracle.ts";
import { inPortal } from "./portal-edits.ts";
import {
  announced,
  isRefusedByApi,
  leaveToOthers,
  markSeconds,
  noDuplicate,
  nothingIsUnknown,
  nothingIsLeftOver,
  nothingOwnIsForeign,
  refusesWithReason,
  tellsTheTruth,
} from "./invariants.ts";
import { keepsObserved, keepsProtected, observedNow, protectedIn } from "./kept.ts";
import type { Stage } from "./environment.ts";
import { promotedIn, standing } from "./live-state.ts";
import { ledgerIsClean, rememberIntents, reportCoversRequests, reportMatchesRequests } from "./report.ts";
import { edit, manifestsOf, openWorld, readBack, type Saved, type World } from "./story-state.ts";

const MASS = "--allow-mass-change";
const NOTHING: Troubles = [];
const NO_PLAN: PlanShown = { code: 0, empty: true, changes: [], drift: [], refusals: [] };

/** Plays a story to its end and says how that was. Throws where a promise is broken. */
export async function play(stage: Stage, acts: readonly Act[]): Promise<string> {
  await stage.beginAgain();
  const world = openWorld(stage);
  for (const act of acts) await perform(world, act);
  return finish(world);
}

async function perform(world: World, act: Act): Promise<void> {
  switch (act.do) {
    case "plan":
    case "drift":
    case "validate":
    case "save":
    case "saved":
    case "apply":
    case "destroy":
      await command(world, act);
      return;
    case "lose":
      world.stage.ledger.lose();
      ledgerIsOff(world);
      return;
    case "restore":
      world.ledgers.at(-act.back)?.();
      ledgerIsOff(world);
      return;
    case "clone":
      takeTurns(world, act);
      return;
    case "edit":
    case "vanish":
    case "canary":
    case "turn":
    case "end":
    case "version":
    case "promote":
    case "foreign":
    case "squat":
    case "other-type":
      settleReads(world);
      inPortal(world, act);
      if (enter(world, "them").length > 0) world.isDisturbed = true;
      return;
    default:
      edit(world, act);
  }
}

/** What was written shows by now, to people as well. */
function settleReads({ stage }: World): void {
  stage.emulator.lag();
}

const enter = ({ books, stage }: World, who: "us" | "them") => books.enter(who, stage.emulator.state());

function ledgerIsOff(world: World): void {
  Object.assign(world, { isLedgerOff: true, wasLedgerOff: true, isDisturbed: true });
}

function rememberLedger(world: World): void {
  world.ledgers.push(world.stage.ledger.photograph());
}

/** What a run that was cut off has left beside a ledger stays in the working copy that it was run in. */
function takeTurns(world: World, { pull }: CloneAct): void {
  const { ledger } = world.stage;
  const { project, other = { project: new Map(), back: () => ledger.lose() } } = world;
  world.other = { project, back: ledger.photograph() };
  const here = ledger.exchange();
  other.back();
  const isKnown = pull && !here.isPartial && !ledger.exchange().isPartial;
  if (pull) here.bring();
  else world.project = other.project;
  if (!isKnown) ledgerIsOff(world);
}

async function command(world: World, act: CommandAct): Promise<void> {
  await world.stage.declare(...manifestsOf(world.project));
  if (world.past.at(-1) !== world.project) world.past.push(world.project);
  if (manifestsOf(world.project).length === 0) return;
  switch (act.do) {
    case "apply":
      await applied(world, ["apply", "--yes", ...flagsOf(world, act)], act.trouble);
      break;
    case "destroy":
      await applied(world, ["destroy", "--yes"], act.trouble);
      break;
    case "plan":
      await shown(world, flagsOf(world, act).filter(isOfPlan));
      break;
    case "save": {
      const plan = await shown(world, flagsOf(world, act).filter(isOfPlan), "--out", "plan.json");
      if (plan.code === 0) world.saved = { plan, isOverwriting: act.overwrite };
      break;
    }
    case "saved":
      await savedApplied(world, act.trouble);
      break;
    case "drift":
      await drifted(world);
      break;
    case "validate":
      await looked(world, 0, "validate");
  }
  rememberLedger(world);
}

async function savedApplied(world: World, trouble: Troubles): Promise<void> {
  const { saved } = world;
  delete world.saved;
  if (saved !== undefined) await applied(world, ["apply", "plan.json"], trouble, saved);
}

const isOfPlan = (flag: string) => !flag.startsWith("--parallelism");

function flagsOf(world: World, act: Choices): readonly string[] {
  const manifests = manifestsOf(world.project);
  const target = act.target === undefined ? undefined : manifests[act.target % Math.max(1, manifests.length)];
  return [
    MASS,
    "--parallelism=2",
    ...(act.prune && target === undefined ? ["--prune"] : []),
    ...conflictFlags(act, manifests),
    ...(target === undefined ? [] : ["--target", addressOf(target)]),
  ];
}

function conflictFlags({ overwrite, rule }: Choices, manifests: readonly Manifest[]): readonly string[] {
  const adopt = overwrite ? ["--adopt"] : [];
  if (rule !== undefined && rule.which === undefined) return [`--on-conflict=${rule.what}`, ...adopt];
  const all = [...(overwrite ? ["--on-conflict=overwrite"] : []), ...adopt];
  const assistants = manifests.filter(({ kind }) => kind === "Assistant");
  const one = rule?.which === undefined ? undefined : assistants[rule.which % Math.max(1, assistants.length)];
  if (rule === undefined || one === undefined) return all;
  const at = rule.path === undefined ? "" : `:${rule.path}`;
  return [...all, `--on-conflict=${rule.what}=${addressOf(one)}${at}`];
}

const mayAdopt = (args: readonly string[]) => args.some((arg) => arg.startsWith("--on-conflict=adopt"));

/** A command that must write nothing. */
async function looked(world: World, code: number | undefined, ...args: readonly string[]): Promise<Ran> {
  world.stage.emulator.clearRequests();
  const ran = await world.stage.run(...args);
  expect(writesIn(world), `writes of ${args[0]}`).toEqual([]);
  if (code !== undefined) expect(ran.code, `${args.join(" ")}: ${ran.stderr}`).toBe(code);
  return ran;
}

function writesIn({ stage }: World): readonly string[] {
  return stage.emulator
    .requests()
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path}`);
}

/** What a plan says; nothing in it may be called foreign that is not. */
async function shown(world: World, flags: readonly string[], ...more: readonly string[]): Promise<PlanShown> {
  const plain = flags.filter((flag) => flag !== "--yes");
  const ran = await looked(world, undefined, "plan", "--format", "json", ...plain, ...more);
  expect([0, 1], ran.stderr).toContain(ran.code);
  const plan = { ...(JSON.parse(ran.stdout) as { x_rollcall: PlanShown }).x_rollcall, code: ran.code };
  isHonest(world, plan);
  return plan;
}

function isHonest(world: World, plan: PlanShown): void {
  nothingOwnIsForeign(world, plan);
  refusesWithReason(world, plan);
}

async function drifted(world: World): Promise<void> {
  const ran = await looked(world, undefined, "drift", "--format", "json");
  expect([0, 2], ran.stderr).toContain(ran.code);
  const { x_rollcall: plan } = JSON.parse(ran.stdout) as { x_rollcall: PlanShown };
  nothingOwnIsForeign(world, { ...plan, changes: [], code: ran.code });
}

/** Runs what writes, and judges what it has done by the plan that was shown before. */
async function applied(
  world: World,
  args: readonly string[],
  trouble: Troubles,
  saved?: Saved,
): Promise<Ran | undefined> {
  const { emulator, showsApplied } = world.stage;
  const [verb = "", , ...flags] = args;
  world.mayBeMadeTwice = false;
  const before = saved?.plan ?? (showsApplied ? undefined : await planFor(world, verb, flags));
  const held = protectedIn(world);
  const observed = observedNow(world);
  for (const key of observed) world.wereObserved.add(key);
  leaveToOthers(world);
  const alive = new Set(world.books.live().map(keyOf));
  if (trouble.length > 0) world.wasInTrouble = true;
  emulator.clearRequests();
  const { runs, plan, early } = await inTrouble(world, args, trouble, before);
  const [ran] = runs.map((one) => one.ran);
  emulator.clearFaults();
  if (mayAdopt(args)) await readManifests(world, ran);
  const state = trouble.length === 0 ? undefined : await world.stage.ledger.state();
  if (state !== undefined) rememberIntents(world, state);
  const requests = runs.flatMap((one) => one.requests);
  const changes = [...early, ...enter(world, "us")];
  rememberUntold(changes, trouble);
  // An object that this run renamed is found by its new name only now.
  leaveToOthers(world);
  const isStale = trouble.some(({ what }) => what === "stale");
  announced(world, plan, changes, { args, isOverwriting: saved?.isOverwriting, isStale });
  keepsProtected(world, held, changes, { code: ran?.code, requests });
  keepsObserved(world, observed, changes);
  const isWhole = ran?.code === 0 && !args.includes("--target");
  // An object that is to give its name up may not be selected.
  if (isWhole) noDuplicate(world);
  if (world.mayBeMadeTwice) markSeconds(world);
  for (const one of runs) if (one.ran !== undefined) tellsTheTruth(world, one.ran, args, trouble, one.requests);
  if (ran !== undefined && !isLate(trouble)) reportIsTrue(world, requests, alive);
  if (isWhole) {
    world.isLedgerOff = false;
    for (const { untold } of world.books.objects.values()) untold.clear();
    if (args[0] === "apply" && trouble.length === 0) await isAllDone(world, args);
  }
  return ran;
}

/** Values may have been written into manifests. What a killed run has begun of that, the next command undoes. */
async function readManifests(world: World, ran: Ran | undefined): Promise<void> {
  if (ran === undefined) await world.stage.run("drift", "--format", "json");
  readBack(world, world.stage.manifests());
}

/** The server changed values for a run that was killed: it may have died before it recorded the answer. */
function rememberUntold(changes: readonly Change[], trouble: Troubles): void {
  if (!trouble.some(({ what }) => what === "kill" || what === "cut")) return;
  const fields = trouble.flatMap((one) => (one.what === "drop" || one.what === "rewrite" ? [one.field] : []));
  for (const { object } of changes) for (const field of fields) object.untold.add(field);
}

/** After a whole apply the ledger says so, and the same plan has nothing left to do. */
async function isAllDone(world: World, args: readonly string[]): Promise<void> {
  const state = await world.stage.ledger.state();
  if (state === undefined || args.includes("plan.json")) return;
  ledgerIsClean(world, state);
  const again = await shown(world, args.filter((one) => one.startsWith("--")).filter(isOfPlan));
  nothingIsUnknown(world, again);
  expect(unexpected(world, again), "refused after an apply").toEqual([]);
  if (again.refusals.length === 0)
    expect(isQuiet(again), `left after an apply: ${JSON.stringify(again.changes)}`).toBe(true);
}

/** A declared version that somebody has promoted is not changed any more. */
function unexpected(world: World, { refusals }: PlanShown): PlanShown["refusals"] {
  const promoted = promotedIn(world);
  return refusals.filter(({ rule, address = "" }) => rule !== "main-version" || !promoted.includes(address));
}

function reportIsTrue(world: World, requests: readonly RequestLogEntry[], alive: ReadonlySet<string>): void {
  const steps = world.stage.reported();
  if (steps === undefined) return;
  reportCoversRequests(steps, requests, alive);
  if (!world.wasInTrouble) reportMatchesRequests(steps, requests);
}

/** Nobody plans for destroy: it deletes all that is known. */
async function planFor(world: World, verb: string, flags: readonly string[]): Promise<PlanShown | undefined> {
  return verb === "apply" ? shown(world, flags.filter(isOfPlan)) : undefined;
}

interface Run {
  readonly ran: Ran | undefined;
  readonly requests: readonly RequestLogEntry[];
}

interface Played {
  /** The run, and where reads were late, the same at once again. */
  readonly runs: readonly Run[];
  readonly plan: PlanShown;
  /** What was changed before the last of them. */
  readonly early: readonly Change[];
}

async function inTrouble(
  world: World,
  args: readonly string[],
  trouble: Troubles,
  before: PlanShown | undefined,
): Promise<Played> {
  const { stage } = world;
  for (const one of trouble) prepare(stage, one);
  const isVeryLate = trouble.some((one) => one.what === "lag" && one.milliseconds > LIST_WAIT);
  world.mayBeMadeTwice = isVeryLate && trouble.length > 1;
  const end = trouble.find((one) => one.what === "kill" || one.what === "cut");
  const ran = end === undefined ? await stage.run(...args) : await stage.cutOff(momentOf(end), ...args);
  const run: Run = { ran, requests: stage.emulator.requests() };
  const plan = before ?? stage.applied() ?? NO_PLAN;
  if (stage.showsApplied && before === undefined) isHonest(world, plan);
  if (!isLate(trouble)) return { runs: [run], plan, early: [] };
  // Once more at once: what cannot be seen yet is not made again.
  stage.emulator.clearRequests();
  const early = enter(world, "us");
  const second = { ran: await stage.run(...args), requests: stage.emulator.requests() };
  stage.emulator.lag();
  const again = stage.applied() ?? NO_PLAN;
  return { runs: [run, second], plan: { ...plan, changes: [...plan.changes, ...again.changes] }, early };
}

/** Milliseconds. What was created without a key, or under one that is forgotten, and no list shows by then, is made again. */
const LIST_WAIT = 15_000;

const isLate = (trouble: Troubles) => trouble.some(({ what }) => what === "lag");

function momentOf(trouble: Extract<Trouble, { readonly what: "kill" | "cut" }>) {
  if (trouble.what === "cut") return { step: trouble.nth };
  const { side, nth, writes } = trouble;
  return { side, nth, ...(writes === true ? { writes } : {}) };
}

function prepare({ emulator }: Stage, trouble: Trouble): void {
  switch (trouble.what) {
    case "faults":
      for (const fault of trouble.faults) emulator.inject(fault);
      return;
    case "drop":
    case "rewrite": {
      const { field, times, what } = trouble;
      const kind = what === "drop" ? "drop-field" : "rewrite-field";
      emulator.inject({ match: { writes: true }, times, fault: { kind, field } });
      return;
    }
    case "stale":
      emulator.inject({
        match: { writes: true },
        fault: { kind: "slow", milliseconds: 0 },
        onStrike: () =>
          emulator.inject({ match: { method: "GET" }, times: trouble.times, fault: { kind: "stale" } }),
      });
      return;
    case "lag":
      emulator.lag({ milliseconds: trouble.milliseconds, onlyLists: trouble.onlyLists });
  }
}

/** With the trouble over, a plain apply brings everything in order, the second at the latest. */
async function finish(world: World): Promise<string> {
  settleReads(world);
  await world.stage.declare(...manifestsOf(world.project));
  if (manifestsOf(world.project).length === 0) return "empty";
  const plain = ["apply", "--yes", MASS];
  let ran = await applied(world, plain, NOTHING);
  if (ran?.code === 3) ran = await applied(world, plain, NOTHING);
  const forced = [...plain, "--on-conflict=overwrite", "--adopt"];
  if (ran?.code === 4) {
    ran = await applied(world, forced, NOTHING);
    if (ran?.code === 3) ran = await applied(world, forced, NOTHING);
  }
  if (ran?.code === 4)
    return `refused: ${(await shown(world, [MASS])).refusals.map(({ rule }) => rule).join()}`;
  if (world.isDisturbed && ran !== undefined && isRefusedByApi(ran)) return "refused by the API";
  expect(ran?.code, `${ran?.stdout}\n${ran?.stderr}`).toBe(0);
  const again = await shown(world, [MASS]);
  expect(unexpected(world, again)).toEqual([]);
  if (again.refusals.length > 0) return "a declared version is main";
  expect(isQuiet(again), JSON.stringify(again.changes)).toBe(true);
  if (world.isDisturbed) await drifted(world);
  else await looked(world, 0, "drift");
  nothingIsLeftOver(world);
  return leftBehind(world);
}

/** There is nothing to do and nothing to say. */
function isQuiet({ changes }: PlanShown): boolean {
  return changes.every(
    ({ action, changes: paths }) => action === "observe" || (action === "no-op" && paths.length === 0),
  );
}

/**
 * With --prune nothing that this project made and nobody declares stays; what is found by its name alone is not deleted
 * by the run that finds it.
 */
async function leftBehind(world: World): Promise<string> {
  const flags = [MASS, "--prune"];
  for (let times = 0; times < 2; times += 1) {
    const ran = await applied(world, ["apply", "--yes", ...flags], NOTHING);
    if (ran?.code !== 0) return `done; prune ended with ${ran?.code}`;
  }
  if (world.wasLedgerOff) return "done";
  const manifests = manifestsOf(world.project);
  nothingElseIsOurs(world, new Set(manifests.flatMap((one) => standing(world, one, manifests).map(keyOf))));
  return world.past.length % 3 === 0 ? destroyed(world) : "done";
}

/** What destroy leaves is not of this project. */
async function destroyed(world: World): Promise<string> {
  const ran = await applied(world, ["destroy", "--yes"], NOTHING);
  if (ran?.code !== 0) return `done; destroy ended with ${ran?.code}`;
  nothingElseIsOurs(world, new Set());
  return "done";
}

function nothingElseIsOurs(world: World, wanted: ReadonlySet<string>): void {
  const left = world.books
    .live()
    .filter((one) => one.name.startsWith(`${one.kind}-`))
    .filter((one) => one.isMain !== true && !wanted.has(keyOf(one)) && !world.wereObserved.has(keyOf(one)))
    .filter((one) => {
      const known = world.books.objects.get(keyOf(one));
      // A version that somebody has promoted is history of its assistant.
      return known?.maker === "us" && !known.wasMain;
    });
  expect(
    left.map((one) => `${keyOf(one)} ${one.name}`),
    "created by this project and not declared",
  ).toEqual([]);
}
