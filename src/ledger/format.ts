import { createHash } from "node:crypto";
import { isList, isObject, property, type Json, type JsonObject } from "../model/json.ts";
import { withCurrentAction } from "../model/former-names.ts";
import { NestingError, parseJson } from "../model/parse-json.ts";
import { LedgerError, type Intent, type LedgerEntry, type LedgerState } from "../model/ledger.ts";
import { compactPieces, prettyPieces } from "./format-texts.ts";
import { areEntries, areIntents } from "./shape.ts";
import { visible } from "../model/visible.ts";

/** The format that this version writes. A newer one is refused, never guessed at. */
export const FORMAT = 3;

/** The members of a ledger and those of its entries and intents, each a piece. */
const LEVELS = 2;

/** The text of a ledger: sorted keys, one entry a block, a checksum over everything else. */
export function formatLedger(state: LedgerState): string {
  return [...ledgerPieces(state)].join("");
}

/** The same text in pieces, the largest of which is one entry. */
export function* ledgerPieces({
  lineage,
  serial,
  entries,
  account,
  intents = [],
}: LedgerState): Generator<string> {
  const body = {
    ...(account === undefined ? {} : { account }),
    entries,
    format: FORMAT,
    ...(intents.length === 0 ? {} : { intents }),
    lineage,
    serial,
  } as unknown as JsonObject;
  const keys = Object.keys(body);
  yield* prettyPieces({ checksum: checksum(body), ...body }, LEVELS, 0, ["checksum", ...keys]);
  yield "\n";
}

/** Reads what `formatLedger` wrote. Throws `LedgerError` for anything else. */
export function parseLedger(text: string, place: string): LedgerState {
  return ledgerOf(parsed(text, place), place);
}

/** The ledger that a text says, once it is parsed. Throws `LedgerError`. */
export function ledgerOf(value: JsonObject, place: string): LedgerState {
  const format = property(value, "format");
  if (typeof format !== "number") throw corrupt(place, notLedger(value));
  if (format > FORMAT) {
    const message = `${place} has format ${format}, and this version of Rollcall knows up to ${FORMAT}: update Rollcall`;
    throw new LedgerError("newer", message);
  }
  const { checksum: claimed, ...body } = value;
  if (claimed !== checksum(body)) {
    throw corrupt(place, "its checksum does not match its content: it was truncated or edited");
  }
  return (
    stateOf(body) ??
    fail(corrupt(place, "lineage, serial or entries are missing, or an entry or intent is not valid"))
  );
}

function stateOf(body: JsonObject): LedgerState | undefined {
  const { lineage, serial, account, entries } = body;
  if (typeof lineage !== "string" || typeof serial !== "number" || !Number.isSafeInteger(serial))
    return undefined;
  if (entries === undefined || !areEntries(entries)) return undefined;
  const known = entries as unknown as Readonly<Record<string, LedgerEntry>>;
  for (const { applied, observed } of Object.values(known)) shareTexts(applied, observed);
  const intents = currentIntents(body["intents"] ?? intentsOfFormat1(body["journal"]));
  if (!isList(intents) || !areIntents(intents)) return undefined;
  return {
    lineage,
    serial,
    ...(typeof account === "string" ? { account } : {}),
    entries: known,
    ...(intents.length === 0 ? {} : { intents: intents as unknown as readonly Intent[] }),
  };
}

/** Texts that are shorter than this are not worth it. */
const LONG = 256;

/**
 * An entry contains a prompt twice, as applied and as observed. Equal texts are stored once, which halves the memory that
 * a large ledger takes. This is done right after parsing, before other code has the values.
 */
export function shareTexts(from: JsonObject, into: JsonObject): void {
  for (const [key, text] of Object.entries(from))
    if (typeof text === "string" && text.length >= LONG && into[key] === text)
      (into as Record<string, Json>)[key] = text;
}

/** Formats 1 and 2 had other names for some actions. */
export function currentIntents(intents: Json | undefined): Json | undefined {
  return isList(intents)
    ? intents.map((intent) => (isObject(intent) ? withCurrentAction(intent) : intent))
    : intents;
}

/** Format 1 kept the intents of one run, with declared instead of written values. */
function intentsOfFormat1(journal: Json | undefined): readonly Json[] | undefined {
  if (journal === undefined) return [];
  const [run = "", who = "", began = ""] = ["run", "who", "began"].map((key) => property(journal, key));
  const intents = property(journal, "intents");
  if (!isList(intents) || !intents.every(isObject)) return undefined;
  return intents.map(({ desired = {}, ...intent }) =>
    Object.assign(intent, { id: intent["step"] ?? "", run, who, began, after: desired }),
  );
}

function parsed(text: string, place: string): JsonObject {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    throw corrupt(place, misreading(text, error), error);
  }
  if (!isObject(value)) throw corrupt(place, "it is not an object");
  return value;
}

function misreading(text: string, error: unknown): string {
  if (error instanceof NestingError) return `it is ${error.message}`;
  return /^<{7} /m.test(text) ? "it contains merge conflict markers" : "it is not valid JSON";
}

function notLedger(value: JsonObject): string {
  const version = property(value, "terraform_version");
  if (typeof version === "string") return `it is a Terraform ${visible(version)} state`;
  return "it has no format number";
}

function corrupt(place: string, why: string, cause?: unknown): LedgerError {
  const message = `${place} cannot be read: ${why}. Restore it from a backup, or move it away: the next plan then matches live objects by name`;
  return new LedgerError("corrupt", message, cause === undefined ? {} : { cause });
}

function checksum(body: JsonObject): string {
  const hash = createHash("sha256");
  for (const piece of compactPieces(body, LEVELS)) hash.update(piece);
  return hash.digest("hex");
}

function fail(error: Error): never {
  throw error;
}
