import { createHash } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { Interrupted } from "../model/interrupted.ts";
import { LedgerError, type LockHolder } from "../model/ledger.ts";
import type { Runtime } from "../model/runtime.ts";
import { visible } from "../model/visible.ts";

/** A lock that is not renewed for so long is free for the taking. Clocks may differ by less than this. */
export const LIFETIME = 60_000;
export const HEARTBEAT = 15_000;
/** What a lock just renewed has left by the clock of another. */
const LONGEST_LEFT = 2 * LIFETIME;

/** What a lock says of who holds it. */
export interface Held extends LockHolder {
  /** Unlike that of any other lock ever taken. */
  readonly token: string;
  /** ISO 8601. */
  readonly since: string;
  /** ISO 8601; renewed while the holder lives. A lock without it is not renewed, and does not run out. */
  readonly expires?: string;
  /** Where its process number means something; hosts of one name are common among containers. */
  readonly space?: string;
}

/** Who asks for a lock, and how long it waits for another holder. */
export interface LockRequest {
  readonly holder: LockHolder;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** What it takes to judge the locks of others. */
export interface Judge {
  readonly runtime: Runtime;
  /** Whether a process of this host is running. */
  readonly isAlive: (pid: number) => boolean;
}

/** This start of this machine and this container, where the system tells them apart. */
export async function processSpace(): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const space = `${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
    return createHash("sha256").update(space).digest("hex").slice(0, 16);
  } catch {
    return undefined;
  }
}

export async function newHeld(holder: LockHolder, runtime: Runtime): Promise<Held> {
  const space = await processSpace();
  const since = runtime.now().toISOString();
  return {
    ...holderIn(holder),
    token: runtime.uuid(),
    since,
    expires: expiry(runtime),
    ...(space === undefined ? {} : { space }),
  };
}

export function expiry(runtime: Runtime): string {
  return new Date(runtime.now().getTime() + LIFETIME).toISOString();
}

/** Milliseconds until it runs out; negative when it has. */
export function remaining({ expires }: Held, runtime: Runtime): number {
  return expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires) - runtime.now().getTime();
}

/** Reads the content of a lock; `undefined` if it is not a lock of Rollcall. */
export function parseHeld(text: string): Held | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isHeld(value) ? value : undefined;
}

function isHeld(value: unknown): value is Held {
  if (typeof value !== "object" || value === null) return false;
  const record: Readonly<Record<string, unknown>> = { ...value };
  const texts = ["who", "host", "operation", "token", "since", "expires"];
  return (
    texts.every((key) => typeof record[key] === "string") &&
    typeof record["pid"] === "number" &&
    (record["space"] === undefined || typeof record["space"] === "string") &&
    !Number.isNaN(Date.parse(String(record["expires"])))
  );
}

/** What is known of a lock that does not say whose it is: how old it is, and no more. */
export function unreadableHeld(token: string, since: Date): Held {
  return {
    who: "someone",
    host: "",
    pid: 0,
    operation: "unreadable lock",
    token,
    since: since.toISOString(),
    expires: new Date(since.getTime() + LIFETIME).toISOString(),
    space: "unknown",
  };
}

/** Why the other's lock may be taken over; `undefined` while it may not. */
export function whyGone(other: Held, self: Held, { runtime, isAlive }: Judge): string | undefined {
  if (sharesProcesses(other, self) && !isAlive(other.pid)) return "its process is no longer running";
  const { expires } = other;
  if (expires === undefined) return undefined;
  const left = remaining(other, runtime);
  if (left > LONGEST_LEFT) return `it claims to hold until ${expires}, and no lock holds that long`;
  return left < 0 ? `it was not renewed and expired at ${expires}` : undefined;
}

function sharesProcesses(other: Held, self: Held): boolean {
  if (other.host !== self.host) return false;
  return other.space === undefined || self.space === undefined || other.space === self.space;
}

/** Who it is, without what makes the lock work. */
export function holderIn({ who, host, pid, operation }: LockHolder): LockHolder {
  return { who, host, pid, operation };
}

/** `alice on build-1 (process 12, apply)`; locks of others may say less. */
export function describe({ who, host, pid, operation }: LockHolder): string {
  const what = pid > 0 ? `process ${pid}, ${operation}` : operation;
  return visible(`${who}${host === "" ? "" : ` on ${host}`} (${what})`);
}

export function takenOver(place: string, other: Held, why: string): string {
  return `the lock of ${place} held by ${describe(other)} was taken over: ${why}`;
}

export function locked(place: string, other: Held | undefined): LedgerError {
  const by = other === undefined ? "someone else" : `${describe(other)} since ${visible(other.since)}`;
  return new LedgerError(
    "locked",
    `${place} is locked by ${by}: wait with --lock-timeout or, if that run has ended, remove its lock with "rollcall ledger unlock"`,
  );
}

/** Milliseconds between two looks at a lock; each pause is twice as long as the one before. */
interface Pauses {
  readonly first: number;
  readonly most: number;
}

/** Over a network, a look takes a request. */
export const NETWORK_PAUSES: Pauses = { first: 500, most: 3_000 };

/**
 * Waits a moment for another run's lock each time it is called. Throws that the ledger is locked when the time of the
 * request is over (`more`: milliseconds beyond it), and `Interrupted` with the same words when it is stopped.
 */
export function lockWait(
  place: string,
  { timeout, signal }: Omit<LockRequest, "holder">,
  { first, most }: Pauses,
  runtime: Runtime,
): (other: Held | undefined, more?: number) => Promise<void> {
  const deadline = runtime.now().getTime() + timeout;
  let pause = first;
  return async (other, more = 0) => {
    const left = deadline - runtime.now().getTime();
    const lock = locked(place, other);
    if (left <= -more) throw lock;
    const moment = Math.max(1, Math.min(left, pause * (0.5 + runtime.random())));
    pause = Math.min(pause * 2, most);
    try {
      await runtime.sleep(moment, signal);
    } catch (error) {
      if (signal?.aborted !== true) throw error;
      throw new Interrupted(lock.message, { cause: error });
    }
  };
}

/** The error of a session whose ledger is not as it left it. */
export function ledgerChanged(place: string): LedgerError {
  const message = `${place} was changed by another run. Nothing was overwritten. Run again`;
  return new LedgerError("changed", message);
}

/** The error of a session whose lock is no longer its own. */
export function lockLost(place: string, other: Held | undefined): LedgerError {
  const how = other === undefined ? "was removed" : `was taken over by ${describe(other)}`;
  return new LedgerError(
    "changed",
    `the lock of this run on ${place} ${how}; this run stops writing to it. Run again when it is not locked`,
  );
}
