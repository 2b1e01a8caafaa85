import { rm } from "node:fs/promises";
import { expect } from "vitest";
import type { Ran } from "../e2e/cli.ts";
import { photograph } from "../stories/disk.ts";
import { addressOf } from "../stories/manifests.ts";
import type { PlanShown } from "../stories/order.ts";
import type { Story } from "../stories/story.ts";
import type { Act, CommandAct, Trouble } from "./acts.ts";
import { keyOf } from "./judge.ts";
import { inPortal } from "./people.ts";
import {
  announced,
  noDuplicate,
  nothingIsLeftOver,
  nothingOwnIsForeign,
  refusesWithReason,
  tellsTheTruth,
} from "./promises.ts";
import { standing } from "./standing.ts";
import { edit, manifestsOf, openWorld, type World } from "./world.ts";

const LEDGER = ".rollcall";
const MASS = "--allow-mass-change";

/** Plays a story to its end and says how that was. Throws where a promise is broken. */
export async function play(story: Story, acts: readonly Act[]): Promise<string> {
  await story.beginAgain();
  const world = openWorld(story);
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
      await command(world, act);
      return;
    case "lose":
      await rm(`${world.story.folder}/${LEDGER}`, { recursive: true, force: true });
      ledgerIsOff(world);
      return;
    case "restore":
      world.ledgers.at(-act.back)?.();
      ledgerIsOff(world);
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
function settleReads({ story }: World): void {
  story.emulator.lag();
}

const enter = ({ books, story }: World, who: "us" | "them") => books.enter(who, story.emulator.state());

function ledgerIsOff(world: World): void {
  Object.assign(world, { isLedgerOff: true, wasLedgerOff: true, isDisturbed: true });
}

function rememberLedger(world: World): void {
  world.ledgers.push(photograph(`${world.story.folder}/${LEDGER}`));
}

async function command(world: World, act: CommandAct): Promise<void> {
  await world.story.declare(...manifestsOf(world.project));
  if (world.past.at(-1) !== world.project) world.past.push(world.project);
  if (manifestsOf(world.project).length === 0) return;
  if (act.do === "apply") {
    const flags = flagsOf(world, act);
    await applied(world, ["apply", "--yes", ...flags], await shown(world, flags), act.trouble);
  } else if (act.do === "plan") await shown(world, [MASS]);
  else if (act.do === "save") {
    const plan = await shown(world, [MASS], "--out", "plan.json");
    if (plan.code === 0) world.saved = { plan };
  } else if (act.do === "saved") {
    const { saved } = world;
    delete world.saved;
    if (saved !== undefined) await applied(world, ["apply", "plan.json"], saved.plan, { what: "nothing" });
  } else if (act.do === "drift") await drifted(world);
  else if (act.do === "validate") await looked(world, 0, "validate");
  rememberLedger(world);
}

function flagsOf(world: World, act: Extract<CommandAct, { do: "apply" }>): readonly string[] {
  const manifests = manifestsOf(world.project);
  const target = act.target === undefined ? undefined : manifests[act.target % Math.max(1, manifests.length)];
  return [
    MASS,
    "--parallelism=2",
    ...(act.prune && target === undefined ? ["--prune"] : []),
    ...(act.overwrite ? ["--on-conflict=overwrite", "--adopt"] : []),
    ...(target === undefined ? [] : ["--target", addressOf(target)]),
  ];
}

/** A command that must write nothing. */
async function looked(world: World, code: number | undefined, ...args: readonly string[]): Promise<Ran> {
  world.story.emulator.clearRequests();
  const ran = await world.story.run(...args);
  expect(writesIn(world), `writes of ${args[0]}`).toEqual([]);
  if (code !== undefined) expect(ran.code, `${args.join(" ")}: ${ran.stderr}`).toBe(code);
  return ran;
}

function writesIn({ story }: World): readonly string[] {
  return story.emulator
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
  nothingOwnIsForeign(world, plan);
  refusesWithReason(world, plan);
  return plan;
}

async function drifted(world: World): Promise<void> {
  const ran = await looked(world, undefined, "drift", "--format", "json");
  expect([0, 2], ran.stderr).toContain(ran.code);
  const { x_rollcall: plan } = JSON.parse(ran.stdout) as { x_rollcall: PlanShown };
  nothingOwnIsForeign(world, { ...plan, changes: [], code: ran.code });
}

async function applied(
  world: World,
  args: readonly string[],
  plan: PlanShown,
  trouble: Trouble,
): Promise<Ran | undefined> {
  const { emulator } = world.story;
  emulator.clearRequests();
  const ran = await inTrouble(world, args, trouble);
  emulator.clearFaults();
  const requests = emulator.requests();
  const changes = enter(world, "us");
  announced(world, plan, changes, args);
  noDuplicate(world);
  if (ran !== undefined) tellsTheTruth(world, ran, args, trouble, requests);
  const isWhole = ran?.code === 0 && !args.includes("--target");
  if (isWhole) world.isLedgerOff = false;
  return ran;
}

async function inTrouble(
  { story }: World,
  args: readonly string[],
  trouble: Trouble,
): Promise<Ran | undefined> {
  const { emulator } = story;
  switch (trouble.what) {
    case "nothing":
      return story.run(...args);
    case "kill": {
      const { side, nth, writes } = trouble;
      return story.cutOff({ side, nth, ...(writes === true ? { writes } : {}) }, ...args);
    }
    case "cut":
      return story.cutOff({ step: trouble.nth }, ...args);
    case "faults":
      for (const fault of trouble.faults) emulator.inject(fault);
      return story.run(...args);
    case "drop":
      emulator.inject({
        match: { writes: true },
        times: trouble.times,
        fault: { kind: "drop-field", field: trouble.field },
      });
      return story.run(...args);
    case "stale":
      emulator.inject({
        match: { writes: true },
        fault: { kind: "slow", milliseconds: 0 },
        onStrike: () =>
          emulator.inject({ match: { method: "GET" }, times: trouble.times, fault: { kind: "stale" } }),
      });
      return story.run(...args);
    case "lag": {
      emulator.lag({ milliseconds: trouble.milliseconds, onlyLists: trouble.onlyLists });
      const ran = await story.run(...args);
      // Once more at once: what cannot be seen yet is not made again.
      await story.run(...args);
      emulator.lag();
      return ran;
    }
  }
}

/** With the trouble over, a plain apply brings everything in order, the second at the latest. */
async function finish(world: World): Promise<string> {
  const { story } = world;
  settleReads(world);
  await story.declare(...manifestsOf(world.project));
  if (manifestsOf(world.project).length === 0) return "empty";
  const plain = ["apply", "--yes", MASS];
  let ran = await applied(world, plain, await shown(world, [MASS]), { what: "nothing" });
  if (ran?.code === 3) ran = await applied(world, plain, await shown(world, [MASS]), { what: "nothing" });
  if (ran?.code === 4) {
    const overwriting = [MASS, "--on-conflict=overwrite", "--adopt"];
    ran = await applied(world, ["apply", "--yes", ...overwriting], await shown(world, overwriting), {
      what: "nothing",
    });
  }
  if (ran?.code === 4)
    return `refused: ${(await shown(world, [MASS])).refusals.map(({ rule }) => rule).join()}`;
  expect(ran?.code, `${ran?.stdout}\n${ran?.stderr}`).toBe(0);
  const again = await shown(world, [MASS]);
  if (world.isPromoted) return "promoted";
  expect(again.refusals).toEqual([]);
  await looked(world, 0, "plan", "--detailed-exitcode", MASS);
  await drifted(world);
  if (!world.isDisturbed) await looked(world, 0, "drift");
  nothingIsLeftOver(world);
  return leftBehind(world);
}

/**
 * With --prune nothing that this project made and nobody declares stays; what is found by its name alone is not deleted
 * by the run that finds it.
 */
async function leftBehind(world: World): Promise<string> {
  const flags = [MASS, "--prune"];
  for (let times = 0; times < 2; times += 1) {
    const plan = await shown(world, flags);
    const ran = await applied(world, ["apply", "--yes", ...flags], plan, { what: "nothing" });
    if (ran?.code !== 0) return `done; prune ended with ${ran?.code}`;
  }
  if (world.wasLedgerOff) return "done";
  const manifests = manifestsOf(world.project);
  const wanted = new Set(manifests.flatMap((one) => standing(world, one, manifests).map(keyOf)));
  const left = world.books
    .live()
    .filter((one) => one.name.startsWith(`${one.kind}-`))
    .filter((one) => one.isMain !== true && !wanted.has(keyOf(one)))
    .filter((one) => world.books.objects.get(keyOf(one))?.maker === "us");
  expect(
    left.map((one) => `${keyOf(one)} ${one.name}`),
    "made by this project, and declared by nobody",
  ).toEqual([]);
  return "done";
}
