import { Help, type Command, type Option } from "commander";
import { EXAMPLES } from "./examples.ts";

/** How the help of every command is written. */
export const HELP_STYLE = {
  /** Without `[options]`, which every command has, so that a description fits beside it in 80 columns. */
  subcommandTerm: (command: Command): string => PLAIN.subcommandTerm(command).replace(" [options]", ""),
  optionDescription: (option: Option): string =>
    `${PLAIN.optionDescription(option)}${option.mandatory ? " (required)" : ""}`,
};

const PLAIN = new Help();

/** Adds the examples to a command and to its subcommands; an error names the help of its command. */
export function completeHelp(command: Command, words: readonly string[] = []): void {
  command.showHelpAfterError(`(see: ${["rollcall", ...words, "--help"].join(" ")})`);
  const lines = EXAMPLES[words.join(" ")];
  if (lines !== undefined)
    command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  for (const sub of command.commands) completeHelp(sub, [...words, sub.name()]);
}
