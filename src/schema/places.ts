import type { Address } from "../model/address.ts";
import type { SourceRange } from "../model/diagnostic.ts";
import { segments, type Pointer } from "../model/pointer.ts";
import { masked, struckOut } from "./diagnostics/credentials/find.ts";
import type { Finding } from "../model/finding.ts";
import { hintAt, keyOf } from "../model/field-hints.ts";
import { nodeAt, toJson, type Node } from "../model/node.ts";
import type { ProjectText } from "./project/read-project.ts";
import type { Resolved } from "./resolve/resolve-manifests.ts";
import { secretPlaces } from "./check/secret-places.ts";
import { rangeOf, type Source } from "../model/source.ts";

export interface Places {
  locate(address: Address, pointer: Pointer): SourceRange | undefined;
  includedFile(address: Address, pointer: Pointer): string | undefined;
  sourceText(file: string): string | undefined;
  readonly digests: Readonly<Record<string, string>>;
}

/** Where everything was written. */
export function placesOf(
  text: ProjectText,
  manifests: readonly Resolved[],
  findings: readonly Finding[],
): Places {
  const byAddress = new Map(manifests.map((manifest) => [manifest.address, manifest]));
  const sources = new Map<string, Source>(text.sources);
  for (const [file, result] of text.included) if ("source" in result) sources.set(file, result.source);
  // Files that could not be used are quoted too.
  for (const { at } of findings) {
    if (at !== undefined && !sources.has(at.source.file)) sources.set(at.source.file, at.source);
  }
  const find = (address: Address, pointer: Pointer): Node | undefined => {
    const manifest = byAddress.get(address);
    return manifest && nodeAt(manifest.spec, positions(manifest, segments(pointer)));
  };
  return {
    locate: (address, pointer) => {
      const node = find(address, pointer);
      return node && rangeOf(node);
    },
    includedFile: (address, pointer) => {
      if (text.included.size === 0) return undefined;
      const node = find(address, pointer);
      return node?.type === "scalar" ? node.included?.file : undefined;
    },
    sourceText: (file) => {
      const source = sources.get(file);
      return source && masked(withoutSecrets(source, manifests, findings));
    },
    digests: Object.fromEntries([...sources.values()].map(({ file, digest }) => [file, digest])),
  };
}

/** Struck out letter by letter, so that positions stay. */
function withoutSecrets(source: Source, manifests: readonly Resolved[], findings: readonly Finding[]): string {
  const places = [
    ...manifests.flatMap(({ spec, kind }) => secretPlaces(spec, kind)),
    ...findings.flatMap(({ secret }) => secret ?? []),
  ];
  return struckOut(
    source.text,
    places.filter((place) => place.source === source),
  );
}

/** The path with keys of list elements replaced by their positions. */
function positions({ kind, spec }: Resolved, path: readonly string[]): readonly string[] {
  const result: string[] = [];
  for (const segment of path) {
    const list = nodeAt(spec, result);
    const keyedBy = list?.type === "list" ? hintAt(kind.fields, result).keyedBy : undefined;
    const index =
      list?.type === "list" && keyedBy !== undefined
        ? list.items.findIndex((item) => keyOf(toJson(item), keyedBy) === segment)
        : -1;
    result.push(index < 0 ? segment : String(index));
  }
  return result;
}
