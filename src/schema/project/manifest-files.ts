import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import type { ReportFinding } from "../../model/finding.ts";
import { nodeAt } from "../../model/node.ts";
import { startOf } from "../../model/source.ts";
import { nearest } from "../../model/suggest.ts";
import { hiddenPart, isInside } from "../../host/files/paths.ts";
import {
  allManifests,
  manifestsAmong,
  manifestsOf,
  ownNames,
  PROJECT_FILE,
  ofThisProject,
  projectAround,
} from "../read/discover.ts";
import { hidden, MANIFEST_LIMIT, outside, readSource } from "../read/read-file.ts";
import { settingsOf, type Project } from "./project.ts";

/** Files by their own names, so that none is read twice because a link leads to it. */
export function withoutLinks(root: string, names: ReadonlySet<string>): readonly string[] {
  const own = new Set([...names].map(ownNames(root)));
  own.delete(PROJECT_FILE);
  return [...own].sort();
}

const OURS = /^["']?apiVersion["']?\s*:\s*["']?rollcall\.dev\//m;

/** RC4016: a file that looks like a manifest of this project and is not included by `spec.manifests`. */
export function reportUnreached(
  root: string,
  project: Project,
  names: ReadonlySet<string>,
  report: ReportFinding,
): void {
  if (project.node === undefined || nodeAt(project.node, ["spec", "manifests"]) === undefined) return;
  const nameOf = ownNames(root);
  const read = new Set([...names].map(nameOf));
  for (const name of allManifests(root)) {
    if (name === PROJECT_FILE || names.has(name) || read.has(nameOf(name))) continue;
    const result = readSource(root, name, MANIFEST_LIMIT);
    if (!("source" in result) || !OURS.test(result.source.text)) continue;
    report({
      code: "RC4016",
      message: `${name} is a manifest that spec.manifests does not include`,
      at: startOf(result.source),
      hint: `add it to spec.manifests in ${PROJECT_FILE}`,
    });
  }
}

function isManifestFile(root: string, part: string): boolean {
  return /\.ya?ml$/i.test(part) && existsSync(join(root, part));
}

/** Where manifests are looked for. */
interface Searched {
  readonly root: string;
  readonly project: Project;
  readonly texts: ReadonlyMap<string, string>;
  readonly gone: ReadonlySet<string>;
  readonly hasProject: boolean;
}

/** The files that hold manifests; an entry that names nothing is reported, so that nothing vanishes unnoticed. */
export async function manifestFiles(
  { root, project, texts, gone, hasProject }: Searched,
  part: string | undefined,
  report: ReportFinding,
): Promise<ReadonlySet<string>> {
  const entries = settingsOf(project, undefined).manifests;
  const own = ofThisProject(root, [...texts.keys()]);
  const found = await Promise.all(
    entries.map(async (entry, index) => {
      const at = project.node && nodeAt(project.node, ["spec", "manifests", String(index)]);
      if (posix.isAbsolute(entry) || !isInside(root, join(root, entry))) {
        report({ ...outside(entry), at });
        return [];
      }
      if (hiddenPart(entry) !== undefined) {
        report({ ...hidden(entry), at });
        return [];
      }
      const other = projectAround(root, entry);
      if (other !== undefined) {
        const message = `"${entry}" belongs to another project, ${other}/${PROJECT_FILE}`;
        report({ code: "RC4015", message, at, hint: `remove it here, or remove ${other}/${PROJECT_FILE}` });
        return [];
      }
      const files = await manifestsOf(root, entry, gone);
      const given = await manifestsAmong(entry, own);
      if (files !== undefined || given.length > 0) return (files ?? []).concat(given);
      const near = nearest(
        entry,
        entries.filter((other) => other !== entry),
      );
      const hint = near === undefined ? undefined : `did you mean "${near}"?`;
      report({ code: "RC1001", message: `there is no file or folder "${entry}"`, at, hint });
      return [];
    }),
  );
  // One file is read even where the project does not list it.
  const asked = part !== undefined && (!hasProject || isManifestFile(root, part)) ? [part] : [];
  return new Set([...found.flat(), ...asked].filter((file) => !gone.has(file)));
}
