import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import { runtime } from "../../src/host/runtime.ts";
import { KEY, rawIn, type Ran } from "../e2e/cli.ts";
import { unsafe } from "../security/hostile-text.ts";
import { OUTSIDE, type Sandbox } from "./sandbox.ts";

const MAIN = resolve(import.meta.dirname, "../../dist/cli/main.js");
const GUARD = resolve(import.meta.dirname, "guard.mjs");

export interface Command {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it may connect to, on this machine. */
  readonly ports: readonly number[];
  /** As a process of its own, from what was built. */
  readonly isProcess: boolean;
}

interface Rules {
  readonly folders: readonly string[];
  readonly ports: readonly number[];
  readonly secrets: readonly string[];
  /** Where Git may find a secret. */
  readonly gitVariables: readonly string[];
}

/** What `guard.mjs` leaves for who is in the same process. */
interface Guard {
  watch(rules: Rules): () => readonly string[];
}

export const FORGE_TOKEN = ["gh", "p_of-the-fuzzer"].join("");

interface Ended extends Ran {
  readonly breaches: readonly string[];
}

/** Runs one command, and says what should not have happened. */
export async function faultsOf(command: Command, sandbox: Sandbox): Promise<readonly string[]> {
  const env = {
    HOME: sandbox.home,
    XDG_CACHE_HOME: join(sandbox.home, ".cache"),
    PATH: process.env["PATH"] ?? "",
    TMPDIR: sandbox.scratch,
    GIT_CONFIG_NOSYSTEM: "1",
    TELNYX_API_KEY: KEY,
    TELNYX_STAGING_API_KEY: KEY,
    ...command.env,
  };
  const rules: Rules = {
    folders: [sandbox.project, sandbox.scratch],
    ports: command.ports,
    secrets: [KEY, FORGE_TOKEN],
    gitVariables: ["GITHUB_TOKEN", "GITLAB_TOKEN"],
  };
  const ran = command.isProcess
    ? await asProcess(command.args, env, rules, sandbox)
    : await inProcess(command.args, env, rules, sandbox);
  const damage = (await sandbox.damage()).map((name) => `file: ../outside/${name} was changed`);
  return [...ran.breaches, ...damage, ...saidWrongly(ran, command)];
}

async function inProcess(
  args: readonly string[],
  env: Command["env"],
  rules: Rules,
  { project }: Sandbox,
): Promise<Ended> {
  const { fuzzGuard } = globalThis as unknown as { readonly fuzzGuard: Guard };
  // Waiting takes no time.
  let waited = 0;
  const hurried = {
    ...runtime,
    random: () => 0.5,
    now: () => new Date(Date.now() + waited),
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      waited += Math.max(0, milliseconds);
      await runtime.sleep(0, signal);
    },
  };
  const end = fuzzGuard.watch(rules);
  const ran = await rawIn(project, env, args, { runtime: hurried }).catch((error: unknown): Ran => ({
    code: -1,
    stdout: "",
    stderr: `crash: ${inspect(error)}`,
  }));
  return { ...ran, breaches: end() };
}

async function asProcess(
  args: readonly string[],
  env: Command["env"],
  rules: Rules,
  { project, scratch }: Sandbox,
): Promise<Ended> {
  const log = join(scratch, "breaches");
  await rm(log, { force: true });
  const guard = {
    FUZZ_GUARD: JSON.stringify({ ...rules, gitVariables: [...rules.gitVariables, "FUZZ_GUARD"] }),
    FUZZ_GUARD_LOG: log,
  };
  const child = spawn(process.execPath, ["--import", GUARD, MAIN, ...args], {
    cwd: project,
    env: { ...env, ...guard },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number>((done) => child.on("close", (code) => done(code ?? -1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const breaches = await readFile(log, "utf8").catch(() => "");
  return { stdout, stderr, code, breaches: breaches.split("\n").filter((line) => line !== "") };
}

/** Those may stay: they make one picture of several. */
const JOINED_PICTURES = /(?<=\p{Extended_Pictographic}\uFE0F?)\u200D(?=\p{Extended_Pictographic})/gu;

const TRACE = /this is a bug in Rollcall|^ +at .*:\d+:\d+\)?$|^crash: /m;

function saidWrongly({ code, stdout, stderr }: Ran, { args, env }: Command): readonly string[] {
  const said = `${stdout}\n${stderr}`;
  const faults: string[] = [];
  if (![0, 1, 2, 3, 4].includes(code)) faults.push(`crash: exit code ${code}\n${stderr.slice(0, 2000)}`);
  else if (TRACE.test(said))
    faults.push(`stack trace:\n${said.slice(Math.max(0, said.search(TRACE) - 300)).slice(0, 2000)}`);
  if (code !== 0 && said.trim() === "") faults.push(`silence: exit code ${code} and not a word`);
  if (said.includes(KEY) || said.includes(FORGE_TOKEN)) faults.push("secret: it was printed");
  if (said.includes(OUTSIDE)) faults.push("file: one outside of the project was read and printed");
  const hidden = unsafe(said.replaceAll(JOINED_PICTURES, "")).slice(0, 3);
  if (hidden.length > 0) faults.push(`output: characters that nobody sees\n${hidden.join("\n").slice(0, 500)}`);
  if (env["GITHUB_ACTIONS"] === "true" && /^\s*::(?:add-mask|set-output)|##\[set-output/m.test(said))
    faults.push("output: an order to the runner");
  if (args.includes("json") && stdout !== "" && !isJson(stdout))
    faults.push(`output: not JSON\n${stdout.slice(0, 500)}`);
  return faults;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
