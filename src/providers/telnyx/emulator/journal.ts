import { closeSync, constants, existsSync, ftruncateSync, openSync, writeFileSync } from "node:fs";
import { readText } from "../../../host/files/read.ts";
import { writeWhole } from "../../../host/files/write.ts";
import type { Json } from "../../../model/json.ts";
import type { Chance } from "./chance.ts";
import { decode, encode } from "./exact-json.ts";
import { type Change, type Store, type Table, tableNames } from "./store.ts";

/** Stores the state in a file of JSON lines, one for each write, so that a write costs its own size and is complete or absent. */
export interface Journal {
  /** Writes the changes since the last call. True if there were any. */
  save(): boolean;
  /** Starts again with an empty state. */
  clear(): void;
  close(): void;
}

interface Line {
  readonly drawn: number;
  readonly changes: readonly Change[];
}

/** Bytes. */
const LARGEST = 256 * 1024 * 1024;

/** Reads the file into the store, and appends to it from then on. Throws `FileFault`. */
export async function openJournal(store: Store, chance: Chance, file: string | undefined): Promise<Journal> {
  if (file === undefined) return { save: () => store.takeChanges().length > 0, clear() {}, close() {} };
  if (existsSync(file)) {
    for (const { drawn, changes } of readLines(file)) {
      chance.drawn = drawn;
      for (const change of changes) replay(store, change);
    }
    store.takeChanges();
  }
  const line = (changes: readonly Change[]): string =>
    `${encode({ drawn: chance.drawn, changes } as unknown as Json)}\n`;
  await writeWhole(file, line(everything(store)), { isPrivate: true });
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0));
  let isOpen = true;
  return {
    save() {
      const changes = store.takeChanges();
      if (changes.length > 0 && isOpen) writeFileSync(descriptor, line(changes));
      return changes.length > 0;
    },
    clear() {
      if (!isOpen) return;
      ftruncateSync(descriptor, 0);
      writeFileSync(descriptor, line([]));
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

function everything(store: Store): readonly Change[] {
  return tableNames().flatMap((table) => rowsOf(store, table).map(([id, value]) => ({ table, id, value })));
}

/** Leaves out an incomplete last line, which a crash can leave behind. */
function readLines(file: string): readonly Line[] {
  const lines = readText(file, LARGEST).split("\n");
  if (lines.pop() !== "") process.emitWarning(`${file}: the last write was incomplete and is left out`);
  return lines.map((text) => decode(text) as unknown as Line);
}

function replay(store: Store, { table, id, value }: Change): void {
  const rows = store[table] as Table<unknown>;
  if (value === undefined) rows.drop(id);
  else rows.put(id, value);
}

function rowsOf(store: Store, table: Change["table"]): readonly (readonly [string, unknown])[] {
  return store[table].all().map((row) => [rowId(table, row), row] as const);
}

function rowId(table: Change["table"], row: object): string {
  const key = { tests: "test_id", runs: "run_id", replays: "scope" }[table as string] ?? "id";
  const id: unknown = Reflect.get(row, key);
  return String(id);
}
