import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files below a folder, with their texts, and the folders in it that hold nothing, as `name/`. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const entries = names.flatMap((name): readonly (readonly [string, string])[] => {
    const path = join(folder, name);
    const status = statSync(path);
    if (status.isFile()) return [[name, readFileSync(path, "utf8")]];
    return status.isDirectory() && readdirSync(path).length === 0 ? [[`${name}/`, ""]] : [];
  });
  return Object.fromEntries(entries);
}

/** Without the ledger and what lies beside it; with its folder, if that holds nothing. */
export function manifestsIn(folder: string): Readonly<Record<string, string>> {
  const isManifest = (name: string) => name === ".rollcall/" || !name.startsWith(".rollcall/");
  return Object.fromEntries(Object.entries(treeOf(folder)).filter(([name]) => isManifest(name)));
}
