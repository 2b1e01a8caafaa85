import { Argument, Option } from "commander";
import type { MigrateOptions } from "../commands/migrate.ts";
import { formatsOf } from "../formats/format.ts";
import { formatOption } from "../reports.ts";
import type { Context } from "./context.ts";
import { NO_COLOR, PROJECT, repeatable, variables } from "./options.ts";

const PROVIDERS = ["elevenlabs", "retell", "vapi"];

/** From other providers. */
export function migrateCommand({ program, io, formats, ended }: Context): void {
  program
    .command("migrate")
    .description("write manifests for the agents of another provider, from its own files; sends nothing")
    .addArgument(new Argument("<provider>", "where the files come from").choices(PROVIDERS))
    .addOption(
      repeatable("--from <file>", "a JSON file of the provider: an agent, a squad, or a language model"),
    )
    .option(...PROJECT)
    .addOption(
      new Option("--layout <layout>", "one file for each object, or a single file")
        .choices(["split", "single"])
        .default("split"),
    )
    .option("--dry-run", "show the files, and write nothing")
    .addOption(formatOption(formatsOf(formats, "migration")))
    .addOption(variables())
    .option(...NO_COLOR)
    .action(async (provider: string, options: MigrateOptions) =>
      ended(await (await import("../commands/migrate.ts")).migrateCommand(io, provider, options)),
    );
}
