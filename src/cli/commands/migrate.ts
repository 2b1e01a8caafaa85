import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { isList, isObject, type Json } from "../../model/json.ts";
import { toJson } from "../../model/node.ts";
import { parseJson } from "../../model/parse-json.ts";
import { migrate } from "../../operations/migrate/migrate.ts";
import type { Conversion } from "../../providers/telnyx/migrate/conversion.ts";
import {
  CONVERSIONS,
  migrated,
  otherProviderOf,
  type ProviderFile,
} from "../../providers/telnyx/migrate/index.ts";
import type { AuthoredFile, Layout } from "../../schema/author/draft.ts";
import { loadEnvironments, type LoadedProject } from "../../schema/load.ts";
import { PROJECT_FILE } from "../../schema/read/discover.ts";
import { documentIn, isJson, isJsonFile } from "../../schema/read/data-file.ts";
import { missingEntries } from "../../schema/write/manifest-entries.ts";
import type { ExitCode } from "../exit-code.ts";
import { sourceAt, readWith } from "../data-file.ts";
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
  const read = async (path: string) => filesIn(path, await dataIn(io, path, options.color), conversion);
  const files = await Promise.all([...new Set(options.from)].map(read));
  const found = migrated(conversion, files.flat());
  if (found.resources.length === 0)
    throw new UsageError(`no agent of ${conversion.provider} is in ${options.from.join(", ")}`);
  const projects = await loadEnvironments(loadOptions(io, options.project, options));
  const [project] = projects;
  if (project === undefined) throw new Error("a project has an environment");
  const { files: authored, result } = migrate(found, {
    provider: conversion.provider,
    kinds: KINDS,
    layout: options.layout,
    taken: takenIn(project.root),
    addresses: new Set(projects.flatMap(({ resources }) => resources.map(({ address }) => address))),
  });
  const isDryRun = options.dryRun === true;
  // Texts are written first: without their manifest, they have no effect.
  const texts = authored.map(({ path, text }) => [path, text] as const);
  if (!isDryRun) await writeAllNew(project.root, texts.toReversed());
  const shown = { ...result, isDryRun, missingEntries: await missingIn(project, authored) };
  return saying(io, 0, async () => print(io, await options.format.render(shown, styleOf(io, options.color))));
}

/** One agent, or a list of them. */
function filesIn(path: string, value: Json, conversion: Conversion): readonly ProviderFile[] {
  const name = basename(path);
  const all = isList(value)
    ? value.map((item, index) => ({ name: `${name}[${index}]`, value: item }))
    : [{ name, value }];
  const stray = all.find((file) => !isObject(file.value));
  if (stray !== undefined || all.length === 0)
    throw new UsageError(`${path} holds no agent: it must be a JSON object`);
  const [other] = all.flatMap((file) => otherProviderOf(conversion, file.value) ?? []);
  if (other !== undefined)
    throw new UsageError(
      `${path} is a file of ${CONVERSIONS[other]?.provider ?? other}, and not of ${conversion.provider}`,
      { to: "to migrate it", run: ["migrate", other, "--from", path] },
    );
  return all;
}

async function dataIn(io: Io, path: string, color: boolean): Promise<Json> {
  const source = await sourceAt(io, path, { color, limit: LARGEST });
  return readWith(io, color, (report) => {
    // The reader of YAML takes long for a large export.
    if (isJsonFile(source))
      return isJson(source, report) ? parseJson(source.text.replace(/^\uFEFF/, "")) : undefined;
    const node = documentIn(source, "the file", report);
    return node && toJson(node);
  });
}

async function missingIn(project: LoadedProject, files: readonly AuthoredFile[]): Promise<readonly string[]> {
  if (!existsSync(join(project.root, PROJECT_FILE))) return [];
  return missingEntries(
    project.settings.manifests,
    files.map(({ path }) => path),
  );
}
