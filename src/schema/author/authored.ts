import { posix } from "node:path";
import { parseAddress } from "../../model/address.ts";
import { valueIn } from "../../model/at-path.ts";
import type { Json } from "../../model/json.ts";
import { segments } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";
import { MANIFEST_LIMIT } from "../read/read-file.ts";
import { manifestText } from "./document.ts";
import type { AuthoredFile, AuthoredOptions, ManifestDraft } from "./draft.ts";
import { fileNameOf, numbered, slugOf } from "./slug.ts";
import { withTextFiles } from "./text-files.ts";
import { compareTexts } from "../../model/compare-texts.ts";

/** Of a layout with one file, and of kinds that say nothing about their files. */
const COMMON = "manifests";
const SEPARATOR = "---\n";

/** The files of new manifests: the same ones for the same drafts, in any order. Nothing is written. */
export function authored(
  drafts: readonly ManifestDraft[],
  { layout, taken }: AuthoredOptions,
): readonly AuthoredFile[] {
  const used = new Set([...taken].map(pathKey));
  const freePath = (wanted: string, extension: string): string => {
    const stem = posix.join(posix.dirname(wanted), fileNameOf(posix.basename(wanted)));
    const isFree = (name: string) => !used.has(pathKey(name + extension));
    const path = (isFree(stem) ? stem : numbered(stem, isFree)) + extension;
    used.add(pathKey(path));
    return path;
  };
  const groups = new Map<string, ManifestDraft[]>();
  for (const draft of drafts.toSorted((a, b) => compareTexts(a.address, b.address))) {
    const stem = layout === "single" ? COMMON : stemOf(draft);
    groups.set(stem, [...(groups.get(stem) ?? []), draft]);
  }
  return [...groups].flatMap(([stem, group]) => {
    const split = group.map((draft) =>
      layout === "single" ? { draft, files: [] } : withTextFiles(draft, posix.dirname(stem), freePath),
    );
    const texts = split.flatMap(({ files }) => files);
    const manifests = inFiles(
      split.map(({ draft }) => draft),
      () => freePath(stem, ".yaml"),
    );
    return manifests.concat(texts);
  });
}

/** One after the other in a file, and in another file where it would be too large to be read. */
function inFiles(drafts: readonly ManifestDraft[], newPath: () => string): readonly AuthoredFile[] {
  const files: AuthoredFile[] = [];
  for (const draft of drafts) {
    const text = manifestText(draft);
    const last = files.at(-1);
    const longer = `${last?.text}${SEPARATOR}${text}`;
    if (last === undefined || Buffer.byteLength(longer) > MANIFEST_LIMIT)
      files.push({ path: newPath(), text, addresses: [draft.address] });
    else {
      const addresses = [...last.addresses, draft.address];
      files[files.length - 1] = { path: last.path, text: longer, addresses };
    }
  }
  return files;
}

/** The path of the file without its extension. */
function stemOf({ address, kind, spec }: ManifestDraft): string {
  const { folder, by } = kind.files ?? { folder: COMMON };
  const name = parseAddress(address)?.name ?? slugOf(address);
  const shared = by === undefined ? undefined : sharedName(valueIn(spec, segments(by)));
  return posix.join(folder, shared ?? name);
}

function sharedName(value: Json | undefined): string | undefined {
  if (isReference(value)) return parseAddress(value.ref)?.name;
  return (typeof value === "string" && slugOf(value)) || undefined;
}

/** Two paths of one key are one file where names differ by case, or by how letters are composed. */
function pathKey(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
