import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn } from "../e2e/cli.ts";
import { manifestsIn, treeOf } from "../file-tree.ts";
import { openPlace, type Place, type Scene } from "../resilience/crash-scene.ts";
import { atAll, MINUTES } from "../resilience/crash.ts";
import { builtProgram, type Program } from "../resilience/program.ts";
import { spread } from "../resilience/spread.ts";
import { httpTo } from "./http.ts";
import { makeSmallAccount } from "./small-account.ts";
import { twoAccounts } from "./two-accounts.ts";

const KILL = join(import.meta.dirname, "../resilience/kill-in-folder.mjs");

/** A project that has production, beside the living account of staging. */
async function secondAccount(): Promise<Scene> {
  const around = await mkdtemp(join(tmpdir(), "rollcall-environment-crash-"));
  const [project, dataFile] = [join(around, "project"), join(around, "live.jsonl")];
  const staging = await startEmulator({ seed: 2, dataFile });
  const http = httpTo(staging.url);
  await makeSmallAccount(http);
  const [first] = staging.state().assistants;
  await http.post("/ai/tools", {
    type: "webhook",
    display_name: "Try out",
    webhook: { name: "try_out", description: "Tries.", url: "https://try.example" },
  });
  staging.portal.edit("Assistant", first?.id ?? "", {
    instructions: "You answer in staging.",
    greeting: "Hello",
  });
  await staging.close();
  const here = await twoAccounts();
  try {
    await makeSmallAccount(here.http("production"));
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await cp(here.folder, project, { recursive: true });
  } finally {
    await here.close();
  }
  const live = await readFile(dataFile, "utf8");
  return {
    project,
    live,
    ledger: { name: "staging.json" },
    args: ["pull", "--env", "staging", "--parallelism", "1"],
  };
}

interface Rehearsed {
  readonly program: Program;
  readonly scene: Scene;
  readonly after: Readonly<Record<string, string>>;
  readonly changes: readonly string[];
}

async function rehearse(): Promise<Rehearsed> {
  const [program, scene] = [await builtProgram(), await secondAccount()];
  const place = await openPlace(scene);
  try {
    const log = join(place.surrounding, "changes.log");
    const run = await place.start(program, { env: { KILL_AT: "0", KILL_LOG: log }, first: [KILL] }).ended;
    expect(run, run.stderr).toMatchObject({ code: 0 });
    const changes = (await readFile(log, "utf8")).trimEnd().split("\n");
    return { program, scene, after: manifestsIn(place.folder), changes };
  } finally {
    await place.close();
  }
}

/** A real process is killed before some changes to files. */
export function survivesKillsOfSecond(count = Infinity): void {
  describe("a pull of a second environment", () => {
    let rehearsed: Rehearsed | undefined;
    beforeAll(async () => {
      rehearsed = await rehearse();
    });
    afterAll(async () => {
      if (rehearsed !== undefined) await rm(join(rehearsed.scene.project, ".."), { recursive: true });
    });

    test(
      "killed before changes to files, it is done or undone by the next command",
      { timeout: 10 * MINUTES },
      async () => {
        if (rehearsed === undefined) throw new Error("there was no rehearsal");
        const { program, scene, after, changes } = rehearsed;
        const done: boolean[] = [];
        await atAll(
          spread(
            [...changes.keys()].map((index) => index + 1),
            count,
          ),
          async (nth) => {
            const place = await openPlace(scene);
            try {
              const run = await place.start(program, { env: { KILL_AT: String(nth) }, first: [KILL] }).ended;
              expect(run.signal, run.stderr).toBe("SIGKILL");
              done.push(await isDone(place, scene, after));
            } finally {
              await place.close();
            }
          },
          (nth) => `before change ${nth}, ${changes[nth - 1]}`,
        );
        expect(new Set(done)).toEqual(new Set([true, false]));
      },
    );
  });
}

/** Whether everything is there, and not nothing; then the next pull finishes. */
async function isDone(place: Place, scene: Scene, after: Rehearsed["after"]): Promise<boolean> {
  const env = { TELNYX_BASE_URL: place.emulator.url, TELNYX_API_KEY: KEY, TELNYX_STAGING_API_KEY: KEY };
  await runIn(place.folder, env, ["drift", "--env", "staging"], { host: hostname() });
  const known = isKnown(place.folder);
  expect(manifestsIn(place.folder)).toEqual(known ? after : manifestsIn(scene.project));
  const again = await place.again();
  expect(again.code, again.stdout + again.stderr).toBe(0);
  expect(manifestsIn(place.folder)).toEqual(after);
  const plan = await runIn(place.folder, env, ["plan", "--env", "staging", "--detailed-exitcode"], {
    host: hostname(),
  });
  expect(plan.code, plan.stdout + plan.stderr).toBe(0);
  return known;
}

/** The ledger has learned of the pull: not its lock, nor what it writes before. */
function isKnown(folder: string): boolean {
  const { ".rollcall/staging.json": ledger, ".rollcall/staging.log.jsonl": log } = treeOf(folder);
  return `${ledger ?? ""}${log ?? ""}`.includes('"observed"');
}
