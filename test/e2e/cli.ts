import { cpSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { FormatRow } from "../../src/cli/formats/format.ts";
import type { Io } from "../../src/cli/io.ts";
import { derivedKey } from "../../src/model/derived-key.ts";
import type { Runtime } from "../../src/model/runtime.ts";
import { run } from "../../src/cli/program.ts";
import { currentUser } from "../../src/host/processes.ts";
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
} from "../../src/providers/telnyx/emulator/emulator.ts";
import { HASTY } from "../hasty.ts";

export const EXAMPLE = resolve(import.meta.dirname, "../../examples/assistants");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Desk {
  readonly folder: string;
  /** A folder without a project. */
  readonly emptyFolder: string;
  readonly emulator: Emulator;
  /** The environment of its commands. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs one command line in the folder, in this process, and says how it ended. */
  rollcall(...args: readonly string[]): Promise<Ran>;
  /** The same with other variables in the environment. */
  rollcallWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran>;
  /** Runs a command line that must end with this code; what it printed, standard output first. */
  ends(code: number, ...args: readonly string[]): Promise<string>;
  /** Writes that reached the API since the last call. */
  writes(): readonly string[];
  close(): Promise<void>;
}

export const KEY = "KEY0123456789ABCDEF_secret";
/** What plans are sealed with that are made with that key. */
export const PLAN_KEY = derivedKey(KEY, "plan seal");

/** A temporary copy of a project, or an empty folder, with an emulator of its own. */
export async function desk(project?: string, options: EmulatorOptions = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-test-"));
  const emptyFolder = await mkdtemp(join(tmpdir(), "rollcall-empty-"));
  if (project !== undefined) cpSync(project, folder, { recursive: true });
  const emulator = await startEmulator({ seed: 1, ...options });
  const env = { TELNYX_BASE_URL: emulator.url, TELNYX_API_KEY: KEY, TELNYX_STAGING_API_KEY: KEY };
  return {
    folder,
    emptyFolder,
    emulator,
    env,
    rollcall: (...args) => runIn(folder, env, args),
    rollcallWith: (more, ...args) => runIn(folder, { ...env, ...more }, args),
    async ends(code, ...args) {
      const ran = await runIn(folder, env, args);
      const said = ran.stdout + ran.stderr;
      if (ran.code === code) return said;
      throw new Error(`rollcall ${args.join(" ")} ended with ${ran.code} and not ${code}:\n${said}`);
    },
    writes() {
      const writes = emulator.requests().filter(({ method }) => method !== "GET");
      emulator.clearRequests();
      return writes.map(({ method, path }) => `${method} ${path}`);
    },
    async close() {
      await emulator.close();
      for (const made of [folder, emptyFolder]) await rm(made, { recursive: true, force: true });
    },
  };
}

/** A project of these files, applied with these options. */
export async function appliedDesk(
  files: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<Desk> {
  const one = await desk();
  for (const [name, text] of Object.entries(files)) await writeFile(join(one.folder, name), text);
  try {
    await one.ends(0, "apply", "--yes", ...options);
    return one;
  } catch (error) {
    await one.close();
    throw error;
  }
}

/** What is different about the process; `formats` replaces the table of formats. */
type Surroundings = Partial<Io> & { readonly formats?: readonly FormatRow[] };

/** `around` says what is otherwise about the process, such as its clock. */
export async function runIn(
  cwd: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  around: Surroundings = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await rawIn(cwd, env, args, around);
  return { code, stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) };
}

/** A plan reads the same sample of objects in each run. */
const STEADY: Runtime = { ...HASTY, random: () => 0.5 };

/** The same with every character that was printed. */
export async function rawIn(
  cwd: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  around: Surroundings = {},
): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { stdout: "", stderr: "" };
  stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const io: Io = {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env,
    cwd,
    isInteractive: false,
    isTerminal: { stdout: false, stderr: false },
    columns: 100,
    who: "tester",
    host: "here",
    pid: process.pid,
    ...currentUser(),
    runtime: STEADY,
    interruption: () => new AbortController().signal,
    ...around,
  };
  const code = await run(args, io, around.formats);
  return { code, ...texts };
}
