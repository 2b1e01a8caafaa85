import { everyCommand, type CommandWords, type OptionWords, type Values } from "./words.ts";

/** For fish 3.0 and newer. */
export function fishCompletion(program: CommandWords): string {
  const commands = everyCommand(program);
  const taking = commands.flatMap(({ options }) =>
    options.flatMap(({ flags, value }) => (value === undefined ? [] : flags)),
  );
  const rules = commands.flatMap((command) =>
    command.commands
      .map((sub) => subcommandRule(command, sub))
      .concat(
        command.options.map((option) => optionRule(command, option)),
        argumentRules(command),
      ),
  );
  return `${head([...new Set(taking)])}\n${rules.join("\n")}\n`;
}

const HELPERS = `# What the program knows of the project at hand.
function __rollcall_project
    type -q rollcall; or return
    set -l words (commandline -opc)
    set -e words[1]
    rollcall __complete $argv[1] -- $words 2>/dev/null
end

# Whether they begin with these.
function __rollcall_in
    set -l words (__rollcall_words)
    set -l depth (count $argv)
    test $depth -eq 0; and return 0
    test (count $words) -ge $depth; and test "$words[1..$depth]" = "$argv"
end

# Whether they are these and no more.
function __rollcall_at
    set -l words (__rollcall_words)
    test "$words" = "$argv"
end`;

/** `taking` are the options that take a value. */
function head(taking: readonly string[]): string {
  return `# fish completion for rollcall. To try it: rollcall completion fish | source

# The words so far without options and their values.
function __rollcall_words
    set -l words (commandline -opc)
    set -e words[1]
    set -l skip no
    for word in $words
        if test $skip = yes
            set skip no
        else if contains -- $word ${taking.join(" ")}
            set skip yes
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

${HELPERS}

complete -c rollcall -f`;
}

function subcommandRule(command: CommandWords, { path, description }: CommandWords): string {
  return rule(command, "at", ["-a", quoted(path.at(-1) ?? ""), "-d", quoted(description)]);
}

function optionRule(command: CommandWords, { flags, description, value }: OptionWords): string {
  const names = flags.flatMap((flag) =>
    flag.startsWith("--") ? ["-l", flag.slice(2)] : ["-s", flag.slice(1)],
  );
  const scope = command.commands.length > 0 ? "at" : "in";
  return rule(command, scope, [
    ...names,
    ...(value === undefined ? [] : valueOf(value)),
    "-d",
    quoted(description),
  ]);
}

/** After `-r`, which says that a value must follow. */
function valueOf(values: Values): readonly string[] {
  switch (values.type) {
    case "words":
      return ["-x", "-a", quoted(values.words.join(" "))];
    case "files":
      return ["-r", "-F"];
    case "folders":
      return ["-x", "-a", quoted("(__fish_complete_directories)")];
    case "project":
      return ["-x", "-a", quoted(`(__rollcall_project ${values.what})`)];
    case "anything":
      return ["-x"];
  }
}

function argumentRules(command: CommandWords): readonly string[] {
  return command.arguments.flatMap(({ values, isVariadic }, index) => {
    const scope = index === 0 && !isVariadic ? "at" : "in";
    switch (values.type) {
      case "words":
        return [rule(command, scope, ["-a", quoted(values.words.join(" "))])];
      case "files":
        return [rule(command, "in", ["-F"])];
      case "folders":
        return [rule(command, "in", ["-a", quoted("(__fish_complete_directories)")])];
      case "project":
        return [rule(command, "in", ["-a", quoted(`(__rollcall_project ${values.what})`)])];
      case "anything":
        return [];
    }
  });
}

function rule({ path }: CommandWords, scope: "at" | "in", rest: readonly string[]): string {
  const condition = quoted([`__rollcall_${scope}`, ...path].join(" "));
  return ["complete -c rollcall -n", condition, ...rest].join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
