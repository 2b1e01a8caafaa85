import { version as rollcallVersion } from "../../host/version.ts";
import { stringify, type JsonObject } from "../../model/json.ts";
import { MAIN, chosenVersion } from "../../operations/versions/choose.ts";
import { versionDiff } from "../../operations/versions/compare.ts";
import { versionList } from "../../operations/versions/list.ts";
import { versionsOf, type Versions } from "../../operations/versions/read.ts";
import { shownVersion } from "../../operations/versions/show.ts";
import { visible } from "../../model/visible.ts";
import {
  changeJson,
  versionDiffJson,
  versionDiffText,
  versionJson,
  versionsJson,
  versionsTable,
} from "../../report/versions.ts";
import { withAssistant, type AccountOptions, type OpenAccount } from "../account.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { type Io, note, print, styleOf, tableStyle } from "../io.ts";
import { namesJson } from "../../report/json/names.ts";
import { envelope } from "../../report/json/envelope.ts";

export interface VersionsOptions extends AccountOptions {
  readonly format: "text" | "json";
}

const JSON_OPTIONS = { rollcallVersion };

/** Which versions an assistant has, and who answers callers. */
export function versionsList(io: Io, assistant: string, options: VersionsOptions): Promise<ExitCode> {
  return withVersions(io, assistant, options, async (workspace, versions) => {
    const list = versionList(workspace, versions);
    const style = tableStyle(io, options.color);
    await output(
      io,
      options,
      () => versionsTable(list, style),
      () => versionsJson(list, JSON_OPTIONS),
    );
    return 0;
  });
}

/** One version as a manifest, and how it differs from main. */
export function versionsShow(
  io: Io,
  [assistant, name]: readonly [string, string],
  options: VersionsOptions,
): Promise<ExitCode> {
  return withVersions(io, assistant, options, async (workspace, versions) => {
    const { manifest, unwritten, configuration, diff, version } = await shownVersion(
      workspace,
      versions,
      chosenVersion(versions, name),
    );
    const { environment, assistant: of, changes } = diff;
    const json = (): JsonObject => ({
      ...envelope(JSON_OPTIONS),
      environment,
      assistant: namesJson(of),
      version: versionJson(version),
      manifest,
      configuration,
      changes: changes.map(changeJson),
    });
    const difference = () => (version.isMain ? "" : `\n\n${versionDiffText(diff, styleOf(io, options.color))}`);
    await output(io, options, () => `${manifest.trimEnd()}${difference()}`, json);
    for (const { address, path, why } of unwritten)
      await note(io, visible(`note: ${address}: ${path} is left out: ${why}`));
    return 0;
  });
}

export interface DiffOptions extends VersionsOptions {
  readonly from?: string;
  readonly to?: string;
  readonly detailedExitcode?: boolean;
  readonly full?: boolean;
}

/** How two versions differ, or one from what the manifests declare. */
export function versionsDiff(io: Io, assistant: string, options: DiffOptions): Promise<ExitCode> {
  const { from = MAIN, to = MAIN, detailedExitcode } = options;
  if (options.from === undefined && options.to === undefined)
    throw new UsageError("versions diff needs --from or --to", 'pass a version, "main" or "git"');
  return withVersions(io, assistant, options, async (workspace, versions) => {
    const diff = await versionDiff(workspace, versions, { from, to });
    const style = styleOf(io, options.color, options.full);
    await output(
      io,
      options,
      () => versionDiffText(diff, style),
      () => versionDiffJson(diff, JSON_OPTIONS),
    );
    return detailedExitcode === true && diff.changes.length > 0 ? 2 : 0;
  });
}

export async function withVersions(
  io: Io,
  assistant: string,
  options: VersionsOptions,
  act: (workspace: OpenAccount, versions: Versions) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withAssistant(io, assistant, options, async (found, workspace) =>
    act(workspace, await versionsOf(workspace, found)),
  );
}

async function output(
  io: Io,
  { format }: VersionsOptions,
  text: () => string,
  json: () => JsonObject,
): Promise<void> {
  await print(io, format === "json" ? stringify(json(), 2) : text());
}
