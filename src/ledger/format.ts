import { createHash } from "node:crypto";
import { isObject, property, sorted, stringify, type Json, type JsonObject } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import { LedgerError, type Journal, type LedgerState } from "../model/ledger.ts";

/** The format that this version writes. A newer one is refused, never guessed at. */
const FORMAT = 1;

/** The text of a ledger: sorted keys, one entry a block, a checksum over everything else. */
export function formatLedger(state: LedgerState): string {
  const body = { format: FORMAT, ...state } as unknown as JsonObject;
  return `${stringify(sorted({ ...body, checksum: checksum(body) }), 2)}\n`;
}

/** Reads what `formatLedger` wrote. Throws `LedgerError` for anything else. */
export function parseLedger(text: string, place: string): LedgerState {
  const value = parsed(text, place);
  const format = property(value, "format");
  if (typeof format !== "number") throw corrupt(place, "it has no format number");
  if (format > FORMAT) {
    const message = `${place} has format ${format}, and this version of Rollcall knows up to ${FORMAT}: update Rollcall`;
    throw new LedgerError("newer", message);
  }
  const { checksum: claimed, ...body } = value;
  if (claimed !== checksum(body)) throw corrupt(place, "its checksum does not fit its content");
  const { lineage, serial, entries, journal } = body;
  if (typeof lineage !== "string" || typeof serial !== "number" || !isObject(entries)) {
    throw corrupt(place, "it lacks lineage, serial or entries");
  }
  return {
    lineage,
    serial,
    entries: entries as unknown as LedgerState["entries"],
    ...(isObject(journal) ? { journal: journal as unknown as Journal } : {}),
  };
}

function parsed(text: string, place: string): JsonObject {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    throw corrupt(place, "it is not JSON, perhaps cut short", error);
  }
  if (!isObject(value)) throw corrupt(place, "it is not an object");
  return value;
}

function corrupt(place: string, why: string, cause?: unknown): LedgerError {
  const message = `${place} cannot be read: ${why}. Restore it from a copy; or move it away, and the next plan finds the live objects again by name`;
  return new LedgerError("corrupt", message, { cause });
}

function checksum(body: JsonObject): string {
  return createHash("sha256")
    .update(stringify(sorted(body)))
    .digest("hex");
}
