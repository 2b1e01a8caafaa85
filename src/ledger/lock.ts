import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { LedgerError, type LockHolder } from "../model/ledger.ts";
import type { Runtime } from "../model/runtime.ts";

export interface LockOptions {
  readonly path: string;
  readonly runtime: Runtime;
  /** Whether a process of this host is running. */
  readonly isAlive: (pid: number) => boolean;
  readonly onNotice?: (message: string) => void;
}

export interface Lock {
  /** Throws `LedgerError` when someone else has taken the lock over. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

interface Held extends LockHolder {
  readonly token: string;
  /** ISO 8601; renewed while the holder lives. */
  readonly expires: string;
}

const LIFETIME = 60_000;
const HEARTBEAT = 15_000;
const POLL = 250;

/** Takes the lock file, waiting up to `timeout` milliseconds for its holder. */
export async function takeLock(holder: LockHolder, timeout: number, options: LockOptions): Promise<Lock> {
  const { runtime, path } = options;
  const token = runtime.uuid();
  const deadline = runtime.now().getTime() + timeout;
  for (;;) {
    if (await created(path, held(holder, token, runtime))) return keep(holder, token, options);
    const other = await readLock(path);
    if (other !== undefined && isDead(other, holder, options)) {
      if (await tookOver(other, options)) {
        options.onNotice?.(`took over the lock of ${describe(other)}, which is gone`);
      }
    } else if (runtime.now().getTime() >= deadline) {
      throw new LedgerError("locked", lockedMessage(other, path));
    } else {
      await runtime.sleep(Math.min(POLL, Math.max(1, deadline - runtime.now().getTime())));
    }
  }
}

/** Who holds the lock, if anybody does. */
export async function readLock(path: string): Promise<Held | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isHeld(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Removes a lock whoever holds it. */
export async function breakLock(path: string): Promise<void> {
  await rm(path, { force: true });
}

export function describe({ who, host, pid, operation }: LockHolder): string {
  return `${who} on ${host} (process ${pid}, ${operation})`;
}

function lockedMessage(other: Held | undefined, path: string): string {
  const by = other === undefined ? "someone" : describe(other);
  return `the ledger is locked by ${by}; wait for it, raise --lock-timeout, or, when it is certainly gone, remove ${path}`;
}

function held(holder: LockHolder, token: string, runtime: Runtime): Held {
  return { ...holder, token, expires: new Date(runtime.now().getTime() + LIFETIME).toISOString() };
}

async function created(path: string, content: Held): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(JSON.stringify(content));
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw new LedgerError("unavailable", `cannot create the lock ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function isDead(other: Held, holder: LockHolder, { isAlive, runtime }: LockOptions): boolean {
  if (other.host === holder.host) return !isAlive(other.pid);
  return Date.parse(other.expires) < runtime.now().getTime();
}

/** Only one of several that see the same dead lock may remove it: the guard file decides which. */
async function tookOver(dead: Held, { path, runtime }: LockOptions): Promise<boolean> {
  const guard = `${path}.takeover`;
  if (!(await created(guard, dead))) {
    const since = (await stat(guard).catch(() => undefined))?.mtimeMs ?? Infinity;
    if (runtime.now().getTime() - since > LIFETIME) await rm(guard, { force: true });
    await runtime.sleep(POLL);
    return false;
  }
  try {
    const current = await readLock(path);
    if (current?.token !== dead.token) return false;
    await rm(path, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

function keep(holder: LockHolder, token: string, { path, runtime }: LockOptions): Lock {
  const ended = new AbortController();
  const confirm = async () => {
    const current = await readLock(path);
    if (current?.token === token) return;
    const by = current === undefined ? "removed" : `taken over by ${describe(current)}`;
    throw new LedgerError("changed", `the lock of this run was ${by}; nothing more is written to the ledger`);
  };
  const beat = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await runtime.sleep(HEARTBEAT, ended.signal);
      await confirm();
      const next = `${path}.${token}`;
      if (await created(next, held(holder, token, runtime))) await rename(next, path);
    }
  };
  // A heartbeat that fails shows at the next commit, which confirms the lock itself.
  beat().catch(() => undefined);
  return {
    confirm,
    async release() {
      ended.abort();
      if ((await readLock(path))?.token === token) await rm(path, { force: true });
    },
  };
}

function isHeld(value: unknown): value is Held {
  const fields = ["who", "host", "operation", "token", "expires"];
  if (typeof value !== "object" || value === null) return false;
  const record = value as Record<string, unknown>;
  return fields.every((field) => typeof record[field] === "string") && typeof record["pid"] === "number";
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
