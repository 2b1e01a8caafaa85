import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Json } from "../../../model/json.ts";
import type { Chance } from "./chance.ts";
import { decode, encode } from "./exact-json.ts";
import { type Change, type Store, type Table, tableNames } from "./store.ts";

/** Keeps the state in a file of JSON lines, one a write, so that a write costs its own size and is whole or absent. */
export interface Journal {
  /** Writes what changed since the last call; true when anything did. */
  save(): boolean;
  /** Replaces the file by the present state. */
  compact(): void;
}

interface Line {
  readonly drawn: number;
  readonly changes: readonly Change[];
}

export function createJournal(store: Store, chance: Chance, file: string | undefined): Journal {
  const line = (changes: readonly Change[]): string =>
    `${encode({ drawn: chance.drawn, changes } as unknown as Json)}\n`;
  const compact = () => {
    if (file === undefined) return;
    const changes = tableNames().flatMap((table) =>
      rowsOf(store, table).map(([id, value]) => ({ table, id, value })),
    );
    writeFileSync(`${file}.new`, line(changes), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  if (file !== undefined && existsSync(file)) {
    for (const { drawn, changes } of readLines(file)) {
      chance.drawn = drawn;
      for (const change of changes) replay(store, change);
    }
    store.takeChanges();
  }
  compact();
  return {
    compact,
    save() {
      const changes = store.takeChanges();
      if (changes.length > 0 && file !== undefined) appendFileSync(file, line(changes));
      return changes.length > 0;
    },
  };
}

/** A last line that was cut off by a crash is left out. */
function readLines(file: string): readonly Line[] {
  const lines = readFileSync(file, "utf8").split("\n");
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
