import { createHash } from "node:crypto";
import { isList, isObject, property, type Json } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { LedgerError, type Fact, type LedgerEntry, type LedgerState } from "../../model/ledger.ts";
import { fold } from "../../model/fold.ts";
import { currentIntents, FORMAT } from "../format.ts";
import { compactPieces } from "../format-texts.ts";
import { areFacts } from "../shape.ts";
import type { Commit } from "../save-queue.ts";

/**
 * The log of a run is next to its ledger file: a first line that says which state it continues, then a line for each
 * commit. A line is complete if its checksum matches.
 */
export function logPath(path: string): string {
  return `${path.replace(/\.json$/, "")}.log.jsonl`;
}

/** What a log begins with: the state that its commits come after. */
export type LogHead = Pick<LedgerState, "lineage" | "serial">;

export interface Log {
  readonly head: LogHead;
  readonly commits: readonly Commit[];
  /** How many bytes are whole; what comes after them was cut off while it was written. */
  readonly bytes: number;
}

export function headLine({ lineage, serial }: LogHead): string {
  return [...linePieces({ format: FORMAT, lineage, serial })].join("");
}

export function commitLine(commit: Commit): string {
  return [...commitPieces(commit)].join("");
}

/** The line of a commit in pieces, the largest of which is one intent or entry: a run begins with all its intents. */
export function commitPieces({ serial, facts }: Commit): Iterable<string> {
  return linePieces({ facts: facts as unknown as Json, serial });
}

/** The commit, its facts, the members of a fact, and its intents. */
const LEVELS = 4;

function* linePieces(value: Readonly<Record<string, Json>>): Generator<string> {
  const hash = createHash("sha256");
  let last = "";
  for (const piece of compactPieces(value, LEVELS)) {
    hash.update(piece);
    yield last;
    last = piece;
  }
  // The sum stands in place of the bracket at the end.
  yield `${last.slice(0, -1)},"sum":"${hash.digest("hex").slice(0, SUM)}"}\n`;
}

const SUM = 16;

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, SUM);
}

/**
 * Reads a log; `undefined` where not even its first line is whole. A torn last line is left out. Throws `LedgerError`
 * where anything before it does not fit.
 */
export function parseLog(text: string, place: string): Log | undefined {
  const lines = text.split(/(?<=\n)/);
  const values = lines.map(valueOf);
  const whole = values.findIndex((value) => value === undefined);
  const count = whole < 0 ? lines.length : whole;
  if (count < lines.length - 1)
    throw corrupt(
      place,
      MERGE_MARKER.test(text)
        ? "its log contains merge conflict markers"
        : `line ${count + 1} of its log has a wrong checksum`,
    );
  const [head, ...commits] = values.slice(0, count);
  if (head === undefined) return undefined;
  return {
    head: headOf(head, place),
    commits: commits.map((value) => commitOf(value, place)),
    bytes: Buffer.byteLength(lines.slice(0, count).join("")),
  };
}

const MERGE_MARKER = /^(?:<{7}|>{7}) /m;

/** `undefined` for a line that was not written to its end. A checkout may have converted the end of the line. */
function valueOf(text: string): Json | undefined {
  const match = /^(.*),"sum":"([0-9a-f]{16})"\}\r?\n$/s.exec(text);
  if (match === null || sumOf(`${match[1]}}`) !== match[2]) return undefined;
  return parseJson(`${match[1]}}`);
}

function headOf(value: Json | undefined, place: string): LogHead {
  const [format, lineage, serial] = [
    property(value, "format"),
    property(value, "lineage"),
    property(value, "serial"),
  ];
  if (typeof format === "number" && format > FORMAT)
    throw new LedgerError("newer", `the log of ${place} has format ${format}: update Rollcall`);
  if (typeof lineage !== "string" || !isSerial(serial))
    throw corrupt(place, "its log does not name its base state");
  return { lineage, serial };
}

function isSerial(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

function commitOf(value: Json | undefined, place: string): Commit {
  const [serial, told] = [property(value, "serial"), property(value, "facts")];
  const facts = isList(told) ? told.map(currentFact) : told;
  if (!isSerial(serial) || facts === undefined || !areFacts(facts))
    throw corrupt(place, "its log contains an invalid line");
  return { serial, facts: facts as unknown as readonly Fact[] };
}

/** Formats 1 and 2 had other names for some actions. */
function currentFact(fact: Json): Json {
  const intents = property(fact, "intents");
  return isObject(fact) && isList(intents) ? { ...fact, intents: currentIntents(intents) ?? intents } : fact;
}

/**
 * The state with what the log has learnt. Commits that the state holds already are left out. Where the state went on
 * from another copy of the ledger, it lacks what the log tells: what it does not know at all is added to it.
 */
export function withLog(
  state: LedgerState | undefined,
  log: Log | undefined,
  place: string,
): LedgerState | undefined {
  if (log === undefined) return state;
  if (state !== undefined && state.lineage !== log.head.lineage)
    throw corrupt(place, "its log belongs to another ledger");
  const known = state ?? { ...log.head, entries: {} };
  const isCovered = ({ serial }: Commit): boolean => serial <= known.serial;
  const base = withLacking(known, log.head, log.commits.filter(isCovered));
  const news = log.commits.filter((commit) => !isCovered(commit));
  if (news.length === 0) return base === known ? state : base;
  const folded = fold(base, ...news.map(({ facts }) => facts));
  return { ...folded, serial: news.at(-1)?.serial ?? folded.serial };
}

/** A state that has taken in these commits lacks nothing of them. */
function withLacking(state: LedgerState, head: LogHead, commits: readonly Commit[]): LedgerState {
  const told = fold({ ...head, entries: {} }, ...commits.map(({ facts }) => facts));
  const objects = new Set(Object.values(state.entries).map(objectOf));
  const entries = Object.entries<LedgerEntry>(told.entries).filter(
    ([address, entry]) => !Object.hasOwn(state.entries, address) && !objects.has(objectOf(entry)),
  );
  const open = new Set((state.intents ?? []).map(({ id }) => id));
  const intents = (told.intents ?? []).filter(({ id }) => !open.has(id));
  if (entries.length === 0 && intents.length === 0) return state;
  return {
    ...state,
    entries: { ...state.entries, ...Object.fromEntries(entries) },
    intents: [...intents, ...(state.intents ?? [])],
  };
}

function objectOf({ kind, id }: LedgerEntry): string {
  return `${kind} ${id}`;
}

function corrupt(place: string, why: string): LedgerError {
  return new LedgerError(
    "corrupt",
    `${place} cannot be read: ${why}. Restore both files from a backup, or move the log away: the next plan then uses the state before it`,
  );
}
