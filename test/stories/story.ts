import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../src/providers/telnyx/emulator/emulator.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { KEY, runIn, type Ran } from "../e2e/cli.ts";
import { NOBODY } from "../ledger/fixtures.ts";
import { type Live, liveObjects } from "./live.ts";
import { type Backend, type BackendName, backendOf } from "./backends.ts";
import { type Clock, startClock } from "./clock.ts";
import { cutAtStep, Killed } from "./cut.ts";
import { photograph } from "./disk.ts";
import { declare, type Kind, type Manifest } from "./manifests.ts";

/** A project, an account and their people, from one command line to the next. */
export interface Story {
  readonly folder: string;
  readonly emulator: Emulator;
  readonly clock: Clock;
  /** The variables that commands are given. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on these are the manifests, and there are no others. */
  declare(...manifests: readonly Manifest[]): Promise<void>;
  /** The same, with more in the `spec` of the project. */
  declareIn(project: JsonObject, ...manifests: readonly Manifest[]): Promise<void>;
  readonly declared: readonly Manifest[];
  /** Runs one command line. */
  run(...args: readonly string[]): Promise<Ran>;
  /** The same, and it has to end with this code. */
  ends(code: number, ...args: readonly string[]): Promise<Ran>;
  /** Runs it until its process is killed at this request; nothing that it does later has any effect. */
  killed(at: Moment, ...args: readonly string[]): Promise<void>;
  /** The same where it may end before that moment comes; then it says how. */
  cutOff(at: Moment | Cut, ...args: readonly string[]): Promise<Ran | undefined>;
  /** A project and an account in which nothing has happened yet. */
  beginAgain(): Promise<void>;
  /** What stands live under this name, which must be one object at most. */
  one(kind: Kind, name: string): Live | undefined;
  /** Its id; there must be one. */
  idOf(kind: Kind, name: string): string;
  all(kind: Kind, name?: string): readonly Live[];
  close(): Promise<void>;
}

/** The request at which a process is killed: before it has taken effect, or after, in both cases without an answer. */
export interface Moment {
  readonly side: "before" | "after";
  readonly method?: string;
  readonly writes?: true;
  readonly path?: string | RegExp;
  readonly nth?: number;
}

/** Between two steps on the files of the ledger, or of the whole project: before the nth. */
export interface Cut {
  readonly step: number;
}

export interface StoryOptions extends EmulatorOptions {
  readonly backend?: BackendName;
  /** Commands change files of the project, too: a killed process leaves them as they are at that moment. */
  readonly changesFiles?: boolean;
}

/** No story is in a repository unless its ledger is, and is spared the time to ask Git at each command. */
const { PATH = "" } = process.env;

export async function openStory(settings: StoryOptions = {}): Promise<Story> {
  const { backend: name = "file", changesFiles = false, ...options } = settings;
  const place = await mkdtemp(join(tmpdir(), "rollcall-story-"));
  const folder = join(place, "project");
  const clock = startClock();
  await declare(folder, { ledger: {} }, []);
  const ledger = await backendOf(name, folder);
  const backend = changesFiles ? { ...ledger, photograph: () => photograph(folder) } : ledger;
  const counted = changesFiles ? `${folder}/` : join(folder, ".rollcall");
  const emulator = await startEmulator({ seed: 1, now: clock.now, ...options });
  const env = { TELNYX_BASE_URL: emulator.url, TELNYX_API_KEY: KEY };
  process.env["PATH"] = name === "git" ? PATH : "";
  let declared: readonly Manifest[] = [];
  const all = (kind: Kind, called?: string) =>
    liveObjects(emulator.state()).filter(
      (object) =>
        object.kind === kind && object.isMain !== true && (called === undefined || object.name === called),
    );
  const run = (...args: readonly string[]) => runIn(folder, env, args, { runtime: clock.runtime });
  const cutOff: Story["cutOff"] = (at, ...args) =>
    killed({ backend, emulator, clock, counted }, at, (around) => runIn(folder, env, args, around));
  const declareIn: Story["declareIn"] = async (project, ...manifests) => {
    declared = manifests;
    await declare(folder, { ...project, ledger: backend.settings }, manifests);
  };
  return {
    folder,
    emulator,
    clock,
    env,
    get declared() {
      return declared;
    },
    declare: (...manifests) => declareIn({}, ...manifests),
    declareIn,
    run,
    async ends(code, ...args) {
      const ran = await run(...args);
      expect(ran.code, `rollcall ${args.join(" ")}\n${ran.stdout}\n${ran.stderr}`).toBe(code);
      return ran;
    },
    async killed(at, ...args) {
      const ran = await cutOff(at, ...args);
      if (ran === undefined) return;
      throw new Error(`it was not killed, and ended with ${ran.code}:\n${ran.stdout}\n${ran.stderr}`);
    },
    cutOff,
    async beginAgain() {
      declared = [];
      emulator.reset();
      await rm(folder, { recursive: true, force: true });
    },
    all,
    one(kind, called) {
      const found = all(kind, called);
      expect(found.length, `objects named ${kind} ${called}`).toBeLessThanOrEqual(1);
      return found[0];
    },
    idOf(kind, called) {
      const [found, ...others] = all(kind, called);
      if (found === undefined || others.length > 0) throw new Error(`${others.length} more than one ${called}`);
      return found.id;
    },
    async close() {
      process.env["PATH"] = PATH;
      await emulator.close();
      await rm(place, { recursive: true, force: true });
    },
  };
}

/** A story that is over with its test. */
export async function story(options: StoryOptions = {}): Promise<Story> {
  const opened = await openStory(options);
  onTestFinished(() => opened.close());
  return opened;
}

interface Scene {
  readonly backend: Backend;
  readonly emulator: Emulator;
  readonly clock: Clock;
  /** The beginning of the paths of files whose changes are counted. */
  readonly counted: string;
}

/**
 * What is kept is photographed at that moment. From then on the run reaches nobody and waits for nothing, and what it
 * still writes is put back: all that is left is what a killed process leaves.
 */
async function killed(
  { backend, emulator, clock, counted }: Scene,
  at: Moment | Cut,
  start: (around: Parameters<typeof runIn>[3]) => Promise<Ran>,
): Promise<Ran | undefined> {
  let putBack: (() => void) | undefined;
  const die = () => {
    putBack = backend.photograph();
    emulator.inject({ times: "always", fault: { kind: "reset-before" } });
  };
  if (!("step" in at)) {
    const { side, ...match } = at;
    const kind = side === "before" ? "reset-before" : "reset-after";
    emulator.inject({ match, fault: { kind }, onStrike: die });
  }
  const { runtime } = clock;
  const sleep: typeof runtime.sleep = (milliseconds, signal) => {
    if (putBack !== undefined && signal === undefined) throw new Killed();
    return runtime.sleep(milliseconds, signal);
  };
  const heal = "step" in at ? cutAtStep(counted, at.step, die) : () => undefined;
  try {
    const ran = await start({ pid: NOBODY, runtime: { ...runtime, sleep } }).catch((error: unknown) => {
      if (error instanceof Killed || putBack !== undefined) return undefined;
      throw error;
    });
    if (putBack === undefined) return ran;
  } finally {
    heal();
    emulator.clearFaults();
  }
  putBack();
  if (!backend.knowsProcesses) clock.pass(120_000);
  return undefined;
}
