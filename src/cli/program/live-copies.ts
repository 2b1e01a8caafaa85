import { Option, type Command } from "commander";
import type { CloneOptions } from "../commands/clone.ts";
import { formatsOf } from "../formats/format.ts";
import { formatOption } from "../reports.ts";
import type { Context } from "./context.ts";
import { environmentCommand, lockTimeout, parallelism, PROJECT, YES } from "./options.ts";

/** Makes a live object out of another one, and writes its manifest. */
export function cloneCommand({ program, io, formats, ended }: Context): void {
  copying(
    environmentCommand(
      program,
      "clone",
      "clone a live assistant at Telnyx, and write the manifest of the clone",
    ),
  )
    .argument("<assistant>", "address, id or unique name of the assistant")
    .requiredOption("--as <address>", "address of the clone")
    .addOption(formatOption(formatsOf(formats, "cloned")))
    .action(async (object: string, options: CloneOptions) =>
      ended(await (await import("../commands/clone.ts")).cloneCommand(io, object, options)),
    );
}

/** Options of commands that make live objects and pull them. */
export function copying(command: Command): Command {
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
