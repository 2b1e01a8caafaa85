import { Argument, InvalidArgumentError, Option, type Command } from "commander";
import type { PlanSource } from "../../forge/reviewed-plan.ts";
import type { Context } from "./context.ts";
import { ENVIRONMENT } from "./options.ts";

const commands = () => import("../commands/ci.ts");

/** For jobs of GitHub Actions and GitLab CI. The token comes from the environment. */
export function ciCommands(context: Context): void {
  const ci = context.program
    .command("ci")
    .description("write comments, issues and proposals in a CI job of GitHub or GitLab");
  postingCommands(ci, context);
  planCommands(ci, context);
}

function postingCommands(ci: Command, { io, ended }: Context): void {
  const report = () => new Argument("<file>", "Markdown report, written by --report");
  ci.command("comment")
    .description("write the report as a comment on the pull or merge request; later runs update it")
    .addArgument(report())
    .addOption(
      new Option("--change <number>", "pull or merge request; default: that of this run").argParser(number),
    )
    .option("--artifact <name>", "GitHub: artifact of this run that contains the saved plan, for reviewed-plan")
    .action(async (file: string, options: { readonly change?: number; readonly artifact?: string }) =>
      ended(await (await commands()).ciComment(io, file, options)),
    );
  ci.command("issue")
    .description("write the report as an issue; later runs update it")
    .addArgument(report())
    .option("--close", "close the issue instead")
    .action(async (file: string, options: { readonly close?: boolean }) =>
      ended(await (await commands()).ciIssue(io, file, options)),
    );
  ci.command("propose")
    .description("open a pull or merge request with what drift --propose wrote; later runs update it")
    .addArgument(report())
    .option("--project <path>", "project folder", ".")
    .action(async (file: string, options: { readonly project: string }) =>
      ended(await (await commands()).ciPropose(io, file, options)),
    );
}

function planCommands(ci: Command, { io, ended }: Context): void {
  ci.command("artifact-name")
    .description("print the name of the artifact for the saved plan of a project and environment")
    .argument("[path]", "project folder")
    .option(...ENVIRONMENT)
    .action(async (path: string | undefined, { env }: { readonly env?: string }) => {
      const options = { var: {}, color: false, ...(env === undefined ? {} : { env }) };
      ended(await (await commands()).ciArtifactName(io, path, options));
    });
  ci.command("reviewed-plan")
    .description("find the GitHub Actions run with the saved plan of the pull request that was merged")
    .requiredOption("--artifact <name>", "name of the artifact that contains the saved plan")
    .option("--workflow <file>", "file in .github/workflows that makes plans", "pull-request.yml")
    .action(async (options: PlanSource) => ended(await (await commands()).ciReviewedPlan(io, options)));
}

function number(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError("Expected a number.");
  return Number(text);
}
