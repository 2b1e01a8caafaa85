import { equal, isObject, property, type Json } from "../model/json.ts";
import { LedgerError, type LedgerState } from "../model/ledger.ts";
import { DEEPEST_FILE, parseJson } from "../model/parse-json.ts";
import { ledgerOf, shareTexts } from "./format.ts";

export interface PieceReader {
  add(piece: string): void;
  /** The ledger, or `undefined` where `parseLedger` has to look at the whole text. */
  end(place: string): LedgerState | undefined;
}

/** What `formatLedger` writes around the entries. No string in JSON contains a line end. */
const ENTRIES = '\n  "entries": {';
const ENTRY = '\n    "';
const ENTRY_END = "\n    }";

/** Characters that are searched again for each piece; no entry is as long. */
const LONGEST = 4 * 1024 * 1024;

interface Reading {
  stage: "before" | "entries" | "after" | "failed";
  readonly entries: Record<string, Json>;
  /** The text around the entries. */
  frame: string;
  /** What is not taken apart yet. */
  rest: string;
}

/**
 * Reads a ledger as `formatLedger` writes it piece by piece: of its entries, one at a time is held as text. The checksum
 * of the ledger says that nothing was misread; what is written otherwise, or is damaged, is not read.
 */
export function pieceReader(): PieceReader {
  const reading: Reading = { stage: "before", entries: {}, frame: "", rest: "" };
  return {
    add(piece) {
      if (reading.stage === "failed") return;
      try {
        read(reading, piece);
      } catch {
        Object.assign(reading, { stage: "failed", frame: "", rest: "" });
      }
    },
    end: (place) => (reading.stage === "after" ? whole(reading, place) : undefined),
  };
}

function read(reading: Reading, piece: string): void {
  reading.rest += piece;
  if (reading.stage === "before") readBefore(reading);
  if (reading.stage === "entries") readEntries(reading);
  if (reading.stage === "after") {
    reading.frame += reading.rest;
    reading.rest = "";
  }
  if (reading.rest.length > LONGEST) throw new SyntaxError("not a ledger as it is written");
}

function readBefore(reading: Reading): void {
  const found = reading.rest.indexOf(`${ENTRIES}${ENTRY}`);
  if (found < 0) return;
  const end = found + ENTRIES.length;
  reading.frame = reading.rest.slice(0, end);
  reading.rest = reading.rest.slice(end);
  reading.stage = "entries";
}

function readEntries(reading: Reading): void {
  const { rest, entries } = reading;
  let at = 0;
  while (reading.stage === "entries") {
    const end = rest.indexOf(ENTRY_END, at);
    const next = end + ENTRY_END.length;
    // What follows an entry must be there, too.
    if (end < 0 || next === rest.length) break;
    addEntry(entries, rest.slice(at, next));
    at = rest[next] === "," ? next + 1 : next;
    if (at === next) reading.stage = "after";
  }
  reading.rest = rest.slice(at);
}

/** Throws for what is no entry. */
function addEntry(entries: Record<string, Json>, text: string): void {
  if (!text.startsWith(ENTRY)) throw new SyntaxError("not an entry");
  // One level less than in the whole.
  const value = parseJson(`{${text}}`, DEEPEST_FILE - 1);
  if (!isObject(value) || Object.hasOwn(value, "__proto__")) throw new SyntaxError("not an entry");
  // Before the next piece is read: what is not kept of this one must not grow old.
  for (const entry of Object.values(value)) {
    const [applied, observed] = [property(entry, "applied"), property(entry, "observed")];
    if (isObject(applied) && isObject(observed)) shareTexts(applied, observed);
  }
  Object.assign(entries, value);
}

function whole({ frame, entries }: Reading, place: string): LedgerState | undefined {
  try {
    const value = parseJson(frame);
    const isFrame = isObject(value) && equal(value["entries"], {});
    return isFrame ? ledgerOf({ ...value, entries }, place) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof LedgerError) return undefined;
    throw error;
  }
}
