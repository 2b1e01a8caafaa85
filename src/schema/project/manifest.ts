import { addressOf, isName, type Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import { API_VERSION } from "../check/envelope-schema.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { firstKey, member, nodeAt, textOf, toJson, type MapNode, type Node } from "../../model/node.ts";
import { mustBe, shown } from "../diagnostics/shown.ts";
import { lineAt, type Place } from "../../model/source.ts";
import { didYouMean, nearest } from "../../model/suggest.ts";

const NAME_FORM = '1 to 128 letters, digits, ".", "_" and "-"';

/** One document that says which resource it declares. */
export interface Manifest {
  readonly address: Address;
  readonly kind: Kind;
  readonly name: string;
  /** The whole document. */
  readonly root: MapNode;
  /** Where its name is written. */
  readonly at: Place;
  /** Its name, kind or version is wrong: it is checked as what it seems to be, and declares nothing. */
  readonly flawed?: true;
}

/** Its `lifecycle` says that the resource is observed. */
export function isObservedIn(root: MapNode): boolean {
  const node = nodeAt(root, ["lifecycle", "observe"]);
  return node?.type === "scalar" && node.value === true;
}

/** The manifest in a document; `undefined` if its kind or name is not known. */
export function manifestOf(
  document: Node,
  kinds: ReadonlyMap<string, Kind>,
  report: ReportFinding,
): Manifest | undefined {
  if (document.type !== "map") {
    const at = { ...document, end: document.start + 1 };
    report({ code: "RC1017", message: `a manifest must be a mapping (got ${shown(toJson(document))})`, at });
    return undefined;
  }
  const version = member(document, "apiVersion");
  const isOurs = textOf(version) === API_VERSION;
  if (!isOurs) reportVersion(document, version, report);
  if (!isOurs && !seemsOurs(document, version, kinds)) return undefined;
  const kind = kindOf(document, kinds, report);
  const name = nameOf(document, report);
  if (isOurs && kind !== undefined && name !== undefined) {
    return { address: addressOf(kind.kind, name.text), kind, name: name.text, root: document, at: name.at };
  }
  const likely = kind ?? kinds.get(nearest(textOf(member(document, "kind")) ?? "", kinds.keys()) ?? "");
  return likely && flawed(document, likely);
}

function seemsOurs(document: MapNode, version: Node | undefined, kinds: ReadonlyMap<string, Kind>): boolean {
  const text = version === undefined ? "rollcall" : (textOf(version) ?? "");
  return /^rollcall/i.test(text) && kinds.has(textOf(member(document, "kind")) ?? "");
}

const UNNAMED = "unnamed";

/** What is wrong around `spec` has been reported: it is set right, so that the rest can be checked. */
function flawed(document: MapNode, kind: Kind): Manifest {
  const text = (value: string): Node => ({ ...document, type: "scalar", value });
  const old = member(document, "metadata");
  const metadata: MapNode = {
    ...(old?.type === "map" ? old : { ...document, members: new Map() }),
    type: "map",
  };
  const named = { ...metadata, members: withText(metadata, "name", text(UNNAMED)) };
  const versioned = { ...document, members: withText(document, "apiVersion", text(API_VERSION)) };
  const whole = { ...versioned, members: withText(versioned, "kind", text(kind.kind)) };
  const root = { ...whole, members: withText(whole, "metadata", named) };
  return { address: addressOf(kind.kind, UNNAMED), kind, name: UNNAMED, root, at: document, flawed: true };
}

function withText(map: MapNode, key: string, value: Node): MapNode["members"] {
  return new Map(map.members).set(key, { key: map.members.get(key)?.key ?? firstKey(map), value });
}

/** True when the document is meant as `rollcall.yaml`. */
export function isProject(document: Node): boolean {
  return textOf(member(document, "kind")) === "Project";
}

/** True when the document is a script of `rollcall chat`, which declares nothing. */
export function isChatScript(document: Node): boolean {
  const has = (key: string) => member(document, key) !== undefined;
  return has("turns") && !has("apiVersion") && !has("kind");
}

function reportVersion(document: MapNode, version: Node | undefined, report: ReportFinding): void {
  if (version === undefined) {
    report({
      code: "RC2001",
      message: 'required field "apiVersion" is missing',
      at: firstKey(document),
      hint: `begin the manifest with \`apiVersion: ${API_VERSION}\``,
    });
  } else {
    const message = mustBe("apiVersion", `"${API_VERSION}"`, shown(toJson(version)));
    report({ code: "RC2002", message, at: version });
  }
}

function kindOf(document: MapNode, kinds: ReadonlyMap<string, Kind>, report: ReportFinding): Kind | undefined {
  const node = member(document, "kind");
  if (node === undefined) {
    report({
      code: "RC2001",
      message: 'required field "kind" is missing',
      at: firstKey(document),
      hint: `kinds: ${[...kinds.keys()].join(", ")}`,
    });
    return undefined;
  }
  const text = textOf(node);
  const kind = text === undefined ? undefined : kinds.get(text);
  if (kind === undefined) {
    report({
      code: "RC2003",
      message: `unknown kind ${shown(toJson(node))}`,
      at: node,
      hint: didYouMean(text ?? "", kinds.keys()) ?? `kinds: ${[...kinds.keys()].join(", ")}`,
    });
  }
  return kind;
}

function nameOf(
  document: MapNode,
  report: ReportFinding,
): { readonly text: string; readonly at: Place } | undefined {
  const metadata = document.members.get("metadata");
  const node = member(metadata?.value, "name");
  if (metadata === undefined || (node === undefined && metadata.value.type === "map")) {
    const path = metadata === undefined ? "metadata" : "metadata.name";
    report({
      code: "RC2001",
      message: `required field "${path}" is missing`,
      at: metadata?.key ?? firstKey(document),
    });
    return undefined;
  }
  const text = textOf(node);
  if (node !== undefined && text !== undefined && isName(text)) return { text, at: node };
  if (node === undefined) {
    const found = shown(toJson(metadata.value));
    report({ code: "RC2005", message: mustBe("metadata", "a mapping", found), at: metadata.value });
  } else if (text?.includes("${")) {
    report({ code: "RC4006", message: "metadata.name: variables are not substituted in names", at: node });
  } else {
    report({
      code: "RC2015",
      message: mustBe("metadata.name", NAME_FORM, shown(toJson(node))),
      at: node,
      hint:
        node.type === "scalar" && node.plain !== undefined && text === undefined
          ? `put it in quotes: "${node.plain}"`
          : suggestionFor(text),
    });
  }
  return undefined;
}

function suggestionFor(text: string | undefined): string | undefined {
  const plain = plainName(text);
  return plain === undefined ? undefined : `for example "${plain}"`;
}

function plainName(text: string | undefined): string | undefined {
  const plain = text
    ?.normalize("NFKD")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[-._]+|[-._]+$/g, "");
  return plain !== undefined && isName(plain) ? plain : undefined;
}

/** The name in a document that is no manifest, as it may be meant. */
export function nameIn(document: Node): readonly string[] {
  const text = textOf(member(member(document, "metadata"), "name"));
  const plain = plainName(text);
  return [text, plain].filter((name) => name !== undefined);
}

/** Manifests with an address that no other has taken before, and the others. */
export function withoutDuplicates(manifests: readonly Manifest[], report: ReportFinding) {
  const seen = new Map<Address, Manifest>();
  const repeated: Manifest[] = [];
  for (const manifest of manifests) {
    const first = seen.get(manifest.address);
    if (first === undefined) seen.set(manifest.address, manifest);
    else {
      repeated.push(manifest);
      const { source, start } = first.at;
      report({
        code: "RC3005",
        message: `${manifest.address} is declared twice`,
        at: manifest.at,
        address: manifest.address,
        hint: `first declared in ${source.file}:${lineAt(source, start) + 1}`,
      });
    }
  }
  return { single: [...seen.values()], repeated };
}
