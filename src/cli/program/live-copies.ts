import { Argument, Option, type Command } from "commander";
import { IMPORT_PROVIDERS, type ImportProvider } from "../../model/live-copies.ts";
import type { CloneOptions } from "../commands/clone.ts";
import type { MigrateOptions } from "../commands/migrate.ts";
import type { Context } from "./context.ts";
import { environmentCommand, lockTimeout, parallelism, PROJECT, repeatable, YES } from "./options.ts";

/** Commands that make live objects out of others, and write their manifests. */
export function liveCopyCommands({ program, io, ended }: Context): void {
  copying(
    environmentCommand(program, "clone", "clone a live assistant at Telnyx, and write the manifest of the clone"),
  )
    .argument("<object>", "address, id or name of the assistant")
    .requiredOption("--as <address>", "address of the clone")
    .action(async (object: string, options: CloneOptions) =>
      ended(await (await import("../commands/clone.ts")).cloneCommand(io, object, options)),
    );
  copying(
    environmentCommand(program, "migrate", "import assistants of another provider, and write their manifests"),
  )
    .addArgument(new Argument("<provider>", "where they are").choices(IMPORT_PROVIDERS))
    .requiredOption("--secret-ref <name>", "integration secret with the API key of the provider")
    .addOption(repeatable("--id <id>", "only this assistant, by its id at the provider"))
    .option("--overwrite", "import again what is managed")
    .action(async (provider: ImportProvider, options: MigrateOptions) =>
      ended(await (await import("../commands/migrate.ts")).migrateCommand(io, provider, options)),
    );
}

function copying(command: Command): Command {
  return command
    .addOption(
      new Option("--layout <layout>", "one file for each object, or a single file")
        .choices(["split", "single"])
        .default("split"),
    )
    .option(...PROJECT)
    .option(...YES)
    .addOption(parallelism())
    .addOption(lockTimeout());
}
