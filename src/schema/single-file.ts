import type { Address } from "../model/address.ts";
import { isList, isObject, type Json } from "../model/json.ts";
import { isReference } from "../model/resource.ts";
import type { Finding } from "../model/finding.ts";
import { severityOf } from "./diagnostics/finding.ts";
import { toJson } from "../model/node.ts";
import type { Resolved } from "./resolve/resolve-manifests.ts";

/**
 * What is wrong with one file of a folder that is no project, and with what it needs from the other files. The rest
 * of the folder may be anything: its mistakes are named, and are not those of this file.
 */
export function singleFileFindings(
  findings: readonly Finding[],
  manifests: readonly Resolved[],
  part: string,
): readonly Finding[] {
  const needed = neededBy(manifests, part);
  const own: Finding[] = [];
  const others = new Set<string>();
  for (const finding of findings) {
    const { at, address, code } = finding;
    const file = at?.source.file;
    if (file === undefined || file === part || (address !== undefined && needed.has(address)))
      own.push(finding);
    else if (severityOf(code) === "error") others.add(file);
  }
  if (others.size === 0) return own;
  const files = [...others].sort();
  const more = files.length > 3 ? ` and ${files.length - 3} more` : "";
  const message = `errors in other files: ${files.slice(0, 3).join(", ")}${more}`;
  return [
    ...own,
    { code: "RC1020", message, hint: `they do not affect ${part}; run "rollcall validate" to see them` },
  ];
}

/** What the file declares, and what that refers to, however far away. */
function neededBy(manifests: readonly Resolved[], part: string): ReadonlySet<string> {
  const byAddress = new Map<string, Resolved>(manifests.map((one) => [one.address, one]));
  const needed = new Set<string>();
  const add = (address: string): void => {
    const one = byAddress.get(address);
    if (one === undefined || needed.has(address)) return;
    needed.add(address);
    for (const target of referencesIn(one.resource?.spec ?? toJson(one.spec))) add(target);
  };
  for (const { address, file } of manifests) if (file === part) add(address);
  return needed;
}

function referencesIn(value: Json): readonly Address[] {
  if (isReference(value)) return [value.ref];
  if (isList(value)) return value.flatMap(referencesIn);
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
}
