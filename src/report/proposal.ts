import type { JsonObject } from "../model/json.ts";
import type { AdoptedPath, LeftOut, Proposal } from "../model/proposal.ts";
import { plain } from "./json/plain.ts";
import { code, prose } from "./markdown/escape.ts";
import { counted, listed } from "./phrases.ts";
import { visible } from "./safe.ts";
import type { Style } from "./style.ts";
import type { Line } from "./text/diff.ts";
import { heading, remark, spaced, toText } from "./text/sections.ts";

/** What was adopted into the manifests, below a report of drift on a terminal. */
export function proposalText(proposal: Proposal, style: Style): string {
  const { left, unsettled } = proposal;
  const files = byFile(proposal).map(([file, paths]) => fileLines(file, paths));
  const kept = left.map((one): readonly Line[] => [
    [{ text: `  ${visible(nameOf(one))}`, tone: "title" }],
    [{ text: `    ${reasonText(one)}` }],
  ]);
  const open = unsettled.map((one): Line => [{ text: `  ${visible(nameOf(one))}`, tone: "failure" }]);
  return toText(
    [
      files.length === 0 ? [] : [...heading("Adopted into the manifests"), ...spaced(files)],
      kept.length === 0 ? [] : [...heading("Not adopted"), ...spaced(kept)],
      open.length === 0 ? [] : [...heading("Adopted, and still different from what is live"), ...open],
      [[{ text: summary(proposal), tone: "title" }], ...remark(followersText(proposal))],
    ],
    style,
  );
}

function fileLines(file: string, paths: readonly AdoptedPath[]): readonly Line[] {
  const title: Line = [{ text: `  ${visible(file)}`, tone: "title" }];
  return [title].concat(paths.map((one) => [{ text: `    ${adoptedText(one)}` }]));
}

/** The same for a pull request or an issue. */
export function proposalMarkdown(proposal: Proposal): string {
  const { left, unsettled } = proposal;
  const item = (path: AdoptedPath) =>
    `- ${code(visible(nameOf(path)))} in ${code(visible(placeOf(path)))}${prose(visible(droppedText(path)))}`;
  const sections = [
    listSection("Adopted into the manifests", proposal.adopted.map(item)),
    listSection(
      "Not adopted",
      left.map((one) => `- ${code(visible(nameOf(one)))}: ${prose(reasonText(one))}`),
    ),
    listSection(
      "Adopted, and still different from what is live",
      unsettled.map((one) => `- ${code(visible(nameOf(one)))}`),
    ),
    [summary(proposal), followersText(proposal)]
      .flatMap((text) => (text === undefined ? [] : prose(text)))
      .join(" "),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

export function proposalJson(proposal: Proposal): JsonObject {
  return plain(proposal);
}

function listSection(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `### ${title}\n\n${items.join("\n")}`;
}

function byFile({ adopted }: Proposal): readonly (readonly [string, readonly AdoptedPath[]])[] {
  const files = [...new Set(adopted.map(({ file }) => file))].sort();
  return files.map((file) => [file, adopted.filter((one) => one.file === file)]);
}

function adoptedText(path: AdoptedPath): string {
  const line = path.line === undefined ? "" : `, line ${path.line}`;
  return visible(`${nameOf(path)}${line}${droppedText(path)}`);
}

function droppedText({ dropped = [] }: AdoptedPath): string {
  return dropped.length === 0 ? "" : `, without ${listed(dropped)}`;
}

function nameOf({ address, label }: Pick<LeftOut, "address" | "label">): string {
  return label === undefined ? address : `${address} ${label}`;
}

function placeOf({ file, line }: AdoptedPath): string {
  return line === undefined ? file : `${file}:${line}`;
}

function reasonText({ reason, hint }: LeftOut): string {
  return visible(hint === undefined ? reason : `${reason}; ${hint}`);
}

function summary({ adopted, files, left }: Proposal): string {
  const done =
    files.length === 0
      ? "No manifest was changed."
      : `${counted(adopted.length, "live value")} adopted in ${counted(files.length, "file")}.`;
  return left.length === 0
    ? done
    : `${done} ${counted(left.length, "difference")} left as ${left.length === 1 ? "it is" : "they are"}.`;
}

function followersText({ followers }: Proposal): string | undefined {
  if (followers.length === 0) return undefined;
  return visible(`The next apply changes ${listed(followers)} as well: what was adopted is inherited there.`);
}
