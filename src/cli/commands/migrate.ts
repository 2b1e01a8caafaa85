import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { FileFault } from "../../host/files/fault.ts";
import { readText } from "../../host/files/read.ts";
import { isList, isObject, type Json } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { migrate } from "../../operations/migrate/migrate.ts";
import { CONVERSIONS, migrated, type ProviderFile } from "../../providers/telnyx/migrate/index.ts";
import type { AuthoredFile, Layout } from "../../schema/author/draft.ts";
import { loadEnvironments, type LoadedProject } from "../../schema/load.ts";
import { PROJECT_FILE } from "../../schema/read/discover.ts";
import { missingEntries } from "../../schema/write/manifest-entries.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import type { Format } from "../formats/format.ts";
import { print, styleOf, type Io } from "../io.ts";
import { takenIn, writeAllNew } from "../new-files.ts";
import { KINDS, loadOptions, type ProjectOptions } from "../project.ts";
import { saying } from "../reports.ts";

export interface MigrateOptions extends ProjectOptions {
  readonly from: readonly string[];
  readonly project?: string;
  readonly layout: Layout;
  readonly dryRun?: boolean;
  readonly format: Format<"migration">;
}

const LARGEST = 32 * 1024 * 1024;

/** Writes manifests for the agents in files of another provider. Sends nothing, and changes no file that is there. */
export async function migrateCommand(io: Io, provider: string, options: MigrateOptions): Promise<ExitCode> {
  const conversion = CONVERSIONS[provider];
  if (conversion === undefined) throw new UsageError(`there is no provider ${provider}`);
  if (options.from.length === 0)
    throw new UsageError(
      "no file was given",
      `pass the files of ${conversion.provider} with --from, or have Telnyx import them with --secret-ref`,
    );
  const found = migrated(
    conversion,
    [...new Set(options.from)].flatMap((path) => filesIn(io, path)),
  );
  if (found.resources.length === 0)
    throw new UsageError(`no agent of ${conversion.provider} is in ${options.from.join(", ")}`);
  const projects = await loadEnvironments(loadOptions(io, options.project, options));
  const [project] = projects;
  if (project === undefined) throw new Error("a project has an environment");
  const { files, result } = migrate(found, {
    provider: conversion.provider,
    kinds: KINDS,
    layout: options.layout,
    taken: takenIn(project.root),
    addresses: new Set(projects.flatMap(({ resources }) => resources.map(({ address }) => address))),
  });
  const isDryRun = options.dryRun === true;
  // Texts first: until their manifest is there, they mean nothing.
  const texts = files.map(({ path, text }) => [path, text] as const);
  if (!isDryRun) await writeAllNew(project.root, texts.toReversed());
  const shown = { ...result, isDryRun, missingEntries: await missingIn(project, files) };
  return saying(io, 0, async () => print(io, await options.format.render(shown, styleOf(io, options.color))));
}

/** One agent, or a list of them. */
function filesIn(io: Io, path: string): readonly ProviderFile[] {
  const value = read(resolve(io.cwd, path), path);
  const name = basename(path);
  const all = isList(value)
    ? value.map((item, index) => ({ name: `${name}[${index}]`, value: item }))
    : [{ name, value }];
  const stray = all.find((file) => !isObject(file.value));
  if (stray !== undefined || all.length === 0)
    throw new UsageError(`${path} holds no agent: it must be a JSON object`);
  return all;
}

function read(file: string, path: string): Json {
  const text = textOf(file, path);
  try {
    return parseJson(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${path}${placeIn(text, error.message)} is not valid JSON: ${error.message}`);
  }
}

function textOf(file: string, path: string): string {
  try {
    return readText(file, LARGEST);
  } catch (error) {
    if (error instanceof FileFault) throw new UsageError(`cannot read ${path}: ${error.reason}`);
    throw error;
  }
}

/** Line and column, from 1, where the message names a position. */
function placeIn(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return `:${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

async function missingIn(project: LoadedProject, files: readonly AuthoredFile[]): Promise<readonly string[]> {
  if (!existsSync(join(project.root, PROJECT_FILE))) return [];
  return missingEntries(
    project.settings.manifests,
    files.map(({ path }) => path),
  );
}
