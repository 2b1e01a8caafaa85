import { mkdtemp, readFile, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn } from "../e2e/cli.ts";
import { copiesAtChanges, copiesAtRequests, type CrashCopy } from "../resilience/crash-copies.ts";
import { openPlace, placeIn, type Place, type Scene } from "../resilience/crash-scene.ts";
import { atAll, killedAtRequest, MINUTES, requestsTo } from "../resilience/crash.ts";
import { builtProgram, type Ended, type Program } from "../resilience/program.ts";
import { spread } from "../resilience/spread.ts";
import { httpTo } from "./http.ts";
import { makeSmallAccount, SMALL_ACCOUNT } from "./small-account.ts";
import { manifestsIn, treeOf } from "../file-tree.ts";

const KILL = join(import.meta.dirname, "../resilience/kill-in-folder.mjs");

/** An empty folder beside a living account. */
async function emptyFolder(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-pull-crash-"));
  const [project, dataFile] = [await mkdtemp(join(folder, "project-")), join(folder, "live.jsonl")];
  const emulator = await startEmulator({ seed: 1, dataFile });
  await makeSmallAccount(httpTo(emulator.url));
  await emulator.close();
  return {
    project,
    live: await readFile(dataFile, "utf8"),
    ledger: { name: "production.json" },
    args: ["pull", "--parallelism", "1"],
  };
}

interface Rehearsed {
  readonly program: Program;
  readonly scene: Scene;
  readonly manifests: Readonly<Record<string, string>>;
  readonly requests: readonly string[];
  readonly changes: readonly string[];
}

async function rehearse(): Promise<Rehearsed> {
  const [program, scene] = [await builtProgram(), await emptyFolder()];
  const place = await openPlace(scene);
  try {
    const log = join(place.folder, "../changes.log");
    const run = await place.start(program, { env: { KILL_AT: "0", KILL_LOG: log }, first: [KILL] }).ended;
    expect(run, run.stderr).toMatchObject({ code: 0 });
    const changes = (await readFile(log, "utf8")).trimEnd().split("\n");
    const requests = requestsTo(place);
    expect(requests.every((line) => line.startsWith("GET "))).toBe(true);
    return { program, scene, manifests: manifestsIn(place.folder), requests, changes };
  } finally {
    await place.close();
  }
}

/** Killed, and then looked at by the next command: either nothing is there or everything. */
async function survived(
  { scene, manifests }: Rehearsed,
  kill: (place: Place) => Promise<Ended>,
): Promise<boolean> {
  const place = await openPlace(scene);
  try {
    const killed = await kill(place);
    expect(killed.signal, `it ended with ${killed.code}: ${killed.stderr}`).toBe("SIGKILL");
    return await isPulled(place, { scene, manifests });
  } finally {
    await place.close();
  }
}

/** Whether everything is there, and not nothing; then the next pull finishes. */
async function isPulled(
  place: Place,
  { scene, manifests }: Pick<Rehearsed, "scene" | "manifests">,
): Promise<boolean> {
  const around = { host: hostname() };
  const env = { TELNYX_BASE_URL: place.emulator.url, TELNYX_API_KEY: KEY };
  const plan = await runIn(place.folder, env, ["plan", "--detailed-exitcode"], around);
  // The folder of the ledger may be there: a killed process cannot remove it.
  const { ".rollcall/": _, ...left } = manifestsIn(place.folder);
  const isDone = Object.keys(left).length > 0;
  expect(left).toEqual(isDone ? manifests : {});
  expect(plan.code, plan.stderr).toBe(isDone ? 0 : 1);
  expect(entriesIn(place.folder)).toBe(isDone ? SMALL_ACCOUNT : 0);
  const again = await place.again();
  expect(again.code, again.stderr).toBe(0);
  expect(manifestsIn(place.folder)).toEqual(manifests);
  expect(await place.files()).toEqual([scene.ledger.name]);
  return isDone;
}

function entriesIn(folder: string): number {
  const { ".rollcall/production.json": ledger, ".rollcall/production.log.jsonl": log } = treeOf(folder);
  const text = ledger ?? log;
  return text === undefined ? 0 : (text.match(/"observed"/g) ?? []).length;
}

/** A real process is killed at some requests and changes to files. */
export function survivesKills(count: number): void {
  describe("a pull into an empty folder", () => {
    let rehearsed: Rehearsed | undefined;
    beforeAll(async () => {
      rehearsed = await rehearse();
    });
    afterAll(async () => {
      if (rehearsed !== undefined) await rm(join(rehearsed.scene.project, ".."), { recursive: true });
    });
    const known = () => {
      if (rehearsed === undefined) throw new Error("there was no rehearsal");
      return rehearsed;
    };

    test("killed before some changes to files", { timeout: 10 * MINUTES }, async () => {
      const { program, changes } = known();
      const done: boolean[] = [];
      const kill = (nth: number) => (place: Place) =>
        place.start(program, { env: { KILL_AT: String(nth) }, first: [KILL] }).ended;
      await atAll(
        spread(
          [...changes.keys()].map((index) => index + 1),
          count,
        ),
        async (nth) => void done.push(await survived(known(), kill(nth))),
        (nth) => `before change ${nth}, ${changes[nth - 1]}`,
      );
      expect(new Set(done)).toEqual(new Set([true, false]));
    });

    test("killed while it waits for some answers", { timeout: 10 * MINUTES }, async () => {
      const { program, requests } = known();
      await atAll(
        spread(
          [...requests.keys()].map((index) => index + 1),
          count,
        ),
        async (nth) => {
          const isDone = await survived(known(), (place) =>
            killedAtRequest(program, place, { side: "before", nth }),
          );
          expect(isDone).toBe(false);
        },
        (nth) => `at request ${nth}, ${requests[nth - 1]}`,
      );
    });
  });
}

/** What a killed process leaves at every one of these moments; the moments are copies of one run. */
export function survivesEveryMoment(): void {
  describe("a pull into an empty folder", () => {
    let built: { readonly program: Program; readonly scene: Scene } | undefined;
    beforeAll(async () => {
      built = { program: await builtProgram(), scene: await emptyFolder() };
    });
    afterAll(async () => {
      if (built !== undefined) await rm(join(built.scene.project, ".."), { recursive: true });
    });
    const known = () => {
      if (built === undefined) throw new Error("there is no scene");
      return built;
    };

    test("what is left before and after every change to a file", { timeout: 10 * MINUTES }, async () => {
      const { program, scene } = known();
      const done: boolean[] = [];
      await copiesAtChanges(program, scene, { module: KILL, counts: "0" }, async (place, copies) => {
        await pulledFromAll(scene, place, copies, (isDone) => done.push(isDone));
      });
      expect(new Set(done)).toEqual(new Set([true, false]));
    });

    test("what is left before every request", { timeout: 10 * MINUTES }, async () => {
      const { program, scene } = known();
      await copiesAtRequests(program, scene, async (place, copies) => {
        const lines = place.emulator.requests().map(({ method }) => method);
        expect(new Set(lines)).toEqual(new Set(["GET"]));
        expect(copies).toHaveLength(lines.length);
        await pulledFromAll(scene, place, copies, (isDone) => expect(isDone).toBe(false));
      });
    });
  });
}

async function pulledFromAll(
  scene: Scene,
  whole: Place,
  copies: readonly CrashCopy[],
  tell: (isDone: boolean) => void,
): Promise<void> {
  const manifests = manifestsIn(whole.folder);
  const work = async ({ folder }: CrashCopy) => {
    const place = await placeIn(folder, scene);
    try {
      tell(await isPulled(place, { scene, manifests }));
    } finally {
      await place.close();
    }
  };
  await atAll(copies, work, ({ name }) => name);
}
