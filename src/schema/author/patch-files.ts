import { posix } from "node:path";
import { parseAddress } from "../../model/address.ts";
import { hintAt } from "../../model/field-hints.ts";
import { pointer } from "../../model/pointer.ts";
import type { Rewrite } from "../write/structure.ts";
import { fitsFile, isLongText } from "./included.ts";
import { numbered, slugOf } from "./slug.ts";
import { FOLDER } from "./text-files.ts";

/**
 * The files of texts that differ in one environment: `prompts/<name>.<environment>.md`, for what stands in a file
 * elsewhere, too, and for long texts. The same text gets the same file each time it is asked for.
 */
export function patchFiles(environment: string, taken: ReadonlySet<string>) {
  const used = new Set([...taken].map((path) => path.normalize("NFC").toLowerCase()));
  const known = new Map<string, string>();
  return (
    { address, kind }: Pick<Rewrite, "address" | "kind">,
    path: readonly string[],
    text: string,
    wasFile: boolean,
  ): string | undefined => {
    const isProse = hintAt(kind.fields, path).multiline === true;
    if (!fitsFile(text) || !(wasFile || (isProse && isLongText(text)))) return undefined;
    const key = `${address}#${pointer(path)}`;
    const own = parseAddress(address)?.name ?? "";
    const words = pointer(path) === kind.files?.text ? "" : slugOf(path.join(" "));
    const stem = posix.join(FOLDER, [own, words].filter((part) => part !== "").join("-"));
    const isFree = (name: string) => !used.has(`${name}.${environment}.md`.normalize("NFC").toLowerCase());
    const file = known.get(key) ?? `${isFree(stem) ? stem : numbered(stem, isFree)}.${environment}.md`;
    known.set(key, file);
    used.add(file.normalize("NFC").toLowerCase());
    return file;
  };
}
