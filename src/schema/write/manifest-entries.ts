import { isList, property } from "../../model/json.ts";
import { manifestsAmong, manifestsOf, PROJECT_FILE } from "../read/discover.ts";
import { editedText } from "./edit-text.ts";
import { yamlText } from "./yaml-text.ts";

/** What `spec.manifests` lacks so that these files are read: the first parts of their paths. */
export async function missingEntries(
  entries: readonly string[],
  files: readonly string[],
): Promise<readonly string[]> {
  const found = new Set((await Promise.all(entries.map((entry) => manifestsAmong(entry, files)))).flat());
  const missing = files.filter((file) => /\.ya?ml$/i.test(file) && file !== PROJECT_FILE && !found.has(file));
  return [...new Set(missing.map((file) => file.split("/")[0] ?? file))].sort();
}

/** The text of a project file with more entries in `spec.manifests`; `undefined` where they cannot be written there. */
export function withEntries(text: string, entries: readonly string[]): string | undefined {
  const yaml = yamlText(text);
  const list = property(property(yaml?.values[0], "spec"), "manifests");
  if (yaml === undefined || !isList(list)) return undefined;
  const items = [...list.map((_, from) => ({ from })), ...entries.map((value) => ({ value }))];
  return editedText(yaml, { document: 0, way: ["spec", "manifests"], do: "arrange", items })?.text;
}

/** The positions of the entries that match no file after these files are deleted. */
export async function emptiedEntries(
  root: string,
  entries: readonly string[],
  gone: ReadonlySet<string>,
): Promise<readonly number[]> {
  const emptied = await Promise.all(
    entries.map(async (entry, index) => {
      const [before, after] = [await manifestsOf(root, entry), await manifestsOf(root, entry, gone)];
      return before !== undefined && after === undefined ? [index] : [];
    }),
  );
  return emptied.flat();
}
