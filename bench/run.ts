/**
 * `npm run bench`: how fast Rollcall is, as ratios that mean the same on every machine. Each side is measured in turn in
 * one run; what counts is the median. The built command line and the emulator run as processes of their own.
 *
 *     npm run bench                                all but the rows that take many minutes
 *     npm run bench -- --only startup,plan-1000    rows by their names, or all of `startup`
 *     npm run bench -- --all --rounds 3
 */
import { parseArgs } from "node:util";
import type { Measured, Row } from "./row.ts";
import { applies } from "./rows/apply.ts";
import { drifts } from "./rows/drift.ts";
import { memory } from "./rows/memory.ts";
import { plans } from "./rows/plan.ts";
import { startUp } from "./rows/start-up.ts";
import { validates } from "./rows/validate.ts";

const ROWS: readonly Row[] = [...startUp, ...validates, ...applies, ...plans, ...drifts, ...memory];
const WIDTHS = [18, 10, 10, 8, 7] as const;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    all: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
  },
});
const rounds = Math.max(1, Math.floor(Number(values.rounds)) || 1);
const names = values.only?.split(",");
const chosen = ROWS.filter((row) =>
  names === undefined
    ? values.all || row.isLong !== true
    : names.some((name) => row.name === name || row.name.startsWith(`${name}-`)),
);
if (chosen.length === 0) throw new Error(`no such row; there are ${ROWS.map(({ name }) => name).join(", ")}`);

print("row", "value", "goal", "reached", "rounds", "what");
for (const row of chosen) {
  const measured = await row.measure(rounds);
  const { value, detail } = measured;
  const reached = value <= row.goal ? "yes" : "no";
  print(
    row.name,
    shown(value, row),
    `≤ ${shown(row.goal, row)}`,
    reached,
    String(measured.rounds),
    `${row.title} (${detail})`,
  );
}
const left = ROWS.filter((row) => !chosen.includes(row) && row.isLong === true && names === undefined);
if (left.length > 0)
  console.log(`\nNot run, for they take long: ${left.map(({ name }) => name).join(", ")} (--all)`);

function shown(value: Measured["value"], { unit }: Row): string {
  return unit === undefined ? value.toFixed(2) : `${value.toFixed(0)} ${unit}`;
}

function print(...cells: readonly string[]): void {
  console.log(cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join(" "));
}
