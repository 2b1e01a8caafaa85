/** Every command that operates live objects, with every way in which its request can end; each also as a real process. */
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { FORMATS } from "../../src/cli/formats/index.ts";
import { getCommand } from "../../src/cli/program/account.ts";
import { eventCommands } from "../../src/cli/program/events.ts";
import { importCommand } from "../../src/cli/program/ledger.ts";
import { cloneCommand } from "../../src/cli/program/live-copies.ts";
import { copyCommand } from "../../src/cli/program/manifests.ts";
import { migrateCommand } from "../../src/cli/program/migrate.ts";
import * as operate from "../../src/cli/program/operate.ts";
import { pullCommand } from "../../src/cli/program/pull.ts";
import { testCommand } from "../../src/cli/program/test.ts";
import { versionsCommands } from "../../src/cli/program/versions.ts";
import type { Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { builtProgram, type Program } from "../resilience/program.ts";
import { publishedForm } from "../published-form.ts";
import type { Ran } from "./cli.ts";
import { called, OPERATIONS, type Operation } from "./operations/commands.ts";
import { rowsOf, type Row } from "./operations/rows.ts";
import { scene, type Scene } from "./operations/scene.ts";

const cellsOf = (operation: Operation) =>
  rowsOf(operation).map((row) => ({ operation, row, title: `${called(operation)}: ${row.what}` }));
const ALL = OPERATIONS.flatMap(cellsOf);
/** One row of each command, and each row. */
const SAMPLE = OPERATIONS.flatMap((operation, index) => {
  const cells = cellsOf(operation);
  const at = (index + 2) % cells.length;
  return cells.slice(at, at + 1);
});
const CELLS = inject("isLong") ? ALL : SAMPLE;
/** One cell of each command; a few of them where tests are quick. */
const AS_PROCESSES = inject("isLong") ? SAMPLE : SAMPLE.filter((_, index) => index % 8 === 0);

let program: Program;
let office: Scene;
beforeAll(async () => {
  program = await builtProgram();
  office = await scene();
});
afterAll(() => office.close());

function wordsOf(
  { words, json = [], asks, of }: Operation,
  { format, isUnapproved, isMistyped }: Row,
): readonly string[] {
  return [
    ...words(office.names),
    ...(asks === true && isUnapproved !== true ? ["--yes"] : []),
    ...(format === "json" ? json : []),
    ...(of === "copy" ? [] : ["--env", "staging"]),
    ...(isMistyped === true ? ["--no-such-option"] : []),
  ];
}

/** A command line of Rollcall in a message, up to the end of its sentence; a help is the same in every environment. */
const COMMANDS = /rollcall (?![a-z -]*--help)[a-z][^\n;]*/g;

describe.concurrent("a command", () => {
  test.each(CELLS)("$title", (cell) => endsAsItShould(cell));
  test.each(AS_PROCESSES)("as a process: $title", (cell) => endsAsItShould(cell, program));
});

/** In this process where no other is given. */
async function endsAsItShould({ operation, row }: (typeof ALL)[number], other?: Program): Promise<void> {
  const { effect = () => 0, of } = operation;
  let before = 0;
  const played = await office.run({ words: wordsOf(operation, row), program: other }, (own) => {
    before = effect(own);
    strike(own, operation, row);
  });
  const { ended, emulator, manifests } = played;
  expectWords(ended, operation, row);
  const isDone = operation.effect !== undefined && (row.end === undefined || row.fault?.kind === "reset-after");
  expect(Math.abs(effect(emulator) - before), "effects").toBe(isDone ? (operation.effects ?? 1) : 0);
  expect(emulator.state().sent).toHaveLength(of === "sms" && isDone ? 1 : 0);
  expect(manifests).toContain("Answer the phone.");
}

function strike(emulator: Emulator, { request }: Operation, { fault, isOfAll, isOnce }: Row): void {
  if (fault === undefined || request === undefined) return;
  const match = isOfAll === true ? {} : { match: request };
  emulator.inject({ ...match, fault, times: isOnce === true ? 1 : "always" });
}

/** The exit code, the error, and no result without success. */
function expectWords({ code, stdout, stderr }: Ran, { of, reports }: Operation, { end, format }: Row): void {
  expect(code, stderr).toBe(end?.code ?? 0);
  if (end === undefined) expect(stderr).not.toMatch(/error:|"error"/);
  else expect(format === "json" ? wordsIn(stderr) : stderr).toMatch(end.says);
  if (end !== undefined && reports !== true) expect(stdout).toBe("");
  if (format === "json" && stdout !== "") expectJson(linesOfJson(stdout), of);
  // `copy` is about all environments.
  if (of === "copy") return;
  for (const [command] of `${stderr}\n${stdout}`.matchAll(COMMANDS)) expect(command).toContain("--env staging");
}

const ERROR = publishedForm("error");

/** The last line of standard error, which is the error for programs, in words. What a request says is there as data, too. */
function wordsIn(stderr: string): string {
  const value: unknown = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "");
  expect(ERROR(value), stderr).toEqual([]);
  const { message, help, failure } = (value as ErrorLine).error;
  const [, status] = /answered (\d+)/.exec(message) ?? [];
  expect(failure?.status?.toString()).toBe(status);
  if (status !== undefined) expect(message).toContain(`request id ${failure?.request_id}`);
  return `error: ${message}${help === undefined ? "" : `\nhelp: ${help}`}`;
}

interface ErrorLine {
  readonly error: {
    readonly message: string;
    readonly help?: string;
    readonly failure?: { readonly status?: number; readonly request_id?: string };
  };
}

const PUBLISHED = new Map(["chat", "sms"].map((name) => [name, publishedForm(name)]));

/** Where its form is published, it has that form. */
function expectJson(values: readonly unknown[], of: string): void {
  expect(values).not.toEqual([]);
  const form = PUBLISHED.get(of);
  for (const value of values) expect(form?.(value) ?? [], JSON.stringify(value)).toEqual([]);
}

/** One JSON text, or one in each line. */
function linesOfJson(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  }
}

test("the sample has each row", () => {
  const rows = (cells: typeof ALL) => new Set(cells.map(({ row }) => row.what));
  expect(rows(SAMPLE)).toEqual(rows(ALL));
});

/** Commands that have tests of their own, with the reason. */
const ELSEWHERE = new Set([
  // Runs conversations and waits for them: test-command.test.ts.
  "test run",
  // Changes files, or what is live after many checks: versions-promote.test.ts.
  "versions promote",
]);

test("each command that operates live objects is in the table", () => {
  const root = new Command();
  const context = { program: root, io: {} as never, formats: FORMATS, ended: () => undefined };
  const registers = [
    ...Object.values(operate).filter((register) => register !== operate.objectCommand),
    eventCommands,
    versionsCommands,
    testCommand,
    getCommand,
    pullCommand,
    cloneCommand,
    copyCommand,
    importCommand,
    migrateCommand,
  ];
  for (const register of registers) (register as typeof getCommand)(context);
  const leaves = (command: Command, path: readonly string[]): readonly string[] =>
    command.commands.length === 0
      ? [path.join(" ")]
      : command.commands.flatMap((one) => leaves(one, [...path, one.name()]));
  const names = leaves(root, []).filter((name) => !ELSEWHERE.has(name));
  expect(names.toSorted()).toEqual([...new Set(OPERATIONS.map(({ of }) => of))].toSorted());
});
