import { expect, test } from "vitest";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { adviceText, BY_PATH, nextCommand, withPlace } from "./next-command.ts";
import { inEnvironment } from "../report/in-environment.ts";
import { importCommand } from "./program/ledger.ts";
import { validateCommand } from "./program/manifests.ts";
import { applyCommands, driftCommand, planCommands } from "./program/planning.ts";

test.each([
  [["events", "list", "Assistant/a"], {}, "rollcall events list Assistant/a"],
  [["chat", "it's me"], {}, String.raw`rollcall chat 'it'\''s me'`],
  [["chat", "a"], { env: "staging" }, "rollcall chat a --env staging"],
  [["chat", "a"], { project: "my dir", env: "staging" }, "rollcall chat a --project 'my dir' --env staging"],
  [["plan"], { project: "my dir", env: "staging" }, "rollcall plan 'my dir' --env staging"],
])("%j with %j", (words, options, expected) => {
  expect(nextCommand(words, options)).toBe(expected);
});

test("advice names the current project and environment, or another environment", () => {
  const place = { project: "p", env: "staging" };
  expect(adviceText({ to: "to see it", run: ["get", "x"] }, place)).toBe(
    "to see it, run: rollcall get x --project p --env staging",
  );
  expect(adviceText({ to: "to see it", run: ["get"], env: "other", or: "or wait" }, place)).toBe(
    "to see it, run: rollcall get --project p --env other; or wait",
  );
  expect(adviceText("wait", place)).toBe("wait");
});

test("commands in a text get the current project and environment", () => {
  expect(withPlace('wait, or run "rollcall ledger unlock"', { project: "p", env: "staging" })).toBe(
    'wait, or run "rollcall ledger unlock --project p --env staging"',
  );
});

test("commands in plans and reports are in double quotes and get the environment of the plan", () => {
  const forget = 'run "rollcall ledger forget Tool/a", or "rollcall ledger forget Tool/a --env other"';
  expect(inEnvironment(forget, "default")).toBe(forget);
  expect(inEnvironment(forget, "staging")).toBe(
    'run "rollcall ledger forget Tool/a --env staging", or "rollcall ledger forget Tool/a --env other"',
  );
  const src = join(import.meta.dirname, "..");
  const names = ["reconcile", "report", "ledger"].flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: "utf8" }).map((name) => join(room, name)),
  );
  const sources = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  expect(sources.length).toBeGreaterThan(100);
  const bare = sources
    .filter((name) => !name.endsWith("explain.ts"))
    .filter((name) =>
      /(?<!["/])rollcall (?:ledger|import|drift|plan|apply|destroy|get|pull|events|versions)\b(?! --)|run:? rollcall/.test(
        readFileSync(join(src, name), "utf8"),
      ),
    );
  expect(bare).toEqual([]);
});

test("commands that take the project as an argument are known", () => {
  const program = new Command();
  const context = { program, io: {} as never, formats: [], ended: () => undefined };
  for (const register of [importCommand, validateCommand, applyCommands, driftCommand, planCommands])
    register(context);
  const byPath = program.commands.filter(({ registeredArguments: all }) =>
    all.some((argument) => argument.name().startsWith("path")),
  );
  expect(byPath.map((one) => one.name())).toEqual(expect.arrayContaining([...BY_PATH]));
});

/** Files whose commands are for no place: of a new project, of a saved plan, and for a checkout. */
const PLACELESS = new Set([
  "cli/commands/init.ts",
  "cli/commands/apply.ts",
  "cli/commands/plan.ts",
  "cli/plan-file.ts",
  "cli/program/test.ts",
]);

/** Files whose hints quote commands: the report of a pull adds the environment (test/pull/second-environment.test.ts). */
const QUOTING = new Set(["operations/pull/check.ts"]);

test("no message of a command or a use case writes a command itself: it would lack the environment", () => {
  const src = join(import.meta.dirname, "..");
  const files = ["cli", "operations"].flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: "utf8" }).map((name) => join(room, name)),
  );
  const sources = files.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  expect(sources.length).toBeGreaterThan(100);
  const found = sources
    .filter(
      (name) => !PLACELESS.has(name) && !QUOTING.has(name) && !/^cli\/(?:scaffold|completion)\//.test(name),
    )
    .filter((name) => /(?:run:? "?|Run "?|: )rollcall [a-z]/.test(readFileSync(join(src, name), "utf8")));
  expect(found).toEqual([]);
});
