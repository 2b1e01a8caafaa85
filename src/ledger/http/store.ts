import { LedgerError, type LedgerState } from "../../model/ledger.ts";
import { formatLedger, parseLedger } from "../format.ts";
import { lockLost } from "../holder.ts";
import type { Store } from "../session.ts";
import { backOff, insist, isFault, isPassing, isSuccess, limit, type HttpClient } from "./client.ts";

export async function readState(client: HttpClient, url: URL): Promise<LedgerState | undefined> {
  const answer = await insist(client, { method: "GET", url });
  if (!isFault(answer)) {
    const isEmpty =
      answer.status === 404 || answer.status === 204 || (answer.status === 200 && answer.text === "");
    if (isEmpty) return undefined;
    if (answer.status === 200) return parseLedger(answer.text, client.place);
  }
  throw client.error(`${client.place} cannot be read`, answer);
}

export interface HttpStoreOptions {
  readonly client: HttpClient;
  readonly address: URL;
  readonly update: { readonly url: URL; readonly method: string };
  readonly found: LedgerState | undefined;
  readonly release: () => Promise<void>;
  readonly onNotice?: ((message: string) => void) | undefined;
}

export function httpStore(options: HttpStoreOptions): Store {
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
  const isLast = limit(client);
  if (!isSame(await readState(client, address), kept)) throw changed(place);
  for (let attempt = 1; ; attempt += 1) {
    const target = { ...state, serial: state.serial + bumps };
    const answer = await client.send({ ...update, body: formatLedger(target) });
    if (isSuccess(answer)) return target;
    const isTaken = !isFault(answer) && answer.status === 422;
    if (!isFault(answer) && (answer.status === 409 || answer.status === 423)) throw lockLost(place, undefined);
    const failure = client.error(`${place} cannot be written`, answer);
    if (!isTaken && !isPassing(answer)) throw failure;
    // An answer that is lost or an error says little of what has happened: the server is asked.
    const now = await readState(client, address);
    if (isSame(now, target)) return target;
    if (!isSame(now, kept)) throw changed(place);
    if (isLast(attempt)) throw failure;
    // GitLab takes each serial once, even when it failed to keep the state that came with it.
    if (isTaken) bumps += 1;
    await backOff(client, answer, attempt);
  }
}

function isSame(a: LedgerState | undefined, b: LedgerState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.lineage === b.lineage && a.serial === b.serial && formatLedger(a) === formatLedger(b);
}

function changed(place: string): LedgerError {
  const message = `${place} was changed by another run. Nothing was overwritten. Run again`;
  return new LedgerError("changed", message);
}
