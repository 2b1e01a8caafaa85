import { LedgerError, type LockHolder } from "../../model/ledger.ts";
import {
  describe,
  NETWORK_PAUSES,
  newHeld,
  lockWait,
  takenOver,
  whyGone,
  type Held,
  type Judge,
  type LockRequest,
} from "../holder.ts";
import { insist, isFault, isSuccess, type HttpAnswer, type HttpClient, type HttpFault } from "./client.ts";

/** The part of the protocol that locks; without an address there is no lock. */
interface LockAddresses {
  readonly lock: URL;
  readonly unlock: URL;
  readonly lockMethod: string;
  readonly unlockMethod: string;
}

export interface HttpLockOptions extends Judge, LockAddresses {
  readonly version: string;
  readonly onNotice?: ((message: string) => void) | undefined;
}

/** What is sent to lock and to unlock, in the words of the protocol. */
interface LockInfo {
  readonly ID: string;
  readonly Operation: string;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  readonly Created: string;
  readonly Path: string;
}

/** GitLab stores at most so many characters of the id, and no other field. */
const MAX_ID = 255;

/** Takes the lock, waiting up to `timeout` milliseconds for its holder. Returns its id. */
export async function takeHttpLock(
  client: HttpClient,
  { holder, timeout, signal }: LockRequest,
  options: HttpLockOptions,
): Promise<string> {
  const { runtime, onNotice } = options;
  const wait = lockWait(client.place, { timeout, signal }, NETWORK_PAUSES, runtime);
  const self = await newHeld(holder, runtime);
  const info = lockInfo(self, options.version);
  const freed = new Set<string>();
  for (;;) {
    const answer = await insist(client, call(options, info));
    if (isSuccess(answer)) return info.ID;
    const found = conflict(answer);
    if (found === undefined) throw await giveUp(client, answer, info, options);
    // The answer to the first attempt was lost.
    if (found.token === info.ID) return info.ID;
    const why = whyGone(found, self, options);
    if (why !== undefined && !freed.has(found.token)) {
      freed.add(found.token);
      if (await unlockHttp(client, found.token, options)) onNotice?.(takenOver(client.place, found, why));
      continue;
    }
    await wait(found);
  }
}

/** Releases the lock with this id, or any lock. Returns whether there was one. */
export async function unlockHttp(
  client: HttpClient,
  id: string | undefined,
  options: HttpLockOptions,
): Promise<boolean> {
  const body = id === undefined ? {} : { body: JSON.stringify({ ...NOBODY, ID: id }) };
  const answer = await insist(client, { method: options.unlockMethod, url: options.unlock, ...body });
  if (isSuccess(answer)) return true;
  if (!isFault(answer) && [404, 409, 423].includes(answer.status)) return false;
  throw client.error(`the lock of ${client.place} cannot be removed`, answer);
}

/** The protocol has no request for the holder of the lock. To find out, the lock is taken and released again. */
export async function readHttpLock(client: HttpClient, options: HttpLockOptions): Promise<Held | undefined> {
  const nobody = { who: "rollcall", host: "", pid: 0, operation: "a look at the lock" };
  const info = lockInfo(await newHeld(nobody, options.runtime), options.version);
  const answer = await insist(client, call(options, info));
  const found = isSuccess(answer) ? undefined : conflict(answer);
  if (!isSuccess(answer) && found === undefined) throw await giveUp(client, answer, info, options);
  if (found !== undefined && found.token !== info.ID) return found;
  await unlockHttp(client, info.ID, options);
  return undefined;
}

function call({ lock, lockMethod }: HttpLockOptions, info: LockInfo) {
  return { method: lockMethod, url: lock, body: JSON.stringify(info) };
}

/** A request without a response may have locked: unlocks, so that no other run waits. */
async function giveUp(
  client: HttpClient,
  answer: HttpAnswer | HttpFault,
  info: LockInfo,
  options: HttpLockOptions,
): Promise<LedgerError> {
  if (isFault(answer)) await unlockHttp(client, info.ID, options).catch(() => false);
  const what = `${client.place} cannot be locked`;
  if (!isFault(answer) && [405, 501].includes(answer.status)) {
    const message = `${what}: its server does not take ${options.lockMethod} (${answer.status}); set lockMethod and unlockMethod (GitLab: POST and DELETE)`;
    return new LedgerError("unavailable", message);
  }
  return client.error(what, answer);
}

const NOBODY: Omit<LockInfo, "ID"> = { Operation: "", Info: "", Who: "", Version: "", Created: "", Path: "" };

function lockInfo(self: Held, version: string): LockInfo {
  const { who, host, operation, since } = self;
  const Who = host === "" ? who : `${who}@${host}`;
  return {
    ID: idOf(self),
    Operation: operation,
    Info: describe(self),
    Who,
    Version: version,
    Created: since,
    Path: "",
  };
}

/**
 * The id says who holds the lock: of a lock of others, GitLab returns the id and the name of its user, and for all the
 * rest repeats what the request itself has sent.
 */
function idOf({ token, who, host, pid, operation, space }: Held): string {
  const details = Buffer.from(JSON.stringify([who, host, pid, operation, space ?? null])).toString("base64url");
  const id = `${token}.${details}`;
  return id.length <= MAX_ID ? id : token;
}

/** Who holds the lock, when the answer says that somebody does. */
function conflict(answer: HttpAnswer | HttpFault): Held | undefined {
  if (isFault(answer) || (answer.status !== 409 && answer.status !== 423)) return undefined;
  const info = parsed(answer.text);
  const text = (key: string, otherwise: string) => {
    const value = info[key];
    return typeof value === "string" && value !== "" ? value : otherwise;
  };
  const token = text("ID", "");
  const since = text("Created", "an unknown time");
  const foreign = { who: text("Who", "someone"), host: "", pid: 0, operation: text("Operation", "locked") };
  // The protocol knows no end of a lock.
  return { ...foreign, space: "unknown", ...holderOfId(token), token, since };
}

function holderOfId(id: string): (LockHolder & { readonly space?: string }) | undefined {
  const details = parsed(Buffer.from(id.slice(id.indexOf(".") + 1), "base64url").toString("utf8"));
  const [who, host, pid, operation, space] = Array.isArray(details) ? (details as readonly unknown[]) : [];
  if (typeof who !== "string" || typeof host !== "string" || typeof pid !== "number") return undefined;
  if (typeof operation !== "string") return undefined;
  return { who, host, pid, operation, ...(typeof space === "string" ? { space } : {}) };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
