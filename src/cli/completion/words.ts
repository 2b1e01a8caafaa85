import type { Argument, Command, Option } from "commander";

/** What can be typed after a command: read from the program itself, so that there is nothing to keep in step. */
export interface CommandWords {
  /** From the program down: `["ledger", "list"]`; empty for the program. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly OptionWords[];
  readonly arguments: readonly ArgumentWords[];
  readonly commands: readonly CommandWords[];
  /** The name of the one that runs where none is named: its options and arguments are also those of the group. */
  readonly byDefault?: string;
}

export interface OptionWords {
  /** `-o` and `--out`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Absent for a switch. */
  readonly value?: Values;
}

export interface ArgumentWords {
  readonly name: string;
  readonly isVariadic: boolean;
  readonly values: Values;
}

export type Values =
  | { readonly type: "words"; readonly words: readonly string[] }
  | { readonly type: "files" | "folders" | "anything" }
  /** Words of the current project, which the program is asked for. */
  | { readonly type: "project"; readonly what: ProjectWords };

/** What `rollcall __complete` can be asked for. */
export type ProjectWords = "environments" | "addresses" | "targets" | "ledger" | "objects";

/**
 * Words for placeholders that have no choices of their own, by the name in `<…>` or `[…]`; where it means something else
 * in one command, with its path in front of it: `ledger show address`.
 */
export type Placeholders = Readonly<Record<string, Values>>;

export function commandWords(
  command: Command,
  placeholders: Placeholders,
  path: readonly string[] = [],
): CommandWords {
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command);
  const names = subcommands.map((sub) => sub.name());
  const inHelp: Placeholders = { ...placeholders, command: { type: "words", words: names } };
  const prefix = path.map((name) => `${name} `).join("");
  const own: Placeholders = {
    ...placeholders,
    ...Object.fromEntries(
      Object.entries(placeholders).flatMap(([name, values]) =>
        prefix !== "" && name.startsWith(prefix) ? [[name.slice(prefix.length), values] as const] : [],
      ),
    ),
  };
  const commands = subcommands.map((sub) =>
    commandWords(sub, sub.name() === "help" ? inHelp : placeholders, [...path, sub.name()]),
  );
  const byDefault = commands.find((_, index) => subcommands[index]?.name() === defaultOf(command));
  return {
    path,
    description: command.description(),
    options: byDefault?.options ?? help.visibleOptions(command).map((option) => optionWords(option, own)),
    arguments:
      byDefault?.arguments ?? command.registeredArguments.map((argument) => argumentWords(argument, own)),
    commands,
    ...(byDefault !== undefined && { byDefault: byDefault.path.at(-1) ?? "" }),
  };
}

/** Commander has no public way to read the default command, so a private field is read. */
function defaultOf(command: Command): string | undefined {
  const { _defaultCommandName: name } = command as { _defaultCommandName?: unknown };
  return typeof name === "string" ? name : undefined;
}

function optionWords(
  { short, long, flags, description, argChoices }: Option,
  placeholders: Placeholders,
): OptionWords {
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1];
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    ...(placeholder === undefined ? {} : { value: valuesOf(argChoices, placeholder, placeholders) }),
  };
}

function argumentWords(argument: Argument, placeholders: Placeholders): ArgumentWords {
  return {
    name: argument.name(),
    isVariadic: argument.variadic,
    values: valuesOf(argument.argChoices, argument.name(), placeholders),
  };
}

function valuesOf(
  choices: readonly string[] | undefined,
  placeholder: string,
  placeholders: Placeholders,
): Values {
  if (choices !== undefined) return { type: "words", words: choices };
  return placeholders[placeholder.replace(/\.\.\.$/, "")] ?? { type: "anything" };
}

/** The command and all below it. */
export function everyCommand(command: CommandWords): readonly CommandWords[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** The last word of a command. */
export function lastWord({ path }: CommandWords): string {
  return path.at(-1) ?? "";
}

/** In single quotes, for a shell of the Bourne family. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
