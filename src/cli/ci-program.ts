import { Argument, InvalidArgumentError, Option, type Command } from "commander";
import type { PlanSource } from "../forge/reviewed-plan.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";

/** What a job of GitHub Actions or GitLab CI does with a report. The token comes from the environment. */
export function ciCommands(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const commands = () => import("./commands/ci.ts");
  const ci = program
    .command("ci")
    .description("in a job of GitHub Actions or GitLab CI: comments, issues, proposals");
  const report = () => new Argument("<file>", "a report in Markdown, as --report wrote it");
  ci.command("comment")
    .description("the report as a comment on the pull or merge request, updated in place")
    .addArgument(report())
    .addOption(
      new Option("--change <number>", "of the pull or merge request; default: that of this run").argParser(
        number,
      ),
    )
    .option(
      "--artifact <name>",
      "GitHub: the artifact of this run that keeps the plan, for reviewed-plan to find",
    )
    .action(async (file: string, options: { readonly change?: number; readonly artifact?: string }) =>
      ended(await (await commands()).ciComment(io, file, options)),
    );
  ci.command("issue")
    .description("the report as an issue, updated in place")
    .addArgument(report())
    .option("--close", "what it tells of is gone")
    .action(async (file: string, options: { readonly close?: boolean }) =>
      ended(await (await commands()).ciIssue(io, file, options)),
    );
  ci.command("propose")
    .description("what drift --propose wrote into the manifests as a pull or merge request, updated in place")
    .addArgument(report())
    .option("--project <path>", "project folder", ".")
    .action(async (file: string, options: { readonly project: string }) =>
      ended(await (await commands()).ciPropose(io, file, options)),
    );
  ci.command("artifact-name")
    .description("the name of the artifact that keeps the plan of a project in one environment")
    .argument("[path]", "project folder")
    .option("--env <environment>", "environment of rollcall.yaml")
    .action(async (path: string | undefined, { env }: { readonly env?: string }) => {
      const options = { var: {}, color: false, ...(env === undefined ? {} : { env }) };
      ended(await (await commands()).ciArtifactName(io, path, options));
    });
  ci.command("reviewed-plan")
    .description("which run of GitHub Actions has the plan of the pull request that this commit merged")
    .requiredOption("--artifact <name>", "the name of the artifact that keeps the plan")
    .option("--workflow <file>", "the file in .github/workflows that makes plans", "pull-request.yml")
    .action(async (options: PlanSource) => ended(await (await commands()).ciReviewedPlan(io, options)));
}

function number(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError("it takes a number.");
  return Number(text);
}
