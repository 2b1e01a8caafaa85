import { LedgerError } from "../model/ledger.ts";
import { isLoopback } from "../model/loopback.ts";
import { holderIn, type Judge } from "./holder.ts";
import { openHttpClient, type HttpClient, type Proxy } from "./http/client.ts";
import { readHttpLock, takeHttpLock, unlockHttp, type HttpLockOptions } from "./http/lock.ts";
import { httpStore, readState } from "./http/store.ts";
import { emptyState, openSession, type MovableLedger } from "./session.ts";
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
  const { runtime, version, onNotice } = options;
  const place = `http ${redacted(options.address)}`;
  const address = addressOf(options.address, place);
  const locking = lockOptions(options, place);
  const start = (): HttpClient => {
    const { username, password, proxy, timeout = TIMEOUT } = options;
    return openHttpClient({
      place,
      runtime,
      username,
      password,
      proxy,
      timeout,
      userAgent: `rollcall/${version}`,
    });
  };
  const briefly = async <T>(act: (client: HttpClient) => Promise<T>): Promise<T> => {
    const client = start();
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
    unlock: () =>
      briefly(async (client) => {
        const found = locking && (await readHttpLock(client, locking));
        if (locking === undefined || found === undefined) return;
        await unlockHttp(client, found.token === "" ? undefined : found.token, locking);
      }),
    async open(holder, timeout, signal) {
      const client = start();
      try {
        if (locking === undefined) onNotice?.(`${place} has no lockAddress: concurrent runs are not prevented`);
        const lock = locking && (await takeHttpLock(client, holder, timeout, locking, signal));
        const release = async (): Promise<void> => {
          if (locking !== undefined) await unlockHttp(client, lock, locking);
        };
        try {
          const found = await readState(client, address);
          const update = { url: updateAddress(address, lock), method: options.updateMethod ?? "POST" };
          const store = httpStore({ client, address, update, found, release, onNotice });
          return openSession(found ?? emptyState(runtime), store, { runtime, pause: options.pause ?? PAUSE });
        } catch (error) {
          await release().catch(() => undefined);
          throw error;
        }
      } catch (error) {
        await client.close();
        throw error;
      }
    },
  };
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
