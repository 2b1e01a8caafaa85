import { Option } from "commander";
import type { GetOptions } from "../commands/get.ts";
import { OUTPUTS } from "../object-outputs.ts";
import type { Context } from "./context.ts";
import { environmentCommand, parallelism, PROJECT, repeatable } from "./options.ts";

/** What is live, whether a project manages it or not. */
export function getCommand({ program, io, ended }: Context): void {
  environmentCommand(
    program,
    "get",
    "show live objects, and which of them are managed; works without a project",
  )
    .argument(
      "[kind or object...]",
      "kinds (assistants, tools, tags, suites), then addresses, ids or names (front*); default: every object",
    )
    .addOption(new Option("-o, --output <format>", "output format").choices(OUTPUTS).default("table"))
    .addOption(
      new Option("--managed", "only objects that are managed, in any environment").conflicts("unmanaged"),
    )
    .option("--unmanaged", "only objects that no environment manages")
    .addOption(repeatable("--tag <tag>", "only objects with this tag"))
    .addOption(parallelism())
    .option(...PROJECT)
    .action(async (words: readonly string[], options: GetOptions) =>
      ended(await (await import("../commands/get.ts")).getCommand(io, words, options)),
    );
}
