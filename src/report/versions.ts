import type { JsonObject } from "../model/json.ts";
import type { PathChange } from "../model/plan.ts";
import type {
  ListedVersion,
  VersionDiff,
  VersionList,
  VersionShare,
  VersionSide,
} from "../model/version-list.ts";
import { envelope, type JsonOptions } from "./json/envelope.ts";
import { plain } from "./json/plain.ts";
import { changeRow } from "./rows.ts";
import { visible } from "../model/visible.ts";
import { paint, type Style } from "./style.ts";
import { minute, tableLines, columnsOver } from "./table.ts";
import type { Line } from "./text/diff.ts";
import { rowLines } from "./text/rows.ts";
import { toText } from "./text/sections.ts";
import { namesJson } from "./json/names.ts";

export function versionsTable({ versions }: VersionList, style: Style): string {
  const column = columnsOver(versions);
  const table = [
    column("NAME", ({ name }) => name),
    { ...column("ID", ({ id }) => id), isWhole: true as const },
    column("SERVES", servesText),
    column("MANAGED", managedText),
    column("CREATED", ({ createdAt }) => minute(createdAt)),
  ];
  return tableLines(table, { ...style, isWide: false }).join("\n");
}

/** `main`, or what the canary says: `canary 10%`. */
function servesText({ isMain, shares }: ListedVersion): string {
  return isMain ? "main" : shares.map(shareText).join("; ");
}

function shareText({ match, percent }: VersionShare): string {
  return match === "" ? `canary ${percent}%` : `canary ${percent}% if ${match}`;
}

function managedText({ managed, manifest, isOwn }: ListedVersion): string | undefined {
  if (managed === undefined && manifest !== undefined) return `${manifest.address} (not applied)`;
  if (managed === undefined) return isOwn ? "no (made by this project)" : undefined;
  if (managed.isElsewhere === true) return `${managed.environment}: ${managed.address}`;
  return manifest === undefined ? `${managed.address} (no manifest)` : managed.address;
}

export function versionsJson(
  { environment, assistant, versions }: VersionList,
  options: JsonOptions,
): JsonObject {
  return {
    ...envelope(options),
    environment,
    assistant: namesJson(assistant),
    versions: versions.map(versionJson),
  };
}

export function versionJson({
  id,
  name,
  createdAt,
  isMain,
  isOwn,
  shares,
  managed,
  manifest,
}: ListedVersion): JsonObject {
  return plain({
    id,
    name: name ?? null,
    created_at: createdAt,
    main: isMain,
    own: isOwn,
    canary: shares,
    managed: managed === undefined ? null : { address: managed.address, environment: managed.environment },
    manifest: manifest ?? null,
  });
}

/** The paths that differ, as a plan shows them. */
export function versionDiffText(diff: VersionDiff, style: Style): string {
  const title = `${sideText(diff.from)} → ${sideText(diff.to)}`;
  if (diff.changes.length === 0) return paint([{ text: `No differences: ${title}` }], style);
  return toText([[[{ text: `  # ${title}`, tone: "title" }], ...changeLines(diff, style)]], style).trimEnd();
}

function changeLines(
  { changes, names }: Pick<VersionDiff, "changes" | "names">,
  style: Style,
): readonly Line[] {
  return rowLines(
    changes.map((change) => changeRow(change, names)),
    style,
  );
}

function sideText(side: VersionSide): string {
  if (side.what === "git") return visible(`git (${side.address})`);
  const name = side.name === undefined ? side.id : `${side.name} (${side.id})`;
  return visible(side.what === "main" ? `main: ${name}` : name);
}

export function versionDiffJson(diff: VersionDiff, options: JsonOptions): JsonObject {
  return {
    ...envelope(options),
    environment: diff.environment,
    assistant: namesJson(diff.assistant),
    from: plain(diff.from),
    to: plain(diff.to),
    changes: diff.changes.map(changeJson),
  };
}

/** `before` is null where `from` has no value, `after` where `to` has none. */
export function changeJson({ path, label, before, after, sensitive }: PathChange): JsonObject {
  return plain({ path, label, before: before ?? null, after: after ?? null, sensitive });
}
