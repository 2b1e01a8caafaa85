import { Argument, Option } from "commander";
import type { Shell } from "../commands/completion.ts";
import type { CopyOptions } from "../commands/copy.ts";
import type { ExplainOptions } from "../commands/explain.ts";
import { validateCommand as validate, type ValidateOptions } from "../commands/validate.ts";
import { formatsOf } from "../formats/format.ts";
import { formatOption } from "../reports.ts";
import { CI_SYSTEMS } from "../scaffold/ci.ts";
import { action, type Context } from "./context.ts";
import { environmentCommand, NO_COLOR, PROJECT, projectCommand, textOrJson, variables } from "./options.ts";

export function initCommand(context: Context): void {
  context.program
    .command("init")
    .description("create a project: an assistant with its prompt, a test, a CI workflow and editor settings")
    .argument("[dir]", "project folder; default: the current folder. Existing files are kept")
    .option("--name <name>", "project name; default: the name of the folder")
    .addOption(
      new Option("--ci <system>", "CI system to write a workflow for").choices(CI_SYSTEMS).default("github"),
    )
    .action(action(context, async () => (await import("../commands/init.ts")).initCommand));
}

export function validateCommand({ program, io, formats, ended }: Context): void {
  environmentCommand(program, "validate", "check the manifests; works offline")
    .argument(
      "[path...]",
      "project folders, their parent folders, or files; default: the current folder or its nearest parent project",
    )
    .addOption(formatOption(formatsOf(formats, "validation")))
    .addOption(new Option("--all-environments", "check every environment; the default without --env"))
    .option("--strict", "treat warnings as errors")
    .option(
      "--show <address>",
      "print the manifest of one resource with includes, variables and patches resolved",
    )
    .action(async (paths: readonly string[], options: ValidateOptions) =>
      ended(await validate(io, paths, options)),
    );
}

export function copyCommand({ program, io, ended }: Context): void {
  program
    .command("copy")
    .description("write the manifest of a resource under another name, with the texts that it includes")
    .argument("<address>", "address of the resource: Assistant/front-desk")
    .argument("<name>", "local name of the copy")
    .argument("[path]", PROJECT[1])
    .option("--remote-name <name>", "name of the copy at Telnyx; default: its local name")
    .option("--with-tests", "also copy the tests of the assistant")
    .addOption(variables())
    .option(...NO_COLOR)
    .action(async (address: string, name: string, path: string | undefined, options: CopyOptions) =>
      ended(await (await import("../commands/copy.ts")).copyCommand(io, { address, name }, path, options)),
    );
}

/** What manifests can contain, and how resources depend on each other; offline. */
export function learningCommands(context: Context): void {
  const { program, io, ended } = context;
  program
    .command("explain")
    .description("describe a kind, a field or a diagnostic, with an example")
    .argument(
      "[kind.field]",
      "kind, field or code: Assistant.spec.voice_settings, RC2004; default: the list of kinds",
    )
    .addOption(textOrJson())
    .option(...NO_COLOR)
    .action(async (path: string | undefined, options: ExplainOptions) =>
      ended(await (await import("../commands/explain.ts")).explainCommand(io, path, options)),
    );
  projectCommand(program, "graph", "show which resources refer to which")
    .addOption(formatOption(formatsOf(context.formats, "graph")))
    .action(action(context, async () => (await import("../commands/graph.ts")).graphCommand));
}

export function shellCommands({ program, io, ended }: Context): void {
  program
    .command("__complete", { hidden: true })
    .argument("<what>")
    .argument("[words...]")
    .action(async (what: string, words: readonly string[]) =>
      ended(await (await import("../commands/complete.ts")).completeCommand(io, what, words)),
    );
  program
    .command("completion")
    .description("print the completion script for a shell")
    .addArgument(new Argument("<shell>", "shell that the script is for").choices(["bash", "zsh", "fish"]))
    .action(async (shell: Shell) =>
      ended(await (await import("../commands/completion.ts")).completionCommand(io, shell, program)),
    );
}

export function schemaCommand(context: Context): void {
  context.program
    .command("schema")
    .description("print the JSON Schema of manifests, for editors and other tools")
    .argument("[kind]", "only the schema of the spec of this kind")
    .action(action(context, async () => (await import("../commands/schema.ts")).schemaCommand));
}
