import { Option, type Command } from "commander";
import { COUNTED, FINDINGS } from "../../operations/findings.ts";
import { CHOICE_NAMES } from "../../reconcile/saved-plan/saved-choices.ts";
import { formatsOf } from "../formats/format.ts";
import { formatOption, reportOption } from "../reports.ts";
import { action, type Context } from "./context.ts";
import {
  acceptedChoices,
  ALLOW_PENDING_EVENTS,
  full,
  lockTimeout,
  NO_COLOR,
  parallelism,
  planningCommand,
  projectCommand,
  repeatable,
  YES,
} from "./options.ts";

const UNMANAGED = ["--show-unmanaged", "show live values that no manifest declares"] as const;

export function planCommands(context: Context): void {
  const { program } = context;
  const formats = formatsOf(context.formats, "plan");
  planningCommand(projectCommand(program, "plan", "show the changes that apply would make, and drift"))
    .addOption(formatOption(formats))
    .addOption(reportOption(formats))
    .option("-o, --out <file>", "save the plan to a file, for apply")
    .option("--destroy", "plan the deletion of every managed resource")
    .option("--detailed-exitcode", "exit with 2 if there are changes")
    .option(...UNMANAGED)
    .action(action(context, async () => (await import("../commands/plan.ts")).planCommand));
  program
    .command("show")
    .description("show a saved plan and who made it; works offline")
    .argument("<plan.json>", "saved plan")
    .addOption(formatOption(formats))
    .addOption(reportOption(formats))
    .addOption(full())
    .option(...UNMANAGED)
    .option(...NO_COLOR)
    .action(
      action(context, async () => {
        const { showCommand } = await import("../commands/show.ts");
        return (io, path = "", options) => showCommand(io, path, options);
      }),
    );
}

export function applyCommands(context: Context): void {
  const { program } = context;
  const apply = projectCommand(
    program,
    "apply",
    "plan, ask for approval, and apply; or apply a saved plan",
    "project folder, folder of manifests, one file, or a saved plan",
  );
  writing(context, planningCommand(apply))
    .option("--allow-equivalent", "apply a stale saved plan if its changes are still identical")
    .addOption(
      new Option(
        "--accept <choices>",
        `reject a saved plan that uses choices other than these: ${CHOICE_NAMES.join(", ")}; or none`,
      ).argParser(acceptedChoices),
    )
    .option("--plan-id <id>", "reject a saved plan with another id")
    .action(action(context, async () => (await import("../commands/apply.ts")).applyCommand));
  writing(context, projectCommand(program, "destroy", "delete every managed resource"))
    .addOption(repeatable("--target <address>", "only this resource"))
    .addOption(repeatable("--selector <key=value>", "only resources with this label"))
    .option(...ALLOW_PENDING_EVENTS)
    .addOption(parallelism())
    .action(action(context, async () => (await import("../commands/apply.ts")).destroyCommand));
}

function writing(context: Context, command: Command): Command {
  const formats = formatsOf(context.formats, "apply");
  return command
    .addOption(formatOption(formats))
    .addOption(reportOption(formats))
    .option(...YES)
    .addOption(lockTimeout());
}

export function driftCommand(context: Context): void {
  const formats = formatsOf(context.formats, "drift");
  projectCommand(context.program, "drift", "show changes made outside Git since the last apply")
    .addOption(formatOption(formats))
    .addOption(reportOption(formats))
    .addOption(parallelism())
    .addOption(
      new Option("--fail-on <finding...>", "findings that set exit code 2")
        .choices(FINDINGS)
        .default([...COUNTED], COUNTED.join(" ")),
    )
    .addOption(full())
    .option("--show-foreign", "show live objects that are not managed by this project")
    .addOption(
      new Option(
        "--quick",
        "compare with the API's lists, and read only the objects that differ there",
      ).conflicts("propose"),
    )
    .option(
      "--propose",
      "copy drifted live values into the manifests, or into patches if other environments use them; changes nothing live",
    )
    .action(action(context, async () => (await import("../commands/drift.ts")).driftCommand));
}
