import { Option, type Command } from "commander";
import type { ImportOptions } from "../commands/import.ts";
import type { LedgerOptions, MigrateOptions } from "../commands/ledger.ts";
import type { Context } from "./context.ts";
import { ENVIRONMENT, lockTimeout, NO_COLOR, PROJECT, textOrJson, variables, YES } from "./options.ts";

const commands = () => import("../commands/ledger.ts");

export function ledgerCommands({ program, io, ended }: Context): void {
  const ledger = program.command("ledger").description("inspect and repair the ledger");
  subcommand(ledger, "list", "list every resource in the ledger, with its id")
    .addOption(textOrJson())
    .action(async (options: LedgerOptions) => ended(await (await commands()).ledgerList(io, options)));
  subcommand(ledger, "show", "show one entry: what was applied, and what was read after it")
    .argument("<address>", "address of the entry: Assistant/front-desk")
    .action(async (address: string, options: LedgerOptions) =>
      ended(await (await commands()).ledgerShow(io, address, options)),
    );
  subcommand(ledger, "move", "give an entry another address; the live object is kept")
    .argument("<from>", "address of the entry: Assistant/front-desk")
    .argument("<to>", "its new address: Assistant/reception")
    .action(async (from: string, to: string, options: LedgerOptions) =>
      ended(await (await commands()).ledgerMove(io, { from, to }, options)),
    );
  subcommand(ledger, "forget", "remove an entry; the live object is kept")
    .argument("<address>", "address of the entry: Assistant/front-desk")
    .action(async (address: string, options: LedgerOptions) =>
      ended(await (await commands()).ledgerForget(io, address, options)),
    );
  subcommand(ledger, "unlock", "remove the lock of a run that has ended")
    .option(...YES)
    .action(async (options: LedgerOptions) => ended(await (await commands()).ledgerUnlock(io, options)));
  migrateCommand(ledger).action(async (options: MigrateOptions) =>
    ended(await (await commands()).ledgerMigrate(io, options)),
  );
  subcommand(ledger, "history", "list past applies; git ledgers only")
    .addOption(textOrJson())
    .action(async (options: LedgerOptions) => ended(await (await commands()).ledgerHistory(io, options)));
}

function migrateCommand(ledger: Command): Command {
  return subcommand(ledger, "migrate", "copy the ledger to the place that rollcall.yaml names")
    .addOption(
      new Option("--from <backend>", "backend to copy from")
        .choices(["file", "git", "http"])
        .makeOptionMandatory(),
    )
    .option("--path <folder>", "with --from file: folder of the ledger files")
    .option("--remote <name>", "with --from git: name of the remote")
    .option("--ref <ref>", "with --from git: ref, below refs/rollcall/")
    .option("--address <url>", "with --from http: address of the ledger");
}

function subcommand(ledger: Command, name: string, description: string): Command {
  return ledger
    .command(name)
    .description(description)
    .option(...PROJECT)
    .option(...ENVIRONMENT)
    .addOption(variables())
    .option(...NO_COLOR)
    .addOption(lockTimeout());
}

export function importCommand({ program, io, ended }: Context): void {
  program
    .command("import")
    .description(
      "start to manage a live object: add it to the ledger, and write its manifest if there is none; changes nothing live",
    )
    .argument("<address>", "address of the resource: Assistant/front-desk")
    .argument("<id>", "id of the object; for an object with a parent: parent-id/own-id")
    .argument("[path]", PROJECT[1])
    .addOption(lockTimeout())
    .option(...ENVIRONMENT)
    .addOption(variables())
    .option(...NO_COLOR)
    .action(async (address: string, id: string, path: string | undefined, options: ImportOptions) =>
      ended(await (await import("../commands/import.ts")).importCommand(io, { address, id }, path, options)),
    );
}
