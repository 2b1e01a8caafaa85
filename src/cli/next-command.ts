import type { ProjectOptions } from "./project.ts";

/** A command to run next, for a shell, with the project and the environment of this one. */
export function nextCommand(
  words: readonly string[],
  { project, env }: Pick<ProjectOptions, "env"> & { readonly project?: string },
): string {
  const place = [
    ...(project === undefined ? [] : ["--project", project]),
    ...(env === undefined ? [] : ["--env", env]),
  ];
  return ["rollcall", ...words, ...place].map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
