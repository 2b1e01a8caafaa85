import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { Kind } from "../../src/model/kind.ts";
import { kinds as all } from "../../src/providers/telnyx/kinds/index.ts";
import { formatDiagnostics } from "../../src/report/diagnostics.ts";
import { loadProject } from "../../src/schema/load.ts";

/**
 * One folder a case: a project with mistakes, `expected.txt` with what a user is told about them, and, where the case
 * is about more than files, `options.json`. `vitest run -u` writes `expected.txt` anew; read it as a user would.
 */
const CASES = resolve(import.meta.dirname, "manifests");

interface CaseOptions {
  /** Below the folder of the case. */
  readonly path?: string;
  readonly environment?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

const kinds: ReadonlyMap<string, Kind> = new Map(all.map((kind) => [kind.kind, kind]));

function optionsOf(name: string): CaseOptions {
  const file = join(CASES, name, "options.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CaseOptions) : {};
}

const names = readdirSync(CASES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test.each(names)("%s", async (name) => {
  const { path = "", env = {}, ...options } = optionsOf(name);
  const project = await loadProject({ path: join(CASES, name, path), env, kinds, ...options });
  const style = { colour: false, width: 110 };
  const text = formatDiagnostics(project.diagnostics, project.sourceText, style).replaceAll(CASES, "");
  await expect(text === "" ? "no problems\n" : text).toMatchFileSnapshot(join(CASES, name, "expected.txt"));
});
