import type { Obstacle, PulledFile, PullResult, SkippedObject } from "../model/pull-result.ts";
import { inEnvironment } from "./in-environment.ts";
import { pad, widest } from "./layout.ts";
import { counted, inherit, listed } from "./phrases.ts";
import { adoptionSections } from "./proposal.ts";
import { visible } from "../model/visible.ts";
import type { Style } from "./style.ts";
import type { Line } from "./text/diff.ts";
import { heading, remark, spaced, toText } from "./text/sections.ts";
import type { JsonObject } from "../model/json.ts";
import { envelope, type JsonOptions } from "./json/envelope.ts";
import { plain } from "./json/plain.ts";

/** What a pull wrote, or would write, or why it wrote nothing. */
export function pullText(result: PullResult, environment: string, style: Style): string {
  const { files, obstacles, skipped, unwritten } = result;
  const blocked = obstacles.map((one) => obstacleLines(one, environment));
  const left = unwritten.map(({ address, path, why, hint }): readonly Line[] => [
    [{ text: `  ${visible(`${address} ${path}`)}`, tone: "title" }],
    [{ text: `    ${visible(why)}` }],
    [{ text: `    help: ${visible(hint)}` }],
  ]);
  const others = skipped.filter(({ reason }) => reason !== "managed");
  return toText(
    [
      blocked.length === 0 ? [] : [...heading("In the way"), ...spaced(blocked)],
      blocked.length > 0 || files.length === 0 ? [] : [...heading("Files"), ...fileLines(files)],
      ...(blocked.length > 0 ? [] : adoptionSections(result)),
      others.length === 0
        ? []
        : [...heading("Not pulled"), ...others.flatMap((one) => skippedLines(one, environment))],
      left.length === 0 ? [] : [...heading("Not written"), ...spaced(left)],
      [
        [{ text: visible(summary(result)), tone: "title" }],
        ...remarks(result, environment).flatMap((text) => remark(visible(text))),
      ],
    ],
    style,
  );
}

function obstacleLines({ address, where, message, hint }: Obstacle, here: string): readonly Line[] {
  const title = [address, where].filter((part) => part !== undefined).join("  ");
  return [
    ...(title === "" ? [] : [[{ text: `  ${visible(title)}`, tone: "title" as const }]]),
    [{ text: `    ${visible(message)}` }],
    ...(hint === undefined ? [] : [[{ text: `    help: ${visible(inEnvironment(hint, here))}` }]]),
  ];
}

function fileLines(files: readonly PulledFile[]): readonly Line[] {
  const width = widest(files.map(({ file }) => visible(file)));
  return files.map(({ file, change, addresses }) => {
    const what = [pad(change, 7), addresses.map(visible).join(", ")].join("  ");
    return [{ text: `  ${pad(visible(file), width)}  ${what.trimEnd()}` }];
  });
}

function skippedLines(object: SkippedObject, here: string): readonly Line[] {
  const { kind, id, name, path, hint } = object;
  const title: Line = [
    { text: `  ${visible(`${kind} ${name} (${id}): ${inEnvironment(reasonOf(object), here)}`)}` },
  ];
  if (path === undefined || hint === undefined) return [title];
  return [title, [{ text: `    help: ${visible(`${hint}; or list it in .rollcallignore`)}` }]];
}

function reasonOf({ reason, address, environment, path, why }: SkippedObject): string {
  switch (reason) {
    case "other-environment":
      return `environment ${environment} manages it as ${address}`;
    case "unwritable":
      return `a manifest needs ${path}, and cannot hold its value: ${why}`;
    default:
      return `${address} declares its name and different values, or several objects have the name: run "rollcall plan"`;
  }
}

function summary(result: PullResult): string {
  const { status, obstacles } = result;
  switch (status) {
    case "blocked":
      return `Nothing was written: ${counted(obstacles.length, "problem")} in the way.`;
    case "unchanged":
      return nothingToPull(result);
    case "planned":
      return `Would write ${amount(result)}. Nothing was written.`;
    case "pulled":
      if (result.unmatched.length > 0) return `Pulled ${amount(result)}.`;
      return result.isPlanEmpty && result.adopted.length === 0
        ? `Pulled ${amount(result)}. The manifests are valid, and the plan is empty.`
        : `Pulled ${amount(result)}. The manifests are valid, and the plan does not change the pulled objects.`;
  }
}

function nothingToPull({ skipped, left }: PullResult): string {
  const managed = skipped.filter(({ reason }) => reason === "managed").length;
  if (left.length > 0) return `Nothing to pull. ${counted(left.length, "live change")} not adopted.`;
  return managed === 0
    ? "Nothing to pull."
    : `Nothing to pull: ${counted(managed, "object")} of the selection ${managed === 1 ? "is" : "are"} managed already.`;
}

function amount({ objects, files, adopted }: PullResult): string {
  const what = [
    ...(objects.length > 0 || adopted.length === 0 ? [counted(objects.length, "object")] : []),
    ...(adopted.length > 0 ? [counted(adopted.length, "live change")] : []),
  ];
  return `${listed(what)} in ${counted(files.length, "file")}`;
}

/** What to do where something is in the way, by whether it is a mistake that was there before. */
const UNBLOCK = {
  true: "The project has errors that this pull does not fix: correct these manifests, and pull again.",
  false: "To pull the rest, name the objects, or list those in the way in .rollcallignore.",
};

function remarks(result: PullResult, environment: string): readonly string[] {
  const { status, obstacles, unwritten, followers, elsewhere, isLimited, unmatched, suggestsProtection } =
    result;
  if (obstacles.some(({ isTransient }) => isTransient === true)) return [];
  if (status === "blocked") return [...new Set(obstacles.map(({ isOld = false }) => UNBLOCK[`${isOld}`]))];
  return [
    ...unmatched.map(
      ({ where, message }) =>
        `${where}: ${message}. Until something is there, validate and plan report it as an error.`,
    ),
    ...(isLimited ? [`The new manifests exist only in ${environment}.`] : []),
    ...sharedRemarks(result, environment),
    ...(elsewhere.length > 0
      ? [
          `These manifests are also used in ${listed(elsewhere)}: the plan of that environment creates or changes what they declare. Plan there before you apply.`,
        ]
      : []),
    ...(followers.length > 0
      ? [`The next apply also changes ${listed(followers)}, which ${inherit(followers)} the adopted values.`]
      : []),
    ...(unwritten.length > 0 ? ["What was not written is not declared, so it keeps its live value."] : []),
    ...(status === "pulled" && suggestsProtection
      ? [
          `To keep these objects from being deleted or replaced, set "protect: true" for ${environment} in rollcall.yaml.`,
        ]
      : []),
  ];
}

function matching(count: number): string {
  return count === 1 ? "1 object matches a manifest" : `${count} objects match manifests`;
}

const MANY = 10;

/** The files show all of them. */
function someOf(names: readonly string[]): string {
  const rest = names.length - MANY;
  return rest > 0 ? listed([...names.slice(0, MANY), `${rest} more`]) : listed(names);
}

/** About manifests that other environments have, too. */
function sharedRemarks({ objects, limited, uncreated }: PullResult, environment: string): readonly string[] {
  const shared = objects.filter(({ isShared }) => isShared === true);
  const names = limited.map(({ address, environments }) => `${address} (${environments.join(", ")})`);
  return [
    ...(shared.length > 0
      ? [
          `${matching(shared.length)} of other environments: what differs is in the patches of ${environment}, and no other environment changes.`,
        ]
      : []),
    ...(limited.length > 0
      ? [
          `No object in ${environment} matches ${someOf(names)}: their metadata.environments lists the other environments now. To have apply create one, add ${environment} there.`,
        ]
      : []),
    ...(uncreated.length > 0
      ? [
          `No object in ${environment} matches ${someOf(uncreated)}: the next apply creates what they declare. To prevent that, list the other environments in metadata.environments.`,
        ]
      : []),
  ];
}

/** The objects and files of a pull, and what stood in its way. */
export function pullJson(result: PullResult, environment: string, options?: JsonOptions): JsonObject {
  const { isLimited: _, suggestsProtection: __, ...shown } = result;
  return { ...(options !== undefined && envelope(options)), environment, ...plain(shown) };
}
