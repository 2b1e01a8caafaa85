import { gitRunner, type GitRunner } from "../git/run.ts";
import { isLedgerRef, LedgerError, type LedgerState } from "../model/ledger.ts";
import { parseLedger } from "./format.ts";
import { breakGitLock, dropGitLock, readGitLock, takeGitLock, type GitLockOptions } from "./git/lock.ts";
import { readMessage } from "./git/message.ts";
import { readFileOf, readLog } from "./git/objects.ts";
import { fetchTip, refsBelow } from "./git/refs.ts";
import { openScratch, type Scratch } from "./git/scratch.ts";
import { gitStore, LEDGER_FILE } from "./git/store.ts";
import { holderIn, type Judge, type LockRequest } from "./holder.ts";
import { emptyState, openSession, type MovableLedger, type MovableSession } from "./session.ts";
import { visible } from "../model/visible.ts";

export interface GitLedgerOptions extends Judge {
  /** A folder in a work tree. Its settings tell how to reach the remote; it is not written to. */
  readonly repository: string;
  /** The name of a remote; by default `origin`, or the repository itself where there is no `origin`. */
  readonly remote?: string | undefined;
  /** Where the name stands, for messages: `rollcall.yaml:5:32`. */
  readonly declaredAt?: string | undefined;
  /** `refs/rollcall/<project>/<environment>`; see `ledgerRef`. */
  readonly ref: string;
  /** The variables of the process: tokens, proxies, `GIT_CONFIG_*`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The id of this process, to distinguish files of killed processes from files in use. */
  readonly pid?: number | undefined;
  /** The commit of the manifests, for the log. */
  readonly source?: string | undefined;
  /** Of the commits' author; by default that of Git's settings. */
  readonly email?: string | undefined;
  readonly git?: GitRunner;
  /** Milliseconds for each call over the network. */
  readonly timeout?: number;
  /** Milliseconds for which commits are gathered. */
  readonly pause?: number;
  readonly onNotice?: ((message: string) => void) | undefined;
}

const TIMEOUT = 60_000;
const PAUSE = 5_000;

/** The ref of a project's environment. */
export function ledgerRef(project: string, environment: string): string {
  return `refs/rollcall/${refPart(project)}/${refPart(environment)}`;
}

/** Any text as a part of a ref; names as they usually are stay what they are. */
function refPart(text: string): string {
  const escape = (part: string) =>
    [...Buffer.from(part)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  return text.replace(/[^A-Za-z0-9._-]+|^\.|\.(?=\.)|\.$|\.(?=lock$)|^$/g, (part) => escape(part) || "%");
}

/** The text that `refPart` made a part of. */
function textOf(part: string): string {
  return part.replace(/(?:%[0-9a-f]{2})+/g, (escaped) =>
    Buffer.from(escaped.replaceAll("%", ""), "hex").toString(),
  );
}

/** The environments of a project that have a ledger at the place where `ledgerRef` puts it. */
export async function gitEnvironments(
  options: Omit<GitLedgerOptions, "ref">,
  project: string,
): Promise<readonly string[]> {
  const folder = `refs/rollcall/${refPart(project)}`;
  const scratch = await start({ ...options, ref: `${folder}/any` }, `git ${folder}`);
  try {
    const refs = await refsBelow(scratch, folder);
    return refs.flatMap((ref) => {
      const name = textOf(ref.slice(folder.length + 1));
      return ledgerRef(project, name) === ref ? [name] : [];
    });
  } finally {
    await scratch.close();
  }
}

/** Separate from the ledgers, so that project names and branch rules do not conflict. */
function lockRef(ref: string): string {
  return `refs/rollcall-locks/${ref.replace(/^refs\//, "")}`;
}

/** A ledger in a ref of a Git repository: one commit for each apply, locked by a second ref. */
export function gitLedger(options: GitLedgerOptions): MovableLedger {
  const { ref, runtime, isAlive, onNotice } = options;
  const place = `git ${ref}${options.remote === undefined ? "" : ` at ${visible(options.remote)}`}`;
  const lock = { ref: lockRef(ref), runtime, isAlive, onNotice };
  const briefly = async <T>(act: (scratch: Scratch) => Promise<T>): Promise<T> => {
    const scratch = await start(options, place);
    try {
      return await act(scratch);
    } finally {
      await scratch.close();
    }
  };
  return {
    place,
    read: () => briefly(async (scratch) => stateAt(scratch, await fetchTip(scratch, ref))),
    holder: () =>
      briefly(async (scratch) => {
        const found = await readGitLock(scratch, lock.ref);
        return found && holderIn(found.held);
      }),
    unlock: () => briefly((scratch) => breakGitLock(scratch, lock.ref)),
    history: (limit) =>
      briefly(async (scratch) => {
        const tip = await fetchTip(scratch, ref, limit);
        const log = tip === undefined ? [] : await readLog(scratch, tip, limit);
        return log.map(readMessage).filter((commit) => commit !== undefined);
      }),
    async open(holder, timeout, signal) {
      const scratch = await start(options, place);
      try {
        return await openLocked(scratch, { holder, timeout, signal }, lock, options);
      } catch (error) {
        await scratch.close();
        throw error;
      }
    },
  };
}

async function start(options: GitLedgerOptions, place: string): Promise<Scratch> {
  const { ref, runtime, isAlive, repository, remote, declaredAt, env, pid } = options;
  const { timeout = TIMEOUT, git = gitRunner(runtime) } = options;
  checkRef(ref, place);
  return openScratch({ place, repository, remote, declaredAt, env, pid, runtime, isAlive, git, timeout });
}

/** Takes the lock and reads the state. The session closes the scratch repository. */
async function openLocked(
  scratch: Scratch,
  request: LockRequest,
  lock: GitLockOptions,
  { ref, runtime, source, email, onNotice, pause = PAUSE }: GitLedgerOptions,
): Promise<MovableSession> {
  const held = await takeGitLock(scratch, request, lock);
  try {
    const tip = await fetchTip(scratch, ref);
    const before = (await stateAt(scratch, tip)) ?? emptyState(runtime);
    const session = { holder: request.holder, before, source };
    const store = gitStore({ scratch, ref, lock: held, tip, session, email, onNotice });
    return openSession(before, store, { runtime, pause });
  } catch (error) {
    await dropGitLock(scratch, held).catch(() => undefined);
    throw error;
  }
}

async function stateAt(scratch: Scratch, tip: string | undefined): Promise<LedgerState | undefined> {
  if (tip === undefined) return undefined;
  return parseLedger(await readFileOf(scratch, tip, LEDGER_FILE), scratch.place);
}

function checkRef(ref: string, place: string): void {
  if (isLedgerRef(ref)) return;
  const message = `${place} cannot be used: a ledger is kept in a ref below refs/rollcall/`;
  throw new LedgerError("unavailable", message);
}
