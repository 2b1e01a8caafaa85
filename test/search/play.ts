import { expect } from "vitest";
import type { Ran } from "../e2e/cli.ts";
import { asShown, firstLack } from "../model/live.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { Act, CommandAct, Trouble } from "./acts.ts";
import { addressOf, type Manifest, resolved } from "../stories/manifests.ts";
import { photograph } from "../stories/disk.ts";
import type { PlanShown, Story } from "../stories/story.ts";
import { type Change, type Known, keyOf, overlaps, rawPath } from "./judge.ts";
import { inPortal } from "./people.ts";
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
    case "destroy":
    case "apply":
      await command(world, act);
      return;
    case "lose":
      rememberLedger(world);
      photographOf(world, "nothing")();
      world.isLedgerOff = world.isDisturbed = true;
      return;
    case "restore":
      world.ledgers.at(-act.back)?.();
      world.isLedgerOff = world.isDisturbed = true;
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

function photographOf({ story }: World, what: "ledger" | "nothing"): () => void {
  return photograph(what === "ledger" ? `${story.folder}/${LEDGER}` : `${story.folder}/${LEDGER}/nothing`);
}

function rememberLedger(world: World): void {
  world.ledgers.push(photographOf(world, "ledger"));
}

async function command(world: World, act: CommandAct): Promise<void> {
  await world.story.declare(...manifestsOf(world.project));
  world.past.push(world.project);
  if (world.project.size === 0) return;
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
    ...(act.overwrite ? ["--on-conflict=overwrite"] : []),
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

/** Where it says drift or conflict, somebody else has written; what it calls deleted or new, somebody else has made so. */
function nothingOwnIsForeign(world: World, { changes, drift }: PlanShown): void {
  if (world.isLedgerOff || world.isPromoted) return;
  const claimed = [...changes, ...drift].flatMap((one) =>
    one.changes
      .filter((change) => change.class === "drift" || change.class === "conflict")
      .map((change) => ({ ...one, change })),
  );
  for (const { address, id, change } of claimed) {
    const kind = address.split("/")[0] ?? "";
    const object = world.books.objects.get(keyOf({ kind, id: id ?? "" }));
    if (object === undefined) continue;
    const path = rawPath(kind, change.path);
    const isTheirs = [...object.paths].some(([own, mark]) => overlaps(own, path) && mark.who === "them");
    const isGone = referredTo(world, kind, path);
    expect(
      isTheirs || isGone,
      `${address} ${change.path} is called ${change.class}, and nobody else wrote it`,
    ).toBe(true);
  }
  for (const one of drift) {
    const object = world.books.objects.get(keyOf({ kind: one.address.split("/")[0] ?? "", id: one.id }));
    if (one.what === "deleted")
      expect(object?.endedBy ?? "them", `${one.address} is called deleted outside Git`).toBe("them");
  }
}

/** An id of something that somebody deleted is replaced by that of its successor. */
function referredTo(world: World, kind: string, path: string): boolean {
  if (kind !== "Assistant" || !/^\/(?:tool_ids|tools|mcp_servers)/.test(path)) return false;
  return [...world.books.objects.values()].some(({ endedBy }) => endedBy === "them");
}

/** What may be refused although nobody else was at work: what is protected, still in use, or moved without a word. */
const OWN_REASONS = new Set(["protected", "referenced", "canary", "empty", "foreign"]);

function refusesWithReason(world: World, { refusals }: PlanShown): void {
  if (world.isDisturbed) return;
  const others = refusals.filter(({ rule }) => !OWN_REASONS.has(rule));
  expect(others, "refused where nobody else was at work").toEqual([]);
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

/** What of somebody else's is written over or removed was shown in the plan, and what they made stays. */
function announced(world: World, plan: PlanShown, changes: readonly Change[], args: readonly string[]): void {
  if (world.isPromoted) return;
  const adopted = new Set(plan.changes.filter(({ action }) => action === "adopt").map(({ id }) => id));
  const isOverwriting = args.includes("--on-conflict=overwrite");
  for (const { object, what, path, before } of changes) {
    const name = `${object.kind} ${object.id}`;
    if (what === "ended") {
      const isOurs = object.maker === "us" || object.isAdopted;
      const isBelow = isBelowWhatWentWith(world, object) || (object.kind === "CanaryDeploy" && isOverwriting);
      expect(isOurs || isBelow, `${name}, which somebody else made, was deleted`).toBe(true);
    }
    if (what !== "changed" || path === undefined || before?.who !== "them" || before.value === undefined)
      continue;
    const about = plan.changes.filter(({ id }) => id === object.id || object.id.startsWith(`${id}/`));
    const isShown = about.some((one) =>
      one.changes.some((change) => overlaps(rawPath(object.kind, change.path), path)),
    );
    const isDeleted = about.some(({ action }) => action === "delete" || action === "replace");
    expect(isShown || isDeleted, `${name} ${path}, which somebody else wrote, was changed unannounced`).toBe(
      true,
    );
  }
  for (const object of world.books.objects.values()) if (adopted.has(object.id)) object.isAdopted = true;
}

function isBelowWhatWentWith(world: World, { id, kind }: Known): boolean {
  const parent = id.split("/")[0] ?? "";
  if (kind !== "AssistantVersion" && kind !== "CanaryDeploy") return false;
  return world.books.objects.get(keyOf({ kind: "Assistant", id: parent }))?.isAlive === false;
}

/** Of what this project made, no two bear one name. */
function noDuplicate(world: World): void {
  const names = world.books
    .live()
    .filter((one) => one.kind !== "CanaryDeploy" && world.books.objects.get(keyOf(one))?.maker === "us")
    .filter(({ kind }) => kind !== "AssistantVersion" || !world.isPromoted)
    .filter(({ name }) => /^(?:Assistant|Tool|McpServer)/.test(name))
    .map(({ kind, id, name }) => `${kind} ${id.includes("/") ? `${id.split("/")[0]} ` : ""}${name}`);
  expect(
    names.filter((name, index) => names.indexOf(name) !== index),
    "made twice",
  ).toEqual([]);
}

function tellsTheTruth(
  world: World,
  { code, stderr, stdout }: Ran,
  args: readonly string[],
  trouble: Trouble,
  requests: ReturnType<Story["emulator"]["requests"]>,
): void {
  const said = `${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`;
  expect([0, 1, 3, 4], said).toContain(code);
  const wrote = requests.filter((one) => one.wrote && !one.replayed).map(({ path }) => path);
  if (code === 1 || (code === 4 && trouble.what !== "lag")) expect(wrote, said).toEqual([]);
  if (trouble.what === "nothing" && code === 3) expect(world.isDisturbed || hadTrouble(world), said).toBe(true);
  if (code === 0 && !args.includes("--target") && args[1] === "--yes") expect(lacksOf(world), said).toEqual([]);
}

/** A run before may have left what the next one stumbles over, once. */
const hadTrouble = (world: World) => world.past.length > 1;

/** What is declared and not live as declared; seen without the engine's own eyes. */
export function lacksOf(world: World): readonly string[] {
  if (world.isPromoted) return [];
  const manifests = manifestsOf(world.project);
  return manifests.flatMap((manifest) => {
    const candidates = standing(world, manifest, manifests);
    const wanted = (target: string) => idOf(world, target, manifests);
    const lacks = candidates.map((live) =>
      firstLack(asShown(manifest.kind, resolved(manifest.spec, wanted) as JsonObject), live.raw),
    );
    if (candidates.length === 0) return [`${addressOf(manifest)} is not live`];
    return lacks.includes(undefined) ? [] : [`${addressOf(manifest)}${lacks[0] ?? ""}`];
  });
}

function standing(world: World, { kind, spec }: Manifest, all: readonly Manifest[]) {
  const live = world.books.live().filter((one) => one.kind === kind && one.isMain !== true);
  const above = (spec["assistant"] as { readonly ref?: string } | undefined)?.ref;
  const parent = above === undefined ? undefined : idOf(world, above, all);
  if (kind === "CanaryDeploy") return live.filter(({ id }) => id === parent);
  const name = spec["name"] ?? spec["display_name"] ?? spec["version_name"];
  const found = live.filter(
    (one) => one.name === name && (kind !== "AssistantVersion" || one.id.startsWith(`${parent}/`)),
  );
  const rank = (one: { readonly kind: string; readonly id: string }) => {
    const known = world.books.objects.get(keyOf(one));
    return known?.maker === "us" || known?.isAdopted === true ? 0 : 1;
  };
  return found.toSorted((a, b) => rank(a) - rank(b));
}

function idOf(world: World, address: string, all: readonly Manifest[]): string {
  const manifest = all.find((one) => addressOf(one) === address);
  const [live] = manifest === undefined ? [] : standing(world, manifest, all);
  return live?.id.split("/").at(-1) ?? `nothing for ${address}`;
}

/** With the trouble over, a plain apply brings everything in order, the second at the latest. */
async function finish(world: World): Promise<string> {
  const { story } = world;
  settleReads(world);
  await story.declare(...manifestsOf(world.project));
  if (world.project.size === 0) return "empty";
  const plain = ["apply", "--yes", MASS];
  let ran = await applied(world, plain, await shown(world, [MASS]), { what: "nothing" });
  if (ran?.code === 3) ran = await applied(world, plain, await shown(world, [MASS]), { what: "nothing" });
  if (ran?.code === 4) {
    const overwriting = [MASS, "--on-conflict=overwrite"];
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
  nothingIsLeftOver(world);
  return leftBehind(world);
}

/** What the API has an empty value for; other fields are released, which the plan shows. */
const CLEARED: Readonly<Record<string, readonly string[]>> = {
  Assistant: ["greeting", "tags", "dynamic_variables", "tools", "tool_ids", "mcp_servers"],
  McpServer: ["allowed_tools"],
};

/** What this project wrote and nobody declares any more is not live; where it was left to others it is theirs. */
function nothingIsLeftOver(world: World): void {
  const manifests = manifestsOf(world.project);
  for (const manifest of manifests) {
    const [live] = standing(world, manifest, manifests);
    const object = live === undefined ? undefined : world.books.objects.get(keyOf(live));
    const item = world.project.get(addressOf(manifest) as `${string}/${string}`);
    if (object === undefined || item === undefined) continue;
    const left = [...object.paths].filter(([path, { who, value }]) => {
      const [, key = "", inner] = path.split("/");
      if (who !== "us" || value === undefined || CLEARED[manifest.kind]?.includes(key) !== true) return false;
      if (world.leftToOthers.has(`${item.uid} ${key}`)) return false;
      const declared = manifest.spec[key];
      if (declared === undefined) return true;
      if (key === "tags") return !(declared as readonly unknown[]).includes(inner);
      return key === "dynamic_variables" && inner !== undefined && !Object.hasOwn(declared as object, inner);
    });
    expect(
      left.map(([path, { value }]) => `${addressOf(manifest)} ${path} ${JSON.stringify(value)}`),
      "left over",
    ).toEqual([]);
  }
}

/** With --prune nothing that this project made and nobody declares stays. */
async function leftBehind(world: World): Promise<string> {
  const flags = [MASS, "--prune"];
  const ran = await applied(world, ["apply", "--yes", ...flags], await shown(world, flags), {
    what: "nothing",
  });
  if (ran?.code !== 0) return `done; prune ended with ${ran?.code}`;
  if (world.ledgers.length > 0 && world.isDisturbed) return "done";
  const manifests = manifestsOf(world.project);
  const wanted = new Set(manifests.flatMap((one) => standing(world, one, manifests).map(keyOf)));
  const left = world.books
    .live()
    .filter((one) => one.kind !== "AssistantVersion" || /^AssistantVersion/.test(one.name))
    .filter((one) => one.isMain !== true && !wanted.has(keyOf(one)))
    .filter((one) => world.books.objects.get(keyOf(one))?.maker === "us");
  expect(
    left.map((one) => `${keyOf(one)} ${one.name}`),
    "made by this project, and declared by nobody",
  ).toEqual([]);
  return "done";
}
