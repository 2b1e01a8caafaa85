import { Option } from "commander";
import type { PullOptions } from "../commands/pull.ts";
import { formatsOf } from "../formats/format.ts";
import { formatOption } from "../reports.ts";
import type { Context } from "./context.ts";
import { environmentCommand, lockTimeout, parallelism, PROJECT, repeatable } from "./options.ts";

export function pullCommand({ program, io, formats, ended }: Context): void {
  environmentCommand(program, "pull", "write manifests for live objects; changes nothing live")
    .argument("[object...]", "addresses, ids or names with * and ?; default: everything")
    .option(...PROJECT)
    .addOption(repeatable("--kind <kind>", "only objects of this kind"))
    .addOption(repeatable("--tag <tag>", "only objects with this tag"))
    .option("--unmanaged", "only objects that no environment of the project manages")
    .option("--no-dependencies", "leave out the objects that the chosen ones refer to")
    .addOption(
      new Option("--versions <versions>", "versions to pull: those that a live canary serves, all, or none")
        .choices(["none", "canary", "all"])
        .default("canary"),
    )
    .addOption(
      new Option("--fields <fields>", "fields to declare: those that differ from their defaults, or all")
        .choices(["set", "all"])
        .default("set"),
    )
    .addOption(
      new Option("--layout <layout>", "one file for each object, or a single file")
        .choices(["split", "single"])
        .default("split"),
    )
    .option("--observe", "observe the pulled objects: apply never writes them")
    .option("--update", "also take live changes into existing manifests; changes in the manifests stay")
    .option("--dry-run", "show the files, and write nothing")
    .addOption(
      new Option("--check", "write nothing, and exit with 2 if a file would change").conflicts("dryRun"),
    )
    .addOption(formatOption(formatsOf(formats, "pull")))
    .addOption(parallelism())
    .addOption(lockTimeout())
    .action(async (selectors: readonly string[], options: PullOptions) =>
      ended(await (await import("../commands/pull.ts")).pullCommand(io, selectors, options)),
    );
}
