import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layOut } from "../../git/borrow.ts";
import type { Environment, ProcessEnvironment } from "../../git/environment.ts";
import { checkAddress, findRemote, type Remote } from "../../git/remote.ts";
import { findRepository, LOCAL_TIMEOUT, type Repository } from "../../git/repository.ts";
import { GitError, type Git, type GitResult, type GitRunner } from "../../git/run.ts";
import { secretsIn } from "../../git/settings.ts";
import { LedgerError } from "../../model/ledger.ts";
import type { Runtime } from "../../model/runtime.ts";
import { redacted } from "../../model/redacted.ts";
import { processSpace, type Judge } from "../holder.ts";
import { gitError } from "./failure.ts";

export interface GitPlace extends Judge {
  /** For people. */
  readonly place: string;
  /** A folder inside a work tree; its settings tell how to reach the remote. */
  readonly repository: string;
  /** The name of a remote; by default `origin`, or else the repository itself. */
  readonly remote?: string | undefined;
  /** Where the name stands. */
  readonly declaredAt?: string | undefined;
  readonly env: ProcessEnvironment;
  /** The id of this process; without it, files of a killed process are not removed. */
  readonly pid?: number | undefined;
  readonly git: GitRunner;
  /** Milliseconds for a call that goes over the network. */
  readonly timeout: number;
}

/**
 * A temporary repository for one operation, with the project's settings to reach the remote. The project's own repository
 * is not changed, not even its list of shallow commits or its objects.
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

export async function openScratch(options: GitPlace): Promise<Scratch> {
  const { env, place, runtime, timeout } = options;
  const git: Git = { run: options.git, env };
  const { repository, remote } = await locate(options, git);
  const { top } = repository;
  const secrets = secretsIn([...remote.all, ...remote.settings]);
  const error = (what: string, result: GitResult) =>
    gitError(what, result, timeout, (text) => redacted(text, secrets));
  const folder = await newFolder(options);
  const close = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const at = { GIT_DIR: folder };
  try {
    await layOut(folder, repository.format);
    await refusedAsLedger(options, () => checkAddress(repository, remote, at, git));
  } catch (reason) {
    await close();
    throw reason;
  }
  return {
    runtime,
    place,
    patience: 2 * timeout,
    email: remote.all.findLast(({ key }) => key === "user.email")?.value,
    error,
    close,
    remotely: (args) =>
      git.run({ args, cwd: top, env, at, settings: remote.settings, isRemote: true, timeout }),
    async local(args, input = "", more = {}) {
      const where = { cwd: top, env, at: { ...at, ...more } };
      const result = await git.run({ args, ...where, input, timeout: LOCAL_TIMEOUT });
      if (result.code !== 0) throw error(`${place} cannot be used`, result);
      return result.stdout;
    },
  };
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
  readonly repository: Repository;
  readonly remote: Remote;
}

function locate(options: GitPlace, git: Git): Promise<Located> {
  return refusedAsLedger(options, async () => {
    const repository = await findRepository(options.repository, git);
    if (repository === undefined) throw new GitError(`${options.repository} is not in a Git repository`);
    return { repository, remote: await findRemote(repository, options.remote, git) };
  });
}

/** What a call of Git refuses, with the place that asks for it. */
async function refusedAsLedger<T>({ place, declaredAt, timeout }: GitPlace, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const what = `${declaredAt === undefined ? "" : `${declaredAt}: `}${place} cannot be used`;
    if (error.result !== undefined) throw gitError(what, error.result, timeout, redacted);
    throw new LedgerError("unavailable", `${what}: ${error.message}`);
  }
}
