import type { Command } from "commander";
import type { DiffOptions, VersionsOptions } from "../commands/versions.ts";
import type { Context } from "./context.ts";
import { environmentCommand, full, PROJECT, textOrJson } from "./options.ts";

const commands = () => import("../commands/versions.ts");

/** The versions of an assistant. */
export function versionsCommands({ program, io, ended }: Context): void {
  const versions = program
    .command("versions")
    .description("list, compare and delete the versions of an assistant");
  subcommand(
    versions,
    "list",
    "list the versions of an assistant: who is main, what the canary serves, who manages them",
  ).action(async (assistant: string, options: VersionsOptions) =>
    ended(await (await commands()).versionsList(io, assistant, options)),
  );
  subcommand(versions, "show", "show a version as a manifest, and how it differs from main")
    .argument("<version>", "address, id or name of the version, or main")
    .action(async (assistant: string, version: string, options: VersionsOptions) =>
      ended(await (await commands()).versionsShow(io, [assistant, version], options)),
    );
  subcommand(versions, "diff", "compare two versions, or one with what the manifests declare")
    .option("--from <version>", "address, id or name of a version, main, or git; default: main")
    .option("--to <version>", "the same; default: main")
    .option("--detailed-exitcode", "exit with 2 if the versions differ")
    .addOption(full())
    .action(async (assistant: string, options: DiffOptions) =>
      ended(await (await commands()).versionsDiff(io, assistant, options)),
    );
}

function subcommand(versions: Command, name: string, description: string): Command {
  return environmentCommand(versions, name, description)
    .argument("<assistant>", "an address of the project, an id, or a unique name")
    .addOption(textOrJson())
    .option(...PROJECT);
}
