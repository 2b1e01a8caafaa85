import {
  lastWord,
  quoted,
  type ArgumentWords,
  type CommandWords,
  type OptionWords,
  type Values,
} from "./words.ts";

/** For zsh, sourced after `compinit`, or as the file `_rollcall` in a folder of `fpath`. */
export function zshCompletion(program: CommandWords): string {
  return `#compdef rollcall
# zsh completion for rollcall. To try it: source <(rollcall completion zsh)

# What the program knows of the project at hand.
_rollcall_project() {
  local -a found
  found=(\${(f)"$(rollcall __complete $1 -- "\${(@)words[1,CURRENT-1]}" 2>/dev/null)"})
  compadd -a found
}

${functionsOf(program).join("\n\n")}

if [[ $funcstack[1] == _rollcall ]]; then
  _rollcall "$@"
else
  compdef _rollcall rollcall
fi
`;
}

/** One function for each command. The function of a group calls those of its commands. */
function functionsOf(command: CommandWords): readonly string[] {
  const isGroup = command.commands.length > 0;
  return [isGroup ? group(command) : leaf(command), ...command.commands.flatMap(functionsOf)];
}

function leaf(command: CommandWords): string {
  const specs = [...command.options.map(optionSpec), ...command.arguments.map(argumentSpec)];
  return `${nameOf(command)}() {\n  ${[`_arguments -s`, ...specs].join(" \\\n    ")}\n}`;
}

function group(command: CommandWords): string {
  const specs = [...command.options.map(optionSpec), quoted("1: :->command"), quoted("*:: :->rest")];
  const names = command.commands.map((sub) => quoted(`${lastWord(sub)}:${colons(sub.description)}`));
  const cases = command.commands.map((sub) => `        ${lastWord(sub)}) ${nameOf(sub)} ;;`);
  if (command.byDefault !== undefined) cases.push(`        *) ${nameOf(command)}_${command.byDefault} ;;`);
  return `${nameOf(command)}() {
  local curcontext="$curcontext" state line
  local -a commands
  typeset -A opt_args
  ${[`_arguments -C`, ...specs].join(" \\\n    ")}
  case $state in
    command)
      commands=(
        ${names.join("\n        ")}
      )
      _describe -t commands command commands${others(command)}
      ;;
    rest)
      case $words[1] in
${cases.join("\n")}
      esac
      ;;
  esac
}`;
}

/** What the first word of a group can be, other than a command. */
function others({ arguments: [first] }: CommandWords): string {
  return first?.values.type === "project" ? `\n      ${actionOf(first.values).trim()}` : "";
}

/** `'*'{-o+,--out=}'[save the plan]:value:_files'`: the value follows, with or without `=`. */
function optionSpec({ flags, description, value }: OptionWords): string {
  const words = `[${brackets(description)}]${value === undefined ? "" : `:value:${actionOf(value)}`}`;
  const names = value === undefined ? flags : flags.map((flag) => flag + (flag.startsWith("--") ? "=" : "+"));
  return names.length > 1
    ? `${quoted("*")}{${names.join(",")}}${quoted(words)}`
    : quoted(`*${names[0] ?? ""}${words}`);
}

function argumentSpec({ name, isVariadic, values }: ArgumentWords): string {
  const place = isVariadic ? "*" : "";
  return quoted(`${place}:${colons(name)}:${actionOf(values)}`);
}

function actionOf(values: Values): string {
  switch (values.type) {
    case "words":
      return `(${values.words.join(" ")})`;
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "project":
      return ` _rollcall_project ${values.what}`;
    case "anything":
      return " ";
  }
}

function nameOf({ path }: CommandWords): string {
  return ["_rollcall", ...path].join("_");
}

/** Within `[…]` of a specification. */
function brackets(text: string): string {
  return text.replaceAll(/[[\]\\:]/g, "\\$&");
}

/** Where a colon ends the part. */
function colons(text: string): string {
  return text.replaceAll(/[\\:]/g, "\\$&");
}
