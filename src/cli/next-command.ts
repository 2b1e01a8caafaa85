import type { Advice } from "../model/next-step.ts";

/** Where a command works: the project as it was typed, and the environment. */
export interface Place {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
}

/** Commands that take the project as an argument, and not as `--project`. */
export const BY_PATH: ReadonlySet<string> = new Set([
  "apply",
  "destroy",
  "drift",
  "import",
  "plan",
  "validate",
]);

/** A command to run next, for a shell, with the project and the environment of this one. */
export function nextCommand(words: readonly string[], { project, env }: Place): string {
  const isByPath = BY_PATH.has(words[0] ?? "");
  const place = [
    ...(project === undefined ? [] : isByPath ? [project] : ["--project", project]),
    ...(env === undefined ? [] : ["--env", env]),
  ];
  return ["rollcall", ...words, ...place].map(shellWord).join(" ");
}

/** What to do about an error, with the command for this place. */
export function adviceText(advice: Advice, place: Place): string {
  if (typeof advice === "string") return advice;
  const { to, run, env = place.env, or } = advice;
  return `${to}, run: ${nextCommand(run, { ...place, env })}${or === undefined ? "" : `; ${or}`}`;
}

/** A text in which commands stand in double quotes, with the commands for this place. */
export function withPlace(text: string, place: Place): string {
  return text.replaceAll(
    /"rollcall ([^"]+)"/g,
    (_, words: string) => `"${nextCommand(words.split(" "), place)}"`,
  );
}

/** A word of a command, for a shell of the Bourne family. */
export function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
