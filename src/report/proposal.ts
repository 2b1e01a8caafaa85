import type { JsonObject } from "../model/json.ts";
import type { AdoptedPath, LeftOut, Proposal } from "../model/proposal.ts";
import { plain } from "./json/plain.ts";
import { code, prose } from "./markdown/escape.ts";
import { counted, inherit, listed } from "./phrases.ts";
import { visible } from "../model/visible.ts";
import type { Style } from "./style.ts";
import type { Line } from "./text/diff.ts";
import { heading, remark, spaced, toText } from "./text/sections.ts";
import { lineText } from "../model/diagnostic.ts";

/** What was adopted into the manifests, below a report of drift on a terminal. */
export function proposalText(proposal: Proposal, style: Style): string {
  const { unsettled } = proposal;
  const open = unsettled.map((one): Line => [{ text: `  ${visible(nameOf(one))}`, tone: "failure" }]);
  return toText(
    [
      ...adoptionSections(proposal),
      open.length === 0 ? [] : [...heading("Adopted, but still different from the live value"), ...open],
      [[{ text: summary(proposal), tone: "title" }], ...remarks(proposal).flatMap((text) => remark(text))],
    ],
    style,
  );
}

/** What manifests took of the live objects, file by file, and what they did not. */
export function adoptionSections({
  adopted,
  left,
}: Pick<Proposal, "adopted" | "left">): readonly (readonly Line[])[] {
  const files = byFile({ adopted }).map(([file, paths]) => fileLines(file, paths));
  const kept = left.map((one): readonly Line[] => [
    [{ text: `  ${visible(nameOf(one))}`, tone: "title" }],
    [{ text: `    ${reasonText(one)}` }],
  ]);
  return [
    files.length === 0 ? [] : [...heading("Adopted into the manifests"), ...spaced(files)],
    kept.length === 0 ? [] : [...heading("Not adopted"), ...spaced(kept)],
  ];
}

function fileLines(file: string, paths: readonly AdoptedPath[]): readonly Line[] {
  const title: Line = [{ text: `  ${visible(file)}`, tone: "title" }];
  return [title].concat(paths.map((one) => [{ text: `    ${adoptedText(one)}` }]));
}

/** The same for a pull request or an issue. */
export function proposalMarkdown(proposal: Proposal): string {
  const { left, unsettled } = proposal;
  const item = (path: AdoptedPath) =>
    `- ${code(shortName(path))} in ${code(visible(lineText(path)))}${prose(visible(detailsText(path)))}`;
  const sections = [
    listSection("Adopted into the manifests", proposal.adopted.map(item)),
    listSection(
      "Not adopted",
      left.map((one) => `- ${code(shortName(one))}: ${prose(reasonText(one))}`),
    ),
    listSection(
      "Adopted, but still different from the live value",
      unsettled.map((one) => `- ${code(shortName(one))}`),
    ),
    [summary(proposal), ...remarks(proposal)].map(prose).join(" "),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

export function proposalJson(proposal: Proposal): JsonObject {
  return plain(proposal);
}

const MOST_ITEMS = 60;

function listSection(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  const more = items.length - MOST_ITEMS;
  const shown = more > 0 ? [...items.slice(0, MOST_ITEMS), `- and ${more} more`] : items;
  return `### ${title}\n\n${shown.join("\n")}`;
}

function byFile({
  adopted,
}: Pick<Proposal, "adopted">): readonly (readonly [string, readonly AdoptedPath[]])[] {
  const files = [...new Set(adopted.map(({ file }) => file))].sort();
  return files.map((file) => [file, adopted.filter((one) => one.file === file)]);
}

function adoptedText(path: AdoptedPath): string {
  const line = path.line === undefined ? "" : `, line ${path.line}`;
  return visible(`${nameOf(path)}${line}${detailsText(path)}`);
}

/** Which patches it belongs to, and what it does without. */
function detailsText({ patchOf, dropped = [] }: AdoptedPath): string {
  const patch = patchOf === undefined ? "" : `, in the patches of ${patchOf}`;
  return dropped.length === 0 ? patch : `${patch}, without ${listed(dropped)}`;
}

function nameOf({ address, label }: Pick<LeftOut, "address" | "label">): string {
  return label === undefined ? address : `${address} ${label}`;
}

const LONGEST_NAME = 200;

function shortName(path: Pick<LeftOut, "address" | "label">): string {
  const name = visible(nameOf(path));
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

function reasonText({ reason, hint }: LeftOut): string {
  return visible(hint === undefined ? reason : `${reason}; ${hint}`);
}

function summary({ adopted, files, left }: Proposal): string {
  const done =
    files.length === 0
      ? "No manifest was changed."
      : `${counted(adopted.length, "live value")} adopted in ${counted(files.length, "file")}.`;
  return left.length === 0 ? done : `${done} ${counted(left.length, "difference")} not adopted.`;
}

/** What the adopted values do elsewhere. */
function remarks({ adopted, followers }: Proposal): readonly string[] {
  const patched = [...new Set(adopted.flatMap(({ patchOf }) => patchOf ?? []))];
  return [
    ...(patched.length === 0
      ? []
      : [
          `Nothing changes in other environments: where they have the manifest, too, the value is in the patches of ${listed(patched)}.`,
        ]),
    ...(followers.length === 0
      ? []
      : [`The next apply also changes ${listed(followers)}, which ${inherit(followers)} the adopted values.`]),
  ].map(visible);
}
