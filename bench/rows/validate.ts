import { readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { writeProject } from "../project.ts";
import { compare, type Row } from "../row.ts";

const LIBRARY = resolve(import.meta.dirname, "../../dist/index.js");

export const validates: readonly Row[] = [
  {
    name: "validate-1000",
    title: "loading 1,000 manifests in process ÷ the `yaml` package alone on the same files",
    goal: 3,
    measure: async (rounds) => {
      const project = await writeProject({ Assistant: 1000 });
      const { loadProject } = (await import(LIBRARY)) as typeof import("../../src/index.ts");
      const load = async () => {
        const began = performance.now();
        const { diagnostics, resources } = await loadProject({ path: project });
        if (diagnostics.length > 0 || resources.length !== 1000) throw new Error("the manifests are not valid");
        return performance.now() - began;
      };
      return compare(rounds, load, () => parseAll(join(project, "manifests"))).finally(() =>
        rm(project, { recursive: true }),
      );
    },
  },
];

async function parseAll(folder: string): Promise<number> {
  const began = performance.now();
  for (const name of await readdir(folder))
    for (const document of parseAllDocuments(await readFile(join(folder, name), "utf8"))) document.toJS();
  return performance.now() - began;
}
