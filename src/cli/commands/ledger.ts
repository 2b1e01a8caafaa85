import { stringify, type Json } from "../../model/json.ts";
import {
  isLedgerRef,
  isRemoteName,
  type Ledger,
  type LedgerChoice,
  type LedgerEntry,
} from "../../model/ledger.ts";
import { migrateLedger } from "../../ledger/migrate.ts";
import { forgetEntry, moveEntry, type MendOutcome } from "../../operations/ledger.ts";
import { describe } from "../../ledger/holder.ts";
import { visible } from "../../model/visible.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { confirm, note, print, type Io } from "../io.ts";
import { saying } from "../reports.ts";
import { addressFrom, entryAddressFrom, type ProjectOptions } from "../project.ts";
import { holderOf, lockOf, openLedger } from "../workspace.ts";

export interface LedgerOptions extends ProjectOptions {
  readonly project?: string;
  readonly format?: "text" | "json";
  readonly yes?: boolean;
  readonly lockTimeout: number;
}

export async function ledgerList(io: Io, options: LedgerOptions): Promise<ExitCode> {
  const ledger = await openLedger(io, options.project, options);
  const state = await ledger.read();
  const entries = Object.entries<LedgerEntry>(state?.entries ?? {});
  if (options.format === "json") {
    await print(
      io,
      stringify(
        { lineage: state?.lineage ?? null, serial: state?.serial ?? 0, entries: asJson(state?.entries ?? {}) },
        2,
      ),
    );
    return 0;
  }
  const width = Math.max(0, ...entries.map(([address]) => visible(address).length));
  const lines = entries.map(
    ([address, { id, protect, observe }]) =>
      `${visible(address).padEnd(width)}  ${visible(id)}${protect ? "  protected" : ""}${observe ? "  observed" : ""}`,
  );
  await print(io, lines.length === 0 ? "The ledger is empty." : lines.join("\n"));
  const open = (state?.intents ?? []).filter(({ superseded }) => superseded === undefined);
  const last = open.at(-1);
  if (last !== undefined) {
    const addresses = [...new Set(open.map(({ address }) => address))].map(visible).join(", ");
    await note(
      io,
      `A run of ${visible(last.who)} did not finish. The next apply checks what it did to: ${addresses}.`,
    );
  }
  return 0;
}

export async function ledgerShow(io: Io, text: string, options: LedgerOptions): Promise<ExitCode> {
  const address = entryAddressFrom(text);
  const state = await (await openLedger(io, options.project, options)).read();
  const entry = state?.entries[address];
  if (entry === undefined) throw unknown(address);
  await print(io, stringify(asJson(entry), 2));
  return 0;
}

export async function ledgerMove(
  io: Io,
  { from, to }: { readonly from: string; readonly to: string },
  options: LedgerOptions,
): Promise<ExitCode> {
  const [before, after] = [entryAddressFrom(from), addressFrom(to)];
  if (before.split("/")[0] !== after.split("/")[0])
    throw new UsageError(`${from} and ${to} are of different kinds`);
  const ledger = await openLedger(io, options.project, options);
  const outcome = await moveEntry(ledger, { from: before, to: after }, lockOf(io, "ledger move", options));
  if (outcome === "taken")
    throw new UsageError(`${after} is already in the ledger`, {
      to: "to see it",
      run: ["ledger", "show", after],
    });
  return mended(io, outcome, before, `Moved ${before} to ${after}.`);
}

export async function ledgerForget(io: Io, name: string, options: LedgerOptions): Promise<ExitCode> {
  const address = entryAddressFrom(name);
  const ledger = await openLedger(io, options.project, options);
  const outcome = await forgetEntry(ledger, address, lockOf(io, "ledger forget", options));
  const text =
    outcome === "intent"
      ? `Removed the unfinished changes of ${address} from the ledger. The interrupted run may have created an object: check the portal.`
      : `Removed ${address} from the ledger. The live object is kept.`;
  return mended(io, outcome, address, text);
}

export async function ledgerUnlock(io: Io, options: LedgerOptions): Promise<ExitCode> {
  const ledger: Ledger = await openLedger(io, options.project, options);
  const holder = await ledger.holder();
  if (holder === undefined) {
    await print(io, "The ledger is not locked.");
    return 0;
  }
  const name = describe(holder);
  if (options.yes !== true) {
    if (!io.isInteractive)
      throw new UsageError(`the ledger is locked by ${name}`, "to remove the lock, pass --yes");
    if (!(await confirm(io, `The ledger is locked by ${name}. Remove the lock? Type "yes" to continue: `)))
      return 1;
  }
  await ledger.unlock();
  return saying(io, 0, () => print(io, `Removed the lock of ${name}.`));
}

export async function ledgerHistory(io: Io, options: LedgerOptions): Promise<ExitCode> {
  const ledger = await openLedger(io, options.project, options);
  if (ledger.history === undefined)
    throw new UsageError(`${ledger.place} keeps no history`, "the git backend keeps one");
  const commits = await ledger.history(100);
  const lines = commits.map(({ serial, at, who, what, source }) =>
    visible(`${serial}  ${at}  ${who}  ${what}${source === undefined ? "" : `  ${source.slice(0, 12)}`}`),
  );
  await print(io, options.format === "json" ? stringify(asJson(commits), 2) : lines.join("\n"));
  return 0;
}

async function mended(io: Io, outcome: MendOutcome, address: string, text: string): Promise<ExitCode> {
  if (outcome === "unknown") throw unknown(address);
  return saying(io, 0, () => print(io, visible(text)));
}

function unknown(address: string): UsageError {
  return new UsageError(`${address} is not in the ledger`, {
    to: "to list the managed resources",
    run: ["ledger", "list"],
  });
}

/** Entries are JSON, although their interfaces have no index signature. */
function asJson(value: object): Json {
  return value as Json;
}

export interface MigrateOptions extends LedgerOptions {
  readonly from: "file" | "git" | "http";
  readonly path?: string;
  readonly remote?: string;
  readonly ref?: string;
  readonly address?: string;
}

/** Copies the ledger from where it was to where `rollcall.yaml` says it is now. */
export async function ledgerMigrate(io: Io, options: MigrateOptions): Promise<ExitCode> {
  const to = await openLedger(io, options.project, options);
  const from = await openLedger(io, options.project, options, choiceOf(options));
  const state = await migrateLedger(from, to, holderOf(io, "ledger migrate"), options.lockTimeout);
  const count = Object.keys(state.entries).length;
  const text = `Copied ${count} entries (serial ${state.serial}) to ${to.place}. ${from.place} is unchanged.`;
  return saying(io, 0, () => print(io, visible(text)));
}

const REMOTE_HELP = "to see the names, run: git remote; to add one: git remote add <name> <url>";
const REF_HELP = "to copy a ref, run: git push <remote> <commit>:refs/rollcall/<project>/<environment>";

function choiceOf({ from, path, remote, ref, address }: MigrateOptions): LedgerChoice {
  if (from === "file") return { backend: from, ...(path === undefined ? {} : { path }) };
  if (from === "git") {
    if (remote !== undefined && !isRemoteName(remote))
      throw new UsageError(`--remote ${visible(remote)} is not the name of a remote`, REMOTE_HELP);
    if (ref !== undefined && !isLedgerRef(ref))
      throw new UsageError(`--ref ${visible(ref)} is not a ref below refs/rollcall/`, REF_HELP);
    return {
      backend: from,
      ...(remote === undefined ? {} : { remote }),
      ...(ref === undefined ? {} : { ref }),
    };
  }
  if (address === undefined) throw new UsageError("--from http needs --address");
  return { backend: from, address };
}
