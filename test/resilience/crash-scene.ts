import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { logPath } from "../../src/ledger/file/log.ts";
import { parseLedger } from "../../src/ledger/format.ts";
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
} from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn } from "../e2e/cli.ts";
import { declare, scenario } from "./scenarios.ts";
import { pictureOf, type Picture } from "./state-snapshot.ts";
import type { Program, Running, Settings } from "./program.ts";
import { startOf } from "./scenario-run.ts";

/** A project on disk with what is live and in its ledger: the place from which runs of one command start. */
export interface Scene {
  /** With the manifests, without a ledger. */
  readonly project: string;
  /** The emulator's file; empty for an empty account. */
  readonly live: string;
  /** `log`: what a killed run has left beside its file. */
  readonly ledger: {
    readonly name: string;
    readonly text?: string | undefined;
    readonly log?: string | undefined;
  };
  readonly args: readonly string[];
}

interface PlaceSettings extends Settings {
  /** Instead of those of the scene. */
  readonly args?: readonly string[];
}

/** One run of it, in a folder and with an emulator of its own. */
export interface Place {
  readonly folder: string;
  /** The folder around it, in which the file of the emulator is, too. */
  readonly surrounding: string;
  readonly emulator: Emulator;
  /** A real process. */
  start(program: Program, settings?: PlaceSettings): Running;
  /** The same command line again, in this process. */
  again(): ReturnType<typeof runIn>;
  /** Fails when the ledger is not whole. */
  picture(): Promise<Picture>;
  /** What is live and in the ledger now, for other runs to start from. */
  leftovers(): Promise<Scene>;
  /** What lies beside the ledger, itself included. */
  files(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const STEADY_SAMPLE = join(import.meta.dirname, "steady-sample.mjs");
const NOON = Date.UTC(2026, 5, 1, 12);

export async function openPlace(scene: Scene, options: EmulatorOptions = {}): Promise<Place> {
  const { project, live, ledger } = scene;
  const folder = await mkdtemp(join(tmpdir(), "rollcall-crash-"));
  const { inner, dataFile, beside } = partsOf(folder);
  await cp(project, inner, { recursive: true });
  if (live !== "") await writeFile(dataFile, live);
  if (ledger.text !== undefined || ledger.log !== undefined) await mkdir(beside);
  if (ledger.text !== undefined) {
    await writeFile(join(beside, ledger.name), ledger.text);
  }
  if (ledger.log !== undefined) await writeFile(logPath(join(beside, ledger.name)), ledger.log);
  return placeIn(folder, scene, options);
}

function partsOf(folder: string) {
  const inner = join(folder, "project");
  return { inner, dataFile: join(folder, "live.jsonl"), beside: join(inner, ".rollcall") };
}

/** In a folder that is such a place already; it is removed in the end. */
export async function placeIn(
  folder: string,
  { project, ledger, args }: Scene,
  options: EmulatorOptions = {},
): Promise<Place> {
  const { inner, dataFile, beside } = partsOf(folder);
  const emulator = await startEmulator({ seed: 1, dataFile, now: () => NOON, ...options });
  const env = { TELNYX_BASE_URL: emulator.url, TELNYX_API_KEY: KEY, TELNYX_STAGING_API_KEY: KEY };
  const textOf = (path: string) => readFile(path, "utf8").catch(() => undefined);
  const state = async () => {
    const text = await textOf(join(beside, ledger.name));
    return text === undefined ? undefined : parseLedger(text, ledger.name);
  };
  return {
    folder: inner,
    surrounding: folder,
    emulator,
    start: (program, { args: own = args, first = [], ...settings } = {}) =>
      program.start(inner, own, {
        ...settings,
        first: [STEADY_SAMPLE, ...first],
        env: { ...env, ...settings.env },
      }),
    again: () => runIn(inner, env, args, { host: hostname() }),
    picture: async () => pictureOf(emulator.state(), await state()),
    leftovers: async () => ({
      project,
      live: await readFile(dataFile, "utf8"),
      ledger: {
        name: ledger.name,
        text: await textOf(join(beside, ledger.name)),
        log: await textOf(logPath(join(beside, ledger.name))),
      },
      args,
    }),
    files: () => readdir(beside).catch(() => []),
    async close() {
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A change to the office, with its manifests in a folder that the caller removes. */
export async function officeScene(name: string): Promise<Scene> {
  const planned = scenario(name);
  const { prune, onConflict, allowMassChange } = planned.choices;
  const { live, ledger: text } = await startOf(planned);
  const project = await mkdtemp(join(tmpdir(), "rollcall-office-"));
  await declare(project, planned.after);
  return {
    project,
    live,
    ledger: { name: "default.json", text },
    args: [
      "apply",
      "--yes",
      "--parallelism=1",
      `--on-conflict=${onConflict}`,
      ...(prune ? ["--prune"] : []),
      ...(allowMassChange ? ["--allow-mass-change"] : []),
    ],
  };
}
