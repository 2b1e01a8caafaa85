import { everyCommand, lastWord, quoted, type CommandWords, type Values } from "./words.ts";

/** For bash 3.2 and newer; needs no other package. */
export function bashCompletion(program: CommandWords): string {
  const commands = everyCommand(program);
  const groups = commands.filter((one) => one.commands.length > 0);
  return [
    HEAD,
    "# Values of an option or of a numbered argument.",
    lookup("_rollcall_values", commands.flatMap(valueRows)),
    "# yes, where an option takes a value.",
    lookup("_rollcall_takes_value", commands.flatMap(takingRows)),
    lookup(
      "_rollcall_options",
      commands.map((one) => [`${quoted(key(one))}:`, flagsOf(one).join(" ")]),
    ),
    lookup(
      "_rollcall_commands",
      groups.map((one) => [`${quoted(key(one))}:`, one.commands.map(lastWord).join(" ")]),
    ),
    WALK,
  ].join("\n");
}

const HEAD = `# bash completion for rollcall. To try it: source <(rollcall completion bash)
`;

const WALK = `_rollcall() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  # --format=json comes as three words.
  if [[ $cur == "=" ]]; then
    cur=""
  elif [[ $prev == "=" ]]; then
    prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi

  local command="" position=0 skip="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ -n $skip ]]; then
      [[ $word == "=" ]] || skip=""
    elif [[ $word == -* ]]; then
      skip="$(_rollcall_takes_value "$command" "$word")"
    elif [[ " $(_rollcall_commands "$command") " == *" $word "* ]]; then
      command="\${command:+$command }$word"
      position=0
    else
      position=$((position + 1))
    fi
  done

  local values
  if [[ -n $(_rollcall_takes_value "$command" "$prev") ]]; then
    values="$(_rollcall_values "$command" "$prev")"
  elif [[ $cur == -* ]]; then
    values="$(_rollcall_options "$command")"
  else
    values="$(_rollcall_commands "$command") $(_rollcall_values "$command" "$position")"
  fi

  COMPREPLY=()
  case "$values" in
    *@files*) _rollcall_paths -f "$cur" ;;
    *@folders*) _rollcall_paths -d "$cur" ;;
    *@project:*)
      _rollcall_words "\${values%%@project:*}" "$cur"
      _rollcall_project "\${values##*@project:}" "$cur"
      ;;
    *) _rollcall_words "$values" "$cur" ;;
  esac
}

_rollcall_words() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$2")
}

# What the program knows of the project at hand. The words are compared as they are, and never expanded.
_rollcall_project() {
  local word
  while IFS= read -r word; do
    [[ $word == "$2"* ]] && COMPREPLY+=("$word")
  done < <("\${COMP_WORDS[0]}" __complete "$1" -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
}

_rollcall_paths() {
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$2")
}

complete -F _rollcall rollcall
`;

/** A pattern for `command:what`, and what is printed for it. */
type Row = readonly [pattern: string, words: string];

/** A function of a command and an option or a position; rows with the same words are one. */
function lookup(name: string, rows: readonly Row[]): string {
  const patterns = new Map<string, string[]>();
  for (const [pattern, words] of rows) {
    if (words === "") continue;
    patterns.set(words, [...(patterns.get(words) ?? []), pattern]);
  }
  const cases = [...patterns].map(([words, all]) => `    ${all.join("|")}) echo ${quoted(words)} ;;`);
  return `${name}() {\n  case "$1:$2" in\n${cases.join("\n")}\n  esac\n}\n`;
}

function valueRows(command: CommandWords): readonly Row[] {
  const ofOptions = command.options.flatMap(({ flags, value }) =>
    value === undefined ? [] : flags.map((flag): Row => [quoted(`${key(command)}:${flag}`), wordsOf(value)]),
  );
  const ofArguments = command.arguments.map(({ values, isVariadic }, index): Row => {
    const place = quoted(`${key(command)}:`) + (isVariadic ? "[0-9]*" : String(index));
    return [place, wordsOf(values)];
  });
  return [...ofOptions, ...ofArguments];
}

function takingRows(command: CommandWords): readonly Row[] {
  const taking = command.options.filter(({ value }) => value !== undefined);
  return taking.flatMap(({ flags }) => flags.map((flag): Row => [quoted(`${key(command)}:${flag}`), "yes"]));
}

function wordsOf(values: Values): string {
  if (values.type === "words") return values.words.join(" ");
  if (values.type === "project") return `@project:${values.what}`;
  return values.type === "anything" ? "" : `@${values.type}`;
}

function key({ path }: CommandWords): string {
  return path.join(" ");
}

function flagsOf({ options }: CommandWords): readonly string[] {
  return options.flatMap(({ flags }) => flags);
}
