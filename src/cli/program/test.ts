import { Option, type Command } from "commander";
import type { EmulatorCommandOptions } from "../commands/emulator.ts";
import type { RunsOptions, ShowRunOptions } from "../commands/test-history.ts";
import type { TestOptions } from "../commands/test.ts";
import { formatsOf } from "../formats/format.ts";
import { formatOption } from "../reports.ts";
import type { Context } from "./context.ts";
import {
  duration,
  ENVIRONMENT,
  environmentCommand,
  NO_COLOR,
  PROJECT,
  repeatable,
  textOrJson,
  variables,
  wholeNumber,
} from "./options.ts";

/** `test` alone is `test run`: a suite of the name of a subcommand is run with that. */
export function testCommand(context: Context): void {
  const group = context.program
    .command("test")
    .description("run assistant tests on Telnyx, and show earlier runs")
    .usage("[suite or address...] [options] | [command]")
    .addHelpText(
      "after",
      '\nWithout a command, "rollcall test" is "rollcall test run". For a suite\nwith the name of a command: rollcall test run <suite>',
    );
  runCommand(context, group);
  historyCommands(context, group);
}

function runCommand({ io, formats, ended }: Context, group: Command): void {
  group
    .command("run", { isDefault: true })
    .description("run assistant tests on Telnyx and report the results; each run is a real conversation")
    .argument("[suite or address...]", "test suites and addresses of tests; default: all")
    .option(...PROJECT)
    .option(...ENVIRONMENT)
    .addOption(variables())
    .option("--version-of <address>", "test this version instead of main")
    .addOption(
      new Option("--timeout <duration>", "timeout of each test: 90s, 20m")
        .argParser(duration)
        .default(1_200_000, "20m"),
    )
    .addOption(formatOption(formatsOf(formats, "tests")))
    .addOption(new Option("--parallelism <n>", "maximum concurrent tests").argParser(wholeNumber).default(4))
    .option(...NO_COLOR)
    .option("-q, --quiet", "hide progress")
    .action(async (names: readonly string[], options: TestOptions) =>
      ended(await (await import("../commands/test.ts")).testCommand(io, names, options)),
    );
}

function historyCommands({ io, ended }: Context, group: Command): void {
  const load = () => import("../commands/test-history.ts");
  environmentCommand(group, "runs", "list earlier runs of tests, with their pass rate and flakiness")
    .argument("[test...]", "addresses, ids or unique names of tests; default: all tests of the account")
    .option("--suite <name>", "only runs of the tests of this suite")
    .addOption(
      new Option("--limit <n>", "maximum number of runs of each test; with --suite, of the suite")
        .argParser(wholeNumber)
        .default(20),
    )
    .option(...PROJECT)
    .addOption(textOrJson())
    .action(async (tests: readonly string[], options: RunsOptions) =>
      ended(await (await load()).testRunsCommand(io, tests, options)),
    );
  environmentCommand(group, "show", "show one run: the result of each criterion, and the transcript")
    .argument("<run>", "id of the run; latest: the newest run of --test")
    .option("--test <test>", "test of the run: address, id or unique name; default: every test is searched")
    .option(...PROJECT)
    .addOption(textOrJson())
    .action(async (run: string, options: ShowRunOptions) =>
      ended(await (await load()).testShowCommand(io, run, options)),
    );
  environmentCommand(group, "suites", "list test suites with their tests")
    .option(...PROJECT)
    .addOption(textOrJson())
    .action(async (options: RunsOptions) => ended(await (await load()).testSuitesCommand(io, options)));
}

export function emulatorCommand({ program, io, ended }: Context): void {
  program
    .command("emulator")
    .description("run a local Telnyx API for trials and tests")
    .option("--port <number>", "port; 0 picks a free one", wholeNumber, 8080)
    .option(
      "--host <host>",
      "address to listen on; 0.0.0.0 accepts connections from every machine, and no key is checked",
      "127.0.0.1",
    )
    .addOption(
      repeatable("--allowed-host <name>", "also accept this host name; default: only names of this machine"),
    )
    .option("--data <file>", "keep the content in this file between runs")
    .option("--latency <milliseconds>", "delay of every answer", wholeNumber, 0)
    .option("--rate-limit <requests>", "maximum requests per minute", wholeNumber)
    .action(async (options: EmulatorCommandOptions) =>
      ended(await (await import("../commands/emulator.ts")).emulatorCommand(io, options)),
    );
}
