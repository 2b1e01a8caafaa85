import { Option, type Command } from "commander";
import type { DiffOptions, VersionsOptions } from "../commands/versions.ts";
import type { Context } from "./context.ts";
import type { DeleteOptions } from "../commands/versions-delete.ts";
import type { PromoteOptions } from "../commands/versions-promote.ts";
import { environmentCommand, full, lockTimeout, PROJECT, textOrJson, wholeNumber, YES } from "./options.ts";

const commands = () => import("../commands/versions.ts");
const deletion = () => import("../commands/versions-delete.ts");
const livePromotion = () => import("../commands/versions-promote-now.ts");
const promotion = () => import("../commands/versions-promote.ts");

/** The versions of an assistant. */
export function versionsCommands({ program, io, ended }: Context): void {
  const versions = program
    .command("versions")
    .description("list, compare, promote and delete the versions of an assistant");
  subcommand(
    versions,
    "list",
    "list the versions of an assistant: which one is main, what the canary serves, who manages them",
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
    .option("--to <version>", "address, id or name of a version, main, or git; default: main")
    .option("--detailed-exitcode", "exit with 2 if the versions differ")
    .addOption(full())
    .action(async (assistant: string, options: DiffOptions) =>
      ended(await (await commands()).versionsDiff(io, assistant, options)),
    );
  promotingCommand(versions, { io, ended });
  deletingCommands(versions, { io, ended });
}

function promotingCommand(versions: Command, { io, ended }: Pick<Context, "io" | "ended">): void {
  subcommand(
    versions,
    "promote",
    "write what a version declares into the manifest of its assistant, and remove the version and its canary",
  )
    .argument("<version>", "address, id or name of the version")
    .option("--now", "make the version main live at once, instead of changing files")
    .option("--dry-run", "show what would change, and change nothing")
    .addOption(lockTimeout())
    .option(...YES)
    .action(async (assistant: string, version: string, options: PromoteOptions) =>
      ended(
        options.now === true
          ? await (await livePromotion()).versionsPromoteNow(io, [assistant, version], options)
          : await (await promotion()).versionsPromote(io, [assistant, version], options),
      ),
    );
}

function deletingCommands(versions: Command, { io, ended }: Pick<Context, "io" | "ended">): void {
  deleting(
    subcommand(
      versions,
      "delete",
      "delete versions, after asking; never main, or one that a canary, a manifest or a ledger needs",
    ),
  )
    .argument("<version...>", "addresses, ids or names of the versions")
    .action(async (assistant: string, names: readonly string[], options: DeleteOptions) =>
      ended(await (await deletion()).versionsDelete(io, [assistant, names], options)),
    );
  deleting(subcommand(versions, "prune", "delete the oldest versions that nothing needs, after asking"))
    .addOption(
      new Option("--keep <n>", "number of newest versions to keep")
        .argParser(wholeNumber)
        .makeOptionMandatory(),
    )
    .action(async (assistant: string, options: DeleteOptions & { readonly keep: number }) =>
      ended(await (await deletion()).versionsPrune(io, assistant, options)),
    );
}

function deleting(command: Command): Command {
  return command
    .option("--all", "also delete versions that this project is not known to have made")
    .addOption(lockTimeout())
    .option(...YES);
}

function subcommand(versions: Command, name: string, description: string): Command {
  return environmentCommand(versions, name, description)
    .argument("<assistant>", "address, id or unique name of the assistant")
    .addOption(textOrJson())
    .option(...PROJECT);
}
