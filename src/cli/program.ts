import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { COUNTED, FINDINGS } from "../operations/findings.ts";
import { ForgeError } from "../forge/forge.ts";
import { FileFault } from "../host/files/fault.ts";
import { LedgerError } from "../model/ledger.ts";
import { CHOICE_NAMES, isChoiceName } from "../reconcile/saved-plan/saved-choices.ts";
import { ProviderError } from "../model/provider.ts";
import type { Shell } from "./commands/completion.ts";
import type { EmulatorCommandOptions } from "./commands/emulator.ts";
import type { ExplainOptions } from "./commands/explain.ts";
import type { GraphOptions } from "./commands/graph.ts";
import type { ImportOptions } from "./commands/import.ts";
import type { LedgerOptions, MigrateOptions } from "./commands/ledger.ts";
import type { ShowOptions } from "./commands/show.ts";
import type { TestOptions } from "./commands/test.ts";
import type { ValidateOptions } from "./commands/validate.ts";
import type { ExitCode } from "./exit-code.ts";
import { MOST_AT_A_TIME } from "../providers/telnyx/client/window.ts";
import { OptionsError } from "../providers/telnyx/errors.ts";
import { AccessError } from "../workspace/api-access.ts";
import { Ended, isSystemError, Refused, UsageError } from "./failure.ts";
import { note, noteError, print, type Io } from "./io.ts";
import { visible } from "../report/safe.ts";
import { PLAN_FORMATS } from "./plan-formats.ts";
import { reports } from "./reports.ts";
import { ciCommands } from "./ci-program.ts";
import { CI_SYSTEMS } from "./scaffold/ci.ts";
import { onConflict } from "./conflict-option.ts";
import { version } from "../host/version.ts";

/** Runs one command line and says how it ended. Nothing is thrown but bugs. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0;
  const ended = (result: ExitCode) => {
    code = result;
  };
  const program = createProgram(io, ended);
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return failed(error, io);
  }
}

async function failed(error: unknown, io: Io): Promise<ExitCode> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
  if (error instanceof Ended) return error.code;
  if (error instanceof UsageError || error instanceof AccessError) {
    await noteError(io, error.message, error.hint);
    return error instanceof Refused ? 4 : 1;
  }
  if (error instanceof ProviderError || error instanceof OptionsError || error instanceof ForgeError) {
    await noteError(io, error.message);
    return 1;
  }
  if (error instanceof LedgerError) {
    await noteError(io, error.message);
    return error.problem === "locked" || error.problem === "changed" ? 4 : 1;
  }
  if (isSystemError(error) || error instanceof FileFault) {
    await noteError(io, error.message);
    return 1;
  }
  throw error;
}

function createProgram(io: Io, ended: (code: ExitCode) => void): Command {
  const program = new Command("rollcall")
    .description("GitOps for Telnyx AI Assistants: what is declared in Git is what callers hear.")
    .version(version, "-V, --version")
    .showHelpAfterError("(see: rollcall --help)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void print(io, text),
      writeErr: (text) => void note(io, text),
      outputError: (text, write) => write(`${visible(text.trimEnd().replace("\n(", " ("))}\n`),
    });
  // A command is loaded when it runs: the others cost nothing at the start.
  const does =
    (load: () => Promise<(io: Io, path: string | undefined, options: never) => Promise<ExitCode>>) =>
    async (path: string | undefined, options: unknown) =>
      ended(await (await load())(io, path, options as never));

  program
    .command("init")
    .description("begin a project: an assistant with its prompt, a test, a CI workflow, editor settings")
    .argument("[dir]", "the folder; default: the current one. What is there is left as it is")
    .option("--name <name>", "the name of the project; default: that of the folder")
    .addOption(
      new Option("--ci <system>", "where manifests are checked: writes a workflow for it")
        .choices(CI_SYSTEMS)
        .default("github"),
    )
    .action(does(async () => (await import("./commands/init.ts")).initCommand));
  environmentCommand(program, "validate", "check the manifests, offline")
    .argument(
      "[path...]",
      "project folders, folders above projects, or files; default: the current folder and upwards",
    )
    .addOption(formats("text", "json", "github", "sarif"))
    .addOption(new Option("--all-environments", "check every environment; the default where none is chosen"))
    .option("--strict", "count warnings as errors")
    .option(
      "--show <address>",
      "print the manifest of one resource with includes, variables and patches resolved",
    )
    .action(async (paths: readonly string[], options: ValidateOptions) =>
      ended(await (await import("./commands/validate.ts")).validateCommand(io, paths, options)),
    );
  planningCommand(projectCommand(program, "plan", "show what apply would do, and what changed outside Git"))
    .addOption(formats(...PLAN_FORMATS))
    .addOption(reports(...PLAN_FORMATS))
    .option("-o, --out <file>", "save the plan, to be applied as it is")
    .option("--destroy", "plan what destroy would do: delete everything this project owns")
    .option("--detailed-exitcode", "exit with 2 when there are changes")
    .option("--show-unmanaged", "list the live values that nobody declares")
    .action(does(async () => (await import("./commands/plan.ts")).planCommand));
  showCommand(program, io, ended);
  writingCommand(
    planningCommand(projectCommand(program, "apply", "plan, ask, and do; or do exactly a saved plan")),
  )
    .option("--allow-equivalent", "accept a saved plan that is stale when its changes come out identical")
    .addOption(
      new Option(
        "--accept <choices>",
        `refuse a saved plan that was made with other choices than these: ${CHOICE_NAMES.join(", ")}; or none`,
      ).argParser(acceptedChoices),
    )
    .option("--plan-id <id>", "refuse a saved plan that has another id")
    .action(does(async () => (await import("./commands/apply.ts")).applyCommand));
  writingCommand(projectCommand(program, "destroy", "delete everything this project owns"))
    .addOption(repeatable("--target <address>", "only this resource"))
    .addOption(repeatable("--selector <key=value>", "only resources with this label"))
    .addOption(parallelism())
    .action(does(async () => (await import("./commands/apply.ts")).destroyCommand));
  ledgerCommands(program, io, ended);
  program
    .command("import")
    .description("take one live object under management; nothing is written live")
    .argument("<address>", "the address of its manifest: Assistant/front-desk")
    .argument("<id>", "its id; under a parent: parent-id/own-id")
    .argument("[path]", "project folder")
    .addOption(lockTimeout())
    .option("--env <environment>", "environment of rollcall.yaml")
    .addOption(variables())
    .option("--no-color", "plain text")
    .action(async (address: string, id: string, path: string | undefined, options: ImportOptions) =>
      ended(await (await import("./commands/import.ts")).importCommand(io, address, id, path, options)),
    );
  projectCommand(program, "drift", "show what changed outside Git since the last apply")
    .addOption(formats(...PAGES))
    .addOption(reports(...PAGES))
    .addOption(parallelism())
    .addOption(
      new Option("--fail-on <finding...>", "what makes the exit code 2")
        .choices(FINDINGS)
        .default([...COUNTED]),
    )
    .addOption(full())
    .option("--show-foreign", "name the live objects that nobody declares")
    .addOption(
      new Option(
        "--quick",
        "trust the lists of the API where they show no difference, instead of reading every object",
      ).conflicts("propose"),
    )
    .option("--propose", "write the live values of what drifted into the manifests; nothing is written live")
    .action(does(async () => (await import("./commands/drift.ts")).driftCommand));
  program
    .command("test")
    .description("run assistant tests on Telnyx, wait for them, and report; each run is a real conversation")
    .argument("[suite or address...]", "test suites and addresses of tests; default: all")
    .option("--project <path>", "project folder; default: the current folder and upwards")
    .option("--env <environment>", "environment of rollcall.yaml")
    .addOption(variables())
    .option("--version-of <address>", "hold them with this AssistantVersion instead of main")
    .option("--timeout <duration>", "for each test: 90s, 20m", duration, 1_200_000)
    .addOption(formats("text", "json", "junit"))
    .addOption(new Option("--parallelism <n>", "tests at a time").argParser(wholeNumber).default(4))
    .option("--no-color", "plain text")
    .option("-q, --quiet", "no progress")
    .action(async (names: readonly string[], options: TestOptions) =>
      ended(await (await import("./commands/test.ts")).testCommand(io, names, options)),
    );
  ciCommands(program, io, ended);
  learningCommands(program, io, ended);
  program
    .command("schema")
    .description("print the JSON Schema of manifests, for editors and other tools")
    .argument("[kind]", "only the schema of this kind's spec")
    .action(does(async () => (await import("./commands/schema.ts")).schemaCommand));
  program
    .command("emulator")
    .description("run a local Telnyx API to try things on")
    .option("--port <number>", "port; 0 takes a free one", wholeNumber, 8080)
    .option("--host <host>", "address to listen on; 0.0.0.0 lets everybody in, no key is checked", "127.0.0.1")
    .addOption(
      repeatable("--allowed-host <name>", "answer to this name, too; else only to names of this machine"),
    )
    .option("--data <file>", "keep the content in this file between runs")
    .option("--latency <milliseconds>", "added to every answer", wholeNumber, 0)
    .option("--rate-limit <requests>", "requests a minute", wholeNumber)
    .action(async (options: EmulatorCommandOptions) => {
      const { emulatorCommand } = await import("./commands/emulator.ts");
      ended(await emulatorCommand(io, options));
    });
  return program;
}

/** Offline: a plan that was saved. */
function showCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  program
    .command("show")
    .description("show a saved plan, and who made it; offline")
    .argument("<plan.json>", "the file of the plan")
    .addOption(formats(...PLAN_FORMATS))
    .addOption(reports(...PLAN_FORMATS))
    .addOption(full())
    .option("--show-unmanaged", "list the live values that nobody declares")
    .option("--no-color", "plain text")
    .action(async (path: string, options: ShowOptions) =>
      ended(await (await import("./commands/show.ts")).showCommand(io, path, options)),
    );
}

/** Offline: what manifests may say, and what these say. */
function learningCommands(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  program
    .command("explain")
    .description("what a kind, a field or a diagnostic means, what to do, and an example")
    .argument("[kind.field]", "Assistant.spec.voice_settings, or a code: RC2004; default: the kinds")
    .addOption(formats("text", "json"))
    .option("--no-color", "plain text")
    .action(async (path: string | undefined, options: ExplainOptions) =>
      ended(await (await import("./commands/explain.ts")).explainCommand(io, path, options)),
    );
  projectCommand(program, "graph", "what refers to what, as a picture in text")
    .addOption(formats("mermaid", "dot", "json"))
    .action(async (path: string | undefined, options: GraphOptions) =>
      ended(await (await import("./commands/graph.ts")).graphCommand(io, path, options)),
    );
  program
    .command("__complete", { hidden: true })
    .argument("<what>")
    .argument("[words...]")
    .action(async (what: string, words: readonly string[]) =>
      ended(await (await import("./commands/complete.ts")).completeCommand(io, what, words)),
    );
  program
    .command("completion")
    .description("the script that completes commands, options and choices in a shell")
    .addArgument(new Argument("<shell>", "the shell to complete in").choices(["bash", "zsh", "fish"]))
    .action(async (shell: Shell) =>
      ended(await (await import("./commands/completion.ts")).completionCommand(io, shell, program)),
    );
}

/** A command that loads a project in one environment. */
function projectCommand(program: Command, name: string, description: string): Command {
  return environmentCommand(program, name, description).argument(
    "[path]",
    "project folder, folder of manifests, or one file; default: the current folder and upwards",
  );
}

function environmentCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--env <environment>", "environment of rollcall.yaml")
    .addOption(variables())
    .option("--no-color", "plain text")
    .option("-q, --quiet", "no progress")
    .option("-v, --verbose", "every request");
}

const PAGES = ["text", "json", "markdown", "html"] as const;

function writingCommand(command: Command): Command {
  return command
    .addOption(formats(...PAGES))
    .addOption(reports(...PAGES))
    .option("-y, --yes", "do not ask")
    .addOption(lockTimeout());
}

function lockTimeout(): Option {
  return new Option("--lock-timeout <duration>", "how long to wait for the ledger's lock: 30s, 5m")
    .argParser(duration)
    .default(0);
}

/** Look at the baseline, and mend it. */
function ledgerCommands(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const commands = () => import("./commands/ledger.ts");
  const ledger = program.command("ledger").description("look at the baseline and mend it");
  const sub = (name: string, description: string) =>
    ledger
      .command(name)
      .description(description)
      .option("--project <path>", "project folder; default: the current folder and upwards")
      .option("--env <environment>", "environment of rollcall.yaml")
      .addOption(variables())
      .option("--no-color", "plain text")
      .addOption(lockTimeout());
  sub("list", "every resource that the ledger knows, with its id")
    .addOption(formats("text", "json"))
    .action(async (options: LedgerOptions) => ended(await (await commands()).ledgerList(io, options)));
  sub("show", "one entry: what was applied, and what was seen right after")
    .argument("<address>")
    .action(async (address: string, options: LedgerOptions) =>
      ended(await (await commands()).ledgerShow(io, address, options)),
    );
  sub("move", "give an entry another address; the object stays")
    .argument("<from>")
    .argument("<to>")
    .action(async (from: string, to: string, options: LedgerOptions) =>
      ended(await (await commands()).ledgerMove(io, from, to, options)),
    );
  sub("forget", "let go of an object; it stays live")
    .argument("<address>")
    .action(async (address: string, options: LedgerOptions) =>
      ended(await (await commands()).ledgerForget(io, address, options)),
    );
  sub("unlock", "remove the lock of a run that is certainly gone")
    .option("-y, --yes", "do not ask")
    .action(async (options: LedgerOptions) => ended(await (await commands()).ledgerUnlock(io, options)));
  sub("migrate", "copy the ledger from where it was to where rollcall.yaml says it is now")
    .addOption(
      new Option("--from <backend>", "where it was").choices(["file", "git", "http"]).makeOptionMandatory(),
    )
    .option("--path <folder>", "file: the folder of the ledger files")
    .option("--remote <name>", "git: the name of the remote")
    .option("--ref <ref>", "git: the ref, below refs/rollcall/")
    .option("--address <url>", "http: the address")
    .action(async (options: MigrateOptions) => ended(await (await commands()).ledgerMigrate(io, options)));
  sub("history", "past applies, where the ledger keeps them")
    .addOption(formats("text", "json"))
    .action(async (options: LedgerOptions) => ended(await (await commands()).ledgerHistory(io, options)));
}

function planningCommand(command: Command): Command {
  return command
    .option("--prune", "delete owned resources that left the manifests")
    .addOption(onConflict())
    .option("--adopt", "change objects that the ledger does not know and that were found by their name")
    .option("--allow-mass-change", "pass the guard against changing more than 30 % at once")
    .addOption(repeatable("--target <address>", "only this resource and what it needs"))
    .addOption(repeatable("--selector <key=value>", "only resources with this label"))
    .addOption(parallelism())
    .addOption(full());
}

function full(): Option {
  return new Option("--full", "show long texts and values whole");
}

function variables(): Option {
  return new Option("--var <name=value>", "override a variable; repeatable")
    .argParser(collected)
    .default({}, "none");
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable`).argParser(listed).default([], "none");
}

function parallelism(): Option {
  return new Option("--parallelism <n>", "most requests at a time; it begins with 4 and adapts to the API")
    .argParser(wholeNumber)
    .default(MOST_AT_A_TIME);
}

function formats(...choices: readonly string[]): Option {
  return new Option("--format <format>", "how the result is written").choices(choices).default(choices[0]);
}

function collected(text: string, previous: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("it takes name=value.");
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}

function listed(text: string, previous: readonly string[]): readonly string[] {
  return [...previous, text];
}

/** Between choices; keys of lists, in paths, may hold commas as well. */
const COMMA = new RegExp(`,(?=\\s*(?:${CHOICE_NAMES.join("|")}))`);

function acceptedChoices(text: string): readonly string[] {
  const choices = text === "none" ? [] : text.split(COMMA).map((choice) => choice.trim());
  if (choices.every(isChoiceName)) return choices;
  throw new InvalidArgumentError(`it takes none, or some of ${CHOICE_NAMES.join(",")}.`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("it takes a whole number.");
  return Number(text);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function duration(text: string): number {
  const match = /^(\d{1,6})(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new InvalidArgumentError("it takes a time such as 30s or 5m.");
  return Number(match[1]) * (UNITS[match[2] ?? "s"] ?? 1000);
}
