import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { Fault } from "../../src/providers/telnyx/emulator/faults.ts";
import { atOnce } from "./at-once.ts";
import type { CrashCopy } from "./crash-copies.ts";
import { openPlace, placeIn, type Place, type Scene } from "./crash-scene.ts";
import type { Picture } from "./state-snapshot.ts";
import type { Ended, Program, Running } from "./program.ts";

/** What an undisturbed run sends and leaves behind. */
export interface Rehearsed {
  readonly scene: Scene;
  readonly after: Picture;
  readonly requests: readonly string[];
  /** How often the ledger learnt something. */
  readonly saves: number;
}

/** A moment to kill at. */
export interface Point {
  readonly side: "before" | "after";
  readonly nth: number;
}

const SIDE_BY_SIDE = 2;
export const MINUTES = 60_000;
/** What ends a process in the middle of its work on the ledger. */
export const KILL_AT = join(import.meta.dirname, "kill-at.mjs");

export async function rehearse(
  scene: Scene,
  program: Program,
  env: Readonly<Record<string, string>> = {},
): Promise<Rehearsed> {
  const place = await openPlace(scene);
  try {
    const log = join(await mkdtemp(join(tmpdir(), "rollcall-saves-")), "log");
    const counting = { KILL_AT: "save:before:0", KILL_LOG: log, ...env };
    const run = await place.start(program, { env: counting, first: [KILL_AT] }).ended;
    expect(run, run.stderr).toMatchObject({ code: 0 });
    const requests = requestsTo(place);
    const saves = (await readFile(log, "utf8").catch(() => "")).split("\n").length - 1;
    await rm(dirname(log), { recursive: true });
    const after = await place.picture();
    expect(await place.files(), "files of an undisturbed run").toEqual([scene.ledger.name]);
    return { scene, after, requests, saves };
  } finally {
    await place.close();
  }
}

export function requestsTo({ emulator }: Place): readonly string[] {
  return emulator.requests().map(({ method, path }) => `${method} ${path}`);
}

/** Killed while the nth request waits for its answer: with `before` it has had no effect, with `after` it has. */
export async function killedAtRequest(
  program: Program,
  place: Place,
  { side, nth }: Point,
  match: Fault["match"] = {},
): Promise<Ended> {
  const { emulator } = place;
  emulator.inject({
    match: { ...match, nth },
    fault: { kind: side === "before" ? "timeout-before" : "timeout-after" },
  });
  const run = place.start(program);
  await until(() => emulator.faults().length === 0, run);
  run.child.kill("SIGKILL");
  return run.ended;
}

/** Waits until it is so, or until the process has ended. */
export async function until(isSo: () => boolean, { ended }: Running): Promise<void> {
  const over = ended.then(() => true);
  const pause = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 2));
  while (!isSo() && !(await Promise.race([over, pause()])));
}

/** Killed by `kill`, and then run again to the end: nothing of it may show. */
export async function ordeal(
  { scene, after }: Rehearsed,
  kill: (place: Place) => Promise<Ended | undefined>,
): Promise<void> {
  const place = await openPlace(scene);
  try {
    const killed = await kill(place);
    if (killed === undefined) return;
    expect(killed.signal, `it ended with ${killed.code}: ${killed.stderr}`).toBe("SIGKILL");
    await finishes(place, { scene, after });
  } finally {
    await place.close();
  }
}

/** The same for what a run has left that was killed. */
export async function finishesFrom(
  { folder }: CrashCopy,
  { scene, after }: Pick<Rehearsed, "scene" | "after">,
): Promise<void> {
  const place = await placeIn(folder, scene);
  try {
    await finishes(place, { scene, after });
  } finally {
    await place.close();
  }
}

/** The next run of the same command takes over the lock, and leaves what an undisturbed run leaves. */
async function finishes(place: Place, { scene, after }: Pick<Rehearsed, "scene" | "after">): Promise<void> {
  const isLocked = (await place.files()).includes(`${scene.ledger.name}.lock`);
  const again = await place.again();
  expect(again.code, again.stderr).toBe(0);
  if (isLocked) expect(again.stderr).toMatch(/was taken over: its process is no longer running/);
  expect(await place.picture(), "as after an undisturbed run").toEqual(after);
  expect(await place.files(), "files beside the ledger").toEqual([scene.ledger.name]);
}

export function atAll<T>(
  points: readonly T[],
  work: (point: T) => Promise<void>,
  name: (point: T) => string,
): Promise<void> {
  return atOnce(SIDE_BY_SIDE, points, async (point) => {
    await work(point).catch((error: unknown) => {
      if (error instanceof Error) error.message = `killed ${name(point)}: ${error.message}`;
      throw error;
    });
  });
}

/** What a run leaves that is killed when its first creation has taken effect. */
export async function afterKill(from: Scene, program: Program): Promise<Scene> {
  const place = await openPlace(from);
  try {
    await killedAtRequest(program, place, { side: "after", nth: 1 }, { method: "POST" });
    const scene = await place.leftovers();
    expect(scene.ledger.log, "what it set out to do").toContain('"intended"');
    return scene;
  } finally {
    await place.close();
  }
}
