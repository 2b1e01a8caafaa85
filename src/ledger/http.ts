import { LedgerError } from "../model/ledger.ts";
import { isLoopback } from "../model/loopback.ts";
import { holderIn, type Judge, type LockRequest } from "./holder.ts";
import { openHttpClient, type HttpClient, type Proxy } from "./http/client.ts";
import { readHttpLock, takeHttpLock, unlockHttp, type HttpLockOptions } from "./http/lock.ts";
import { httpStore, readState } from "./http/store.ts";
import { emptyState, openSession, type MovableLedger, type MovableSession } from "./session.ts";
import { redacted } from "../model/visible.ts";

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
  readonly proxy?: Proxy | undefined;
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
      `${redacted(text)} is not https; http is for this machine alone (127.0.0.1, ::1, localhost)`,
    );
  }
  return url;
}

function updateAddress(address: URL, lock: string | undefined): URL {
  const url = new URL(address);
  if (lock !== undefined) url.searchParams.set("ID", lock);
  return url;
}
