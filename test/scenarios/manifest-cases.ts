import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Kind } from "../../src/model/kind.ts";
import { kinds as all } from "../../src/providers/telnyx/kinds/index.ts";
import { loadProject, type LoadedProject } from "../../src/schema/load.ts";

/** One folder a case: a project, mostly one with mistakes. */
export const CASES = resolve(import.meta.dirname, "manifests");

interface CaseOptions {
  /** Below the folder of the case. */
  readonly path?: string;
  readonly environment?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

const kinds: ReadonlyMap<string, Kind> = new Map(all.map((kind) => [kind.kind, kind]));

export const CASE_NAMES: readonly string[] = readdirSync(CASES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

export async function loadCase(name: string): Promise<LoadedProject> {
  const { path = "", env = {}, ...options } = optionsOf(name);
  return loadProject({ path: join(CASES, name, path), env, kinds, ...options });
}

function optionsOf(name: string): CaseOptions {
  const file = join(CASES, name, "options.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CaseOptions) : {};
}
