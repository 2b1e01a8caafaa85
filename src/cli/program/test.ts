import { Option } from "commander";
import type { EmulatorCommandOptions } from "../commands/emulator.ts";
import type { TestOptions } from "../commands/test.ts";
import { formatsOf } from "../formats/format.ts";
import { formatOption } from "../reports.ts";
import type { Context } from "./context.ts";
import { duration, ENVIRONMENT, NO_COLOR, PROJECT, repeatable, variables, wholeNumber } from "./options.ts";

export function testCommand({ program, io, formats, ended }: Context): void {
  program
    .command("test")
    .description("run assistant tests on Telnyx and report the results; each run is a real conversation")
    .argument("[suite or address...]", "test suites and addresses of tests; default: all")
    .option(...PROJECT)
    .option(...ENVIRONMENT)
    .addOption(variables())
    .option("--version-of <address>", "test this version instead of main")
    .option("--timeout <duration>", "timeout of each test: 90s, 20m", duration, 1_200_000)
    .addOption(formatOption(formatsOf(formats, "tests")))
    .addOption(new Option("--parallelism <n>", "maximum concurrent tests").argParser(wholeNumber).default(4))
    .option(...NO_COLOR)
    .option("-q, --quiet", "hide progress")
    .action(async (names: readonly string[], options: TestOptions) =>
      ended(await (await import("../commands/test.ts")).testCommand(io, names, options)),
    );
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
