import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LedgerError } from "../../model/ledger.ts";
import type { Runtime } from "../../model/runtime.ts";
import { processSpace, type Judge } from "../holder.ts";
import { redacted } from "../visible.ts";
import type { GitCall, GitResult, GitRunner } from "./command.ts";
import {
  gitEnvironment,
  parseSettings,
  REMOTE,
  remoteSettings,
  secretsIn,
  transportSettings,
  withSettings,
  type Environment,
  type Setting,
} from "./environment.ts";
import { gitError } from "./failure.ts";

export interface GitPlace extends Judge {
  /** For people. */
  readonly place: string;
  /** A folder inside a work tree or a bare repository; its settings tell how to reach the remote. */
  readonly repository: string;
  /** A remote's name, a URL or a path; by default `origin`, or else the repository itself. */
  readonly remote?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of this process; without it, what it leaves behind when it is killed stays. */
  readonly pid?: number | undefined;
  readonly git: GitRunner;
  /** Milliseconds for a call that goes over the network. */
  readonly timeout: number;
}

/**
 * A repository of its own for the length of one operation, set up like the project's to reach the remote. The project's
 * own stays as it is: not even its list of shallow commits or its objects are touched.
 */
export interface Scratch {
  readonly runtime: Runtime;
  readonly place: string;
  /** The commands that talk to the remote may end in any way. */
  remotely(args: readonly string[]): Promise<GitResult>;
  /** The output of a command that must succeed. */
  local(args: readonly string[], input?: string, env?: Environment): Promise<string>;
  error(what: string, result: GitResult): LedgerError;
  readonly email: string | undefined;
  /** Milliseconds after which an attempt that failed is the last. */
  readonly patience: number;
  close(): Promise<void>;
}

const LOCAL_TIMEOUT = 30_000;
const SINCE = [2, 31] as const;

/** No hooks, no housekeeping, nothing besides what is asked for. */
const PLAIN: readonly Setting[] = Object.entries({
  "core.hooksPath": "/dev/null",
  "core.logAllRefUpdates": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "fetch.recurseSubmodules": "no",
  "fetch.writeCommitGraph": "false",
  "push.followTags": "false",
  "push.gpgSign": "false",
  "push.recurseSubmodules": "no",
}).map(([key, value]) => ({ key, value }));

export async function openScratch(options: GitPlace): Promise<Scratch> {
  const { git, place, runtime, timeout } = options;
  const base = gitEnvironment(options.env);
  let secrets: readonly string[] = [];
  const redact = (text: string) => redacted(text, secrets);
  const error = (what: string, result: GitResult) => gitError(what, result, timeout, redact);
  const must = async (call: Omit<GitCall, "timeout">): Promise<string> => {
    const result = await git({ ...call, timeout: LOCAL_TIMEOUT });
    if (result.code !== 0) throw error(`${place} cannot be used`, result);
    return result.stdout;
  };
  const found = await locate(options, base, must, (result) => error(`${place} cannot be used`, result));
  const folder = await newFolder(options);
  const close = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const make = ["init", "--quiet", "--bare", "--template=", `--object-format=${found.format}`, "--", folder];
    await must({ args: make, cwd: found.top, env: base });
    const here = { ...base, GIT_DIR: folder };
    const list = ["config", "--list", "-z"];
    const own = parseSettings(await must({ args: list, cwd: found.top, env: here }));
    secrets = secretsIn([...found.settings, ...own, ...found.remote]);
    const added = [...transportSettings(found.settings, own), ...found.remote, ...PLAIN];
    const env = withSettings(here, added);
    const url = await must({ args: ["ls-remote", "--get-url", REMOTE], cwd: found.top, env });
    checkUrl(url.trim(), place);
    return {
      runtime,
      place,
      patience: 2 * timeout,
      email: [...own, ...found.settings].findLast(({ key }) => key === "user.email")?.value,
      error,
      close,
      remotely: (args) => git({ args, cwd: found.top, env, timeout }),
      local: (args, input = "", more = {}) => must({ args, cwd: found.top, env: { ...env, ...more }, input }),
    };
  } catch (reason) {
    await close();
    throw reason;
  }
}

const PREFIX = "rollcall-ledger-";

/** Named by its process, so that what killed processes left is known and removed. */
async function newFolder({ pid, isAlive }: GitPlace): Promise<string> {
  if (pid === undefined) return mkdtemp(join(tmpdir(), PREFIX));
  const own = `${PREFIX}${(await processSpace()) ?? "local"}-`;
  const isLeft = (name: string): boolean => {
    const [, maker] = name.startsWith(own) ? (/^(\d+)-/.exec(name.slice(own.length)) ?? []) : [];
    return maker !== undefined && Number(maker) !== pid && !isAlive(Number(maker));
  };
  const left = (await readdir(tmpdir()).catch(() => [])).filter(isLeft);
  await Promise.all(
    left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)),
  );
  return mkdtemp(join(tmpdir(), `${own}${pid}-`));
}

interface Located {
  /** Where relative paths of remotes start. */
  readonly top: string;
  readonly format: string;
  readonly settings: readonly Setting[];
  readonly remote: readonly Setting[];
}

type Must = (call: Omit<GitCall, "timeout">) => Promise<string>;

async function locate(
  options: GitPlace,
  env: Environment,
  must: Must,
  failure: (result: GitResult) => LedgerError,
): Promise<Located> {
  const { git, place, repository: cwd } = options;
  checkVersion(await must({ args: ["version"], cwd, env }), place);
  const settings = parseSettings(await must({ args: ["config", "--list", "-z"], cwd, env }));
  const ask = ["--show-object-format", "--path-format=absolute", "--git-common-dir", "--show-cdup"];
  const answer = await git({ args: ["rev-parse", ...ask], cwd, env, timeout: LOCAL_TIMEOUT });
  const isInside = answer.code === 0;
  if (!isInside && !answer.stderr.includes("not a git repository")) throw failure(answer);
  const [format = "sha1", directory = "", up = ""] = isInside ? answer.stdout.split("\n") : [];
  const chosen =
    options.remote ?? (settings.some(({ key }) => key === "remote.origin.url") ? "origin" : undefined);
  if (chosen === undefined && !isInside) {
    const message = `${place} has no place: ${cwd} is not in a Git repository, and the ledger names no remote`;
    throw new LedgerError("unavailable", message);
  }
  if (chosen?.startsWith("-") === true) {
    throw new LedgerError("unavailable", `${place} has no place: the name of a remote does not begin with "-"`);
  }
  return {
    top: resolve(cwd, up),
    format,
    settings,
    remote:
      chosen === undefined
        ? [{ key: `remote.${REMOTE}.url`, value: directory }]
        : remoteSettings(settings, chosen, cwd),
  };
}

function checkVersion(text: string, place: string): void {
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const isOld = Number(major) < SINCE[0] || (Number(major) === SINCE[0] && Number(minor) < SINCE[1]);
  if (!isOld) return;
  const message = `${place} cannot be used: it needs Git ${SINCE.join(".")} or newer, and this is ${text.trim()}`;
  throw new LedgerError("unavailable", message);
}

function checkUrl(url: string, place: string): void {
  if (!URL.canParse(url)) return;
  const { protocol, hostname } = new URL(url);
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  if (protocol !== "http:" || isLoopback) return;
  const message = `${place} is at ${redacted(url)}, which would send its content and the credentials in clear: use https`;
  throw new LedgerError("unavailable", message);
}
