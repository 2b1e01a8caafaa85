import { LedgerError, type LedgerState } from "../model/ledger.ts";
import { isLoopback } from "../model/loopback.ts";
import type { ProxySettings } from "../model/proxy.ts";
import { redacted } from "../model/redacted.ts";
import { backOff, lastAttempt } from "./attempts.ts";
import { formatLedger, parseLedger } from "./format.ts";
import { holderIn, type Judge, ledgerChanged, lockLost, type LockRequest } from "./holder.ts";
import {
  type HttpClient,
  insist,
  isFault,
  isPassing,
  isSuccess,
  openHttpClient,
  waitIn,
} from "./http/client.ts";
import { type HttpLockOptions, readHttpLock, takeHttpLock, unlockHttp } from "./http/lock.ts";
import { emptyState, type MovableLedger, type MovableSession, openSession, type Store } from "./session.ts";

/** Terraform's HTTP state protocol. */
export interface HttpLedgerOptions extends Judge {
  readonly address: string;
  /** Without it nothing keeps two runs apart; what another has written is still never overwritten. */
  readonly lockAddress?: string | undefined;
  /** By default that of the lock. */
  readonly unlockAddress?: string | undefined;
  readonly updateMethod?: string | undefined;
  readonly lockMethod?: string | undefined;
  readonly unlockMethod?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly proxy?: ProxySettings | undefined;
  /** Of Rollcall. */
  readonly version: string;
  /** Milliseconds for each request. */
  readonly timeout?: number;
  /** Milliseconds for which commits are gathered. */
  readonly pause?: number;
  readonly onNotice?: ((message: string) => void) | undefined;
}

const TIMEOUT = 30_000;
const PAUSE = 5_000;

/** A ledger on a server of Terraform's HTTP state protocol, such as GitLab. */
export function httpLedger(options: HttpLedgerOptions): MovableLedger {
  const place = `http ${redacted(options.address)}`;
  const at: HttpPlace = {
    place,
    address: addressOf(options.address, place),
    locking: lockOptions(options, place),
  };
  const { address, locking } = at;
  const briefly = async <T>(act: (client: HttpClient) => Promise<T>): Promise<T> => {
    const client = start(options, place);
    try {
      return await act(client);
    } finally {
      await client.close();
    }
  };
  return {
    place,
    read: () => briefly((client) => readState(client, address)),
    holder: () =>
      briefly(async (client) => {
        const found = locking && (await readHttpLock(client, locking));
        return found && holderIn(found);
      }),
    unlock: () => briefly((client) => breakLock(client, locking)),
    async open(holder, timeout, signal) {
      const client = start(options, place);
      try {
        return await openLocked(client, { holder, timeout, signal }, at, options);
      } catch (error) {
        await client.close();
        throw error;
      }
    },
  };
}

/** Removes the lock, whoever holds it. */
async function breakLock(client: HttpClient, locking: HttpLockOptions | undefined): Promise<void> {
  const found = locking && (await readHttpLock(client, locking));
  if (locking === undefined || found === undefined) return;
  await unlockHttp(client, found.token === "" ? undefined : found.token, locking);
}

interface HttpPlace {
  readonly place: string;
  readonly address: URL;
  readonly locking: HttpLockOptions | undefined;
}

function start(options: HttpLedgerOptions, place: string): HttpClient {
  const { runtime, version, username, password, proxy, timeout = TIMEOUT } = options;
  const userAgent = `rollcall/${version}`;
  return openHttpClient({ place, runtime, username, password, proxy, timeout, userAgent });
}

/** Takes the lock and reads the state. The session closes the client. */
async function openLocked(
  client: HttpClient,
  request: LockRequest,
  { place, address, locking }: HttpPlace,
  { runtime, updateMethod = "POST", pause = PAUSE, onNotice }: HttpLedgerOptions,
): Promise<MovableSession> {
  if (locking === undefined) onNotice?.(`${place} has no lockAddress: concurrent runs are not prevented`);
  const lock = locking && (await takeHttpLock(client, request, locking));
  const release = async (): Promise<void> => {
    if (locking !== undefined) await unlockHttp(client, lock, locking);
  };
  try {
    const found = await readState(client, address);
    const update = { url: updateAddress(address, lock), method: updateMethod };
    const store = httpStore({ client, address, update, found, release, onNotice });
    return openSession(found ?? emptyState(runtime), store, { runtime, pause });
  } catch (error) {
    await release().catch(() => undefined);
    throw error;
  }
}

function lockOptions(options: HttpLedgerOptions, place: string): HttpLockOptions | undefined {
  const { lockAddress, unlockAddress, lockMethod, unlockMethod, runtime, isAlive, version, onNotice } = options;
  if (lockAddress === undefined) return undefined;
  return {
    runtime,
    isAlive,
    version,
    onNotice,
    lock: addressOf(lockAddress, place),
    unlock: addressOf(unlockAddress ?? lockAddress, place),
    lockMethod: lockMethod ?? "LOCK",
    unlockMethod: unlockMethod ?? "UNLOCK",
  };
}

/** Throws when credentials would travel in clear or stand where they are seen. */
function addressOf(text: string, place: string): URL {
  const unusable = (why: string) => new LedgerError("unavailable", `${place} cannot be used: ${why}`);
  if (!URL.canParse(text)) throw unusable(`${redacted(text)} is not a URL`);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw unusable(
      "its address holds a user or a password: name the environment variables that hold them instead",
    );
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw unusable(
      `${redacted(text)} is not https; http is allowed only for this machine (127.0.0.1, ::1, localhost)`,
    );
  }
  return url;
}

function updateAddress(address: URL, lock: string | undefined): URL {
  const url = new URL(address);
  if (lock !== undefined) url.searchParams.set("ID", lock);
  return url;
}

async function readState(client: HttpClient, url: URL): Promise<LedgerState | undefined> {
  const answer = await insist(client, { method: "GET", url });
  if (!isFault(answer)) {
    const isEmpty =
      answer.status === 404 || answer.status === 204 || (answer.status === 200 && answer.text === "");
    if (isEmpty) return undefined;
    if (answer.status === 200) return parseLedger(answer.text, client.place);
  }
  throw client.error(`${client.place} cannot be read`, answer);
}

interface HttpStoreOptions {
  readonly client: HttpClient;
  readonly address: URL;
  readonly update: { readonly url: URL; readonly method: string };
  readonly found: LedgerState | undefined;
  readonly release: () => Promise<void>;
  readonly onNotice?: ((message: string) => void) | undefined;
}

function httpStore(options: HttpStoreOptions): Store {
  const { client, found, release, onNotice } = options;
  let kept = found;
  return {
    async save(state) {
      kept = await save(state, kept, options);
      return kept;
    },
    async release() {
      try {
        await release();
      } catch (error) {
        onNotice?.(error instanceof Error ? error.message : String(error));
      } finally {
        await client.close();
      }
    },
  };
}

/** Replaces `kept`, and nothing else. Returns what the server keeps now. */
async function save(
  state: LedgerState,
  kept: LedgerState | undefined,
  { client, address, update }: HttpStoreOptions,
): Promise<LedgerState> {
  const { place } = client;
  let bumps = 0;
  const isLast = lastAttempt(client);
  if (!isSame(await readState(client, address), kept)) throw ledgerChanged(place);
  for (let attempt = 1; ; attempt += 1) {
    const target = { ...state, serial: state.serial + bumps };
    const answer = await client.send({ ...update, body: formatLedger(target) });
    if (isSuccess(answer)) return target;
    const isTaken = !isFault(answer) && answer.status === 422;
    if (!isFault(answer) && (answer.status === 409 || answer.status === 423)) throw lockLost(place, undefined);
    const failure = client.error(`${place} cannot be written`, answer);
    if (!isTaken && !isPassing(answer)) throw failure;
    // After a lost response or an error, the server is asked for the result.
    const now = await readState(client, address);
    if (isSame(now, target)) return target;
    if (!isSame(now, kept)) throw ledgerChanged(place);
    if (isLast(attempt)) throw failure;
    // GitLab takes each serial once, even when it failed to keep the state that came with it.
    if (isTaken) bumps += 1;
    await backOff(client, attempt, waitIn(answer));
  }
}

function isSame(a: LedgerState | undefined, b: LedgerState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.lineage === b.lineage && a.serial === b.serial && formatLedger(a) === formatLedger(b);
}
