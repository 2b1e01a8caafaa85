import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { dashed } from "../../model/kind-words.ts";
import { GROUPINGS } from "../../operations/account/query.ts";
import { loadEnvironments, loadProject, type LoadedProject } from "../../schema/load.ts";
import type { ProjectWords } from "../completion/words.ts";
import type { ExitCode } from "../exit-code.ts";
import { print, type Io } from "../io.ts";
import { KINDS, loadOptions, type ProjectOptions } from "../project.ts";
import { openLedger } from "../workspace.ts";

/** What is offered without a project. */
const OBJECT_WORDS = [
  ...[...KINDS.values()].map(({ nouns }) => dashed(nouns.many)),
  ...GROUPINGS.map(({ many }) => many),
];

/** What a shell can take as one word, as it is. */
const WORD = /^[\w./@:+-]+$/;

/**
 * Words for a shell's completion, one per line. `typed` is the command line so far, which may name the environment and
 * the project. After any error there are no words.
 */
export async function completeCommand(io: Io, what: string, typed: readonly string[]): Promise<ExitCode> {
  const words = await wordsOf(io, what, typed).catch(() => []);
  const shown = [...new Set(words)].filter((word) => WORD.test(word)).sort();
  if (shown.length > 0) await print(io, shown.join("\n"));
  return 0;
}

async function wordsOf(io: Io, what: string, typed: readonly string[]): Promise<readonly string[]> {
  const path = valueOf("--project", typed) ?? pathIn(io, typed);
  const env = valueOf("--env", typed);
  const options: ProjectOptions = { ...(env === undefined ? {} : { env }), var: {}, color: false };
  if (what === ("objects" satisfies ProjectWords))
    return [...OBJECT_WORDS, ...(await wordsOf(io, "addresses", typed).catch(() => []))];
  const ledger = async () => Object.keys((await (await openLedger(io, path, options)).read())?.entries ?? {});
  if (what === ("ledger" satisfies ProjectWords)) return ledger();
  const projects = await projectsAt(io, path, options);
  if (what === ("environments" satisfies ProjectWords))
    return projects.flatMap(({ environments }) => environments);
  const declared = projects.flatMap(({ resources }) => resources.map(({ address }) => address));
  // Completion sends no request: the user waits for it at every key.
  const isNear = projects.every(({ settings }) => settings.ledger.backend === "file");
  if (what !== ("targets" satisfies ProjectWords) || !isNear) return declared;
  return [...declared, ...(await ledger().catch(() => []))];
}

/** The project in the environment that was chosen, or in all of them. */
async function projectsAt(
  io: Io,
  path: string | undefined,
  options: ProjectOptions,
): Promise<readonly LoadedProject[]> {
  const load = loadOptions(io, path, options);
  return options.env === undefined
    ? loadEnvironments(load)
    : [await loadProject({ ...load, environment: options.env })];
}

/** The last one counts. */
function valueOf(option: string, typed: readonly string[]): string | undefined {
  const values = typed.flatMap((word, index) => {
    if (word.startsWith(`${option}=`)) return [word.slice(option.length + 1)];
    if (word !== option) return [];
    // bash splits --env=x into three words.
    const next = typed[index + 1] === "=" ? typed[index + 2] : typed[index + 1];
    return next === undefined ? [] : [next];
  });
  return values.at(-1);
}

/** The first word after the command that is a file or a folder and no value of an option. */
function pathIn({ cwd }: Io, typed: readonly string[]): string | undefined {
  const isFree = (word: string, index: number) =>
    index > 0 && !word.startsWith("-") && word !== "=" && typed[index - 1]?.startsWith("--") !== true;
  return typed.find(
    (word, index) => isFree(word, index) && /[./]/.test(word) && existsSync(resolve(cwd, word)),
  );
}
