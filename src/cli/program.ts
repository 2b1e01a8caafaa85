import { Command, CommanderError } from "commander";
import { ForgeError } from "../forge/forge.ts";
import { FileFault } from "../host/files/fault.ts";
import { LedgerError } from "../model/ledger.ts";
import { ProviderError } from "../model/provider.ts";
import type { ExitCode } from "./exit-code.ts";
import { SelectionError } from "../operations/account/account.ts";
import { OptionsError } from "../providers/telnyx/errors.ts";
import { AccessError } from "../workspace/api-access.ts";
import { ExitError, isSystemError, Refused, UnknownOutcome, UsageError } from "./failure.ts";
import { adviceText, withPlace, type Place } from "./next-command.ts";
import { note, noteError, print, type Io } from "./io.ts";
import { adviceAfter } from "../report/advice.ts";
import { visible } from "../model/visible.ts";
import { version } from "../host/version.ts";
import { FORMATS } from "./formats/index.ts";
import type { FormatRow } from "./formats/format.ts";
import { getCommand } from "./program/account.ts";
import { ciCommands } from "./program/ci.ts";
import type { Context } from "./program/context.ts";
import { cloneCommand } from "./program/live-copies.ts";
import { importCommand, ledgerCommands } from "./program/ledger.ts";
import {
  copyCommand,
  initCommand,
  learningCommands,
  schemaCommand,
  shellCommands,
  validateCommand,
} from "./program/manifests.ts";
import { eventCommands } from "./program/events.ts";
import { completeHelp, HELP_STYLE } from "./program/help.ts";
import { chatCommand, enhanceCommand, smsCommand, tagsCommands, toolCommand } from "./program/operate.ts";
import { migrateCommand } from "./program/migrate.ts";
import { pullCommand } from "./program/pull.ts";
import { applyCommands, driftCommand, planCommands } from "./program/planning.ts";
import { emulatorCommand, testCommand } from "./program/test.ts";
import { versionsCommands } from "./program/versions.ts";

/** Runs one command line and returns its exit code. Throws nothing but bugs. */
export async function run(
  args: readonly string[],
  surroundings: Io,
  formats: readonly FormatRow[] = FORMATS,
): Promise<ExitCode> {
  const io: Io = { ...surroundings, errors: asksForJson(args) ? "json" : "text" };
  let code: ExitCode = 0;
  const ended = (result: ExitCode) => {
    code = result;
  };
  const help: Promise<void>[] = [];
  let place: Place = {};
  const program = createProgram({ io, formats, ended, help }, args[0]);
  program.hook("preAction", (_, command) => {
    place = placeOf(command);
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return failed(await unwritten(help, error), io, place);
  }
}

/** Known before the command line is parsed: a mistake in it is an error, too. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  return options.some(
    (text, index) =>
      /^(?:--format=|--output=|-o)json$/.test(text) ||
      (text === "json" && ["--format", "--output", "-o"].includes(options[index - 1] ?? "")),
  );
}

/** What ended the command; where its help could not be written, that. */
async function unwritten(help: readonly Promise<void>[], error: unknown): Promise<unknown> {
  const failures = (await Promise.allSettled(help)).filter(({ status }) => status === "rejected");
  return failures.map((failure) => (failure as PromiseRejectedResult).reason)[0] ?? error;
}

/** Where a command works: the project as an option or as an argument, and the environment. */
function placeOf(command: Command): Place {
  const { project, env } = command.opts<Place>();
  const path = command.registeredArguments.findIndex((argument) => argument.name() === "path");
  return { project: project ?? command.args[path], env };
}

async function failed(error: unknown, io: Io, place: Place): Promise<ExitCode> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    if (io.errors === "json") await noteError(io, error.message.replace(/^error: /, ""));
    return 1;
  }
  if (error instanceof ExitError) return error.code;
  if (error instanceof UsageError || error instanceof AccessError || error instanceof SelectionError) {
    const hint = "hint" in error ? error.hint : undefined;
    const failure = "failure" in error ? error.failure : undefined;
    await noteError(io, error.message, { help: hint && adviceText(hint, place), failure });
    return codeOf(error);
  }
  if (error instanceof ProviderError) {
    const { message, failure } = error;
    await noteError(io, message, { help: adviceAfter(failure), failure });
    return 1;
  }
  if (error instanceof OptionsError || error instanceof ForgeError) {
    await noteError(io, error.message);
    return 1;
  }
  if (error instanceof LedgerError) {
    await noteError(io, withPlace(error.message, place));
    return error.problem === "locked" || error.problem === "changed" ? 4 : 1;
  }
  if (isSystemError(error) || error instanceof FileFault) {
    await noteError(io, error.message);
    return 1;
  }
  throw error;
}

function codeOf(error: Error): ExitCode {
  if (error instanceof Refused) return 4;
  return error instanceof UnknownOutcome ? 3 : 1;
}

/**
 * The commands that each function registers, in the order of the help. Where all commands are needed, as for a list of them,
 * no name is given.
 */
const COMMANDS: readonly (readonly [readonly string[], (context: Context) => void])[] = [
  [["init"], initCommand],
  [["pull"], pullCommand],
  [["migrate"], migrateCommand],
  [["validate"], validateCommand],
  [["plan", "show"], planCommands],
  [["apply", "destroy"], applyCommands],
  [["ledger"], ledgerCommands],
  [["import"], importCommand],
  [["drift"], driftCommand],
  [["get"], getCommand],
  [["copy"], copyCommand],
  [["clone"], cloneCommand],
  [["test"], testCommand],
  [["chat"], chatCommand],
  [["sms"], smsCommand],
  [["tool"], toolCommand],
  [["enhance"], enhanceCommand],
  [["tags"], tagsCommands],
  [["versions"], versionsCommands],
  [["events"], eventCommands],
  [["ci"], ciCommands],
  [["explain", "graph"], learningCommands],
  [[], shellCommands],
  [["schema"], schemaCommand],
  [["emulator"], emulatorCommand],
];

interface Setting extends Omit<Context, "program"> {
  /** What is being written of the help. */
  readonly help: Promise<void>[];
}

/** With the command of that name alone, or with all commands if there is none. */
function createProgram({ io, formats, ended, help }: Setting, name: string | undefined): Command {
  const program = new Command("rollcall")
    .description("GitOps for Telnyx AI Assistants: declare them in Git, plan, and apply.")
    .version(version, "-V, --version")
    .exitOverride()
    .configureHelp(HELP_STYLE)
    .configureOutput({
      writeOut: (text) => void help.push(print(io, text)),
      // For programs, the error is said when the command has ended.
      writeErr: (text) => void (io.errors === "json" || note(io, text)),
      outputError: (text, write) => write(`${visible(text.trimEnd().replace("\n(", " ("))}\n`),
    });
  const named = COMMANDS.filter(([names]) => name !== undefined && names.includes(name));
  for (const [, register] of named.length > 0 ? named : COMMANDS) register({ program, io, formats, ended });
  completeHelp(program);
  // Otherwise `--version` behind a command would print the version instead of running the command, and succeed.
  return program.enablePositionalOptions();
}
