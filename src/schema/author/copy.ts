import { posix } from "node:path";
import { addressOf, type Address } from "../../model/address.ts";
import { isList, isObject, membersOf, property, type Json } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import { isReference, type Resource } from "../../model/resource.ts";
import { includedPath, looksLikeFile } from "../write/include-form.ts";
import type { LoadedProject } from "../load.ts";
import { PROJECT_FILE } from "../read/walk.ts";
import { documentTexts } from "../write/document-text.ts";
import { editedText } from "../write/edit-text.ts";
import { fileNameOf } from "./slug.ts";
import type { Edit } from "../write/edits.ts";
import { filesOf, type Files } from "../write/files.ts";
import type { Obstacle } from "../write/place.ts";
import { usersOfFiles } from "../write/users.ts";
import { yamlText, type YamlText } from "../write/yaml-text.ts";

export interface CopyRequest {
  readonly source: Resource;
  readonly kind: Kind;
  /** The local name of the copy. */
  readonly name: string;
  /** Its name at Telnyx, where it is to be another one. */
  readonly remoteName?: string | undefined;
  /** What else is copied, with the addresses of the copies: references follow. */
  readonly others?: ReadonlyMap<Address, Address>;
}

/** New files: the manifest first, then the texts that it includes. */
export interface Copy {
  /** The address of what was copied. */
  readonly source: Address;
  readonly address: Address;
  readonly files: ReadonlyMap<string, string>;
  /** The environments that patch the source, which do not patch the copy. */
  readonly patchedIn: readonly string[];
}

/** The manifest of a resource under another name, written as it is: with its comments, its order and its form. */
export function copyManifest(project: LoadedProject, request: CopyRequest): Copy | Obstacle {
  const { source, kind, name } = request;
  const files = filesOf(project);
  const document = documentOf(files, source);
  if (document === undefined)
    return { reason: `${source.file} was changed in the meantime`, hint: "run the command again" };
  const included = includedFiles(project, source, name, document.values[0] ?? null);
  const edits = editsOf(document.values[0] ?? null, request, included);
  const text = edits.reduce<YamlText | undefined>(
    (yaml, edit) => (yaml === undefined ? undefined : editedText(yaml, edit)),
    document,
  );
  if (text === undefined)
    return {
      reason: "its manifest cannot be copied without changing something else",
      hint: "copy it by hand",
    };
  const { dir, ext } = posix.parse(source.file);
  const texts = new Map([[posix.join(dir, `${fileNameOf(name)}${ext}`), text.text]]);
  for (const [from, to] of included) {
    const copied = files.text(from);
    if (copied === undefined) return { reason: `${from} was changed in the meantime` };
    texts.set(to, copied);
  }
  return {
    source: source.address,
    address: addressOf(kind.kind, name),
    files: texts,
    patchedIn: patchedIn(files, source.address),
  };
}

function documentOf(files: Files, { file, kind, name }: Resource): YamlText | undefined {
  const text = files.text(file);
  const documents = text === undefined ? [] : documentTexts(text).map(yamlText);
  return documents.find((document) => {
    const [value, ...others] = document?.values ?? [];
    const isNamed = property(property(value, "metadata"), "name") === name;
    return others.length === 0 && property(value, "kind") === kind && isNamed;
  });
}

function patchedIn(files: Files, address: Address): readonly string[] {
  const environments = property(property(files.yaml(PROJECT_FILE)?.values[0], "spec"), "environments");
  return Object.entries(membersOf(environments)).flatMap(([name, environment]) => {
    const patches = property(environment, "patches");
    const isPatched = isList(patches) && patches.some((patch) => property(patch, "target") === address);
    return isPatched ? [name] : [];
  });
}

/** The included files that no other resource includes, with the paths of their copies. */
function includedFiles(
  project: LoadedProject,
  { address, name: from, file }: Resource,
  name: string,
  document: Json,
): ReadonlyMap<string, string> {
  const users = usersOfFiles(project);
  const places = waysTo(property(document, "spec") ?? null, looksLikeFile);
  const names = places.map(({ value }) => includedPath(value, file));
  const own = names.filter((path) => (users.get(path) ?? []).every((user) => user.address === address));
  return new Map(own.map((path) => [path, renamed(path, from, name)]));
}

/** `prompts/front-desk-notes.md` of `front-desk` is `prompts/night-notes.md` of `night`. */
function renamed(path: string, from: string, to: string): string {
  const { dir, base } = posix.parse(path);
  const { name, ext } = posix.parse(nameAfter(base, from, to));
  return posix.join(dir, `${fileNameOf(name)}${ext}`);
}

/** `front-desk-hours` of `front-desk` is `night-hours` of `night`, and `hours` is `night-hours`. */
export function nameAfter(text: string, from: string, to: string): string {
  const rest = text.slice(from.length);
  return text.startsWith(from) && !/^[A-Za-z0-9]/.test(rest) ? `${to}${rest}` : `${to}-${text}`;
}

function editsOf(
  document: Json,
  { source, kind, name, remoteName, others = new Map() }: CopyRequest,
  included: ReadonlyMap<string, string>,
): readonly Edit[] {
  const copies = new Map([...others, [source.address, addressOf(kind.kind, name)]]);
  const replace = (way: readonly string[], value: Json): Edit => ({ document: 0, way, do: "replace", value });
  const folder = posix.dirname(source.file);
  const spec = property(document, "spec") ?? null;
  const copied = waysTo(spec, (value) => isReference(value) && copies.has(value.ref));
  const texts = waysTo(spec, looksLikeFile).flatMap(({ way, value }) => {
    const to = included.get(includedPath(value, source.file));
    return to === undefined ? [] : [replace(["spec", ...way, "file"], posix.relative(folder, to))];
  });
  return [
    replace(["metadata", "name"], name),
    ...copied.flatMap(({ way, value }) => {
      const to = isReference(value) ? copies.get(value.ref) : undefined;
      return to === undefined ? [] : [replace(["spec", ...way, "ref"], to)];
    }),
    ...texts,
    ...nameEdits(spec, { kind, name, remoteName }),
    ...lifecycleEdits(property(document, "lifecycle")),
  ];
}

/** Where a name at Telnyx is declared, the copy has another one; otherwise it follows from the local name. */
function nameEdits(
  spec: Json,
  { kind, name, remoteName }: Pick<CopyRequest, "kind" | "name" | "remoteName">,
): readonly Edit[] {
  const [key] = kind.identity.name === undefined ? [] : segments(kind.identity.name);
  if (key === undefined) return [];
  const old = property(spec, key);
  const at = { document: 0, way: ["spec", key] };
  if (typeof old === "string")
    return [{ ...at, do: "replace", value: remoteName ?? withVariablesOf(old, name) }];
  if (remoteName === undefined) return [];
  return [{ document: 0, way: ["spec"], do: "add", key, value: remoteName }];
}

const VARIABLES = /^((?:\$\{var\.\w+\}\s*)*).*?((?:\s*\$\{var\.\w+\})*)$/s;

/** The name between the variables with which the old one begins and ends: they tell environments apart. */
function withVariablesOf(old: string, name: string): string {
  const [, before = "", after = ""] = VARIABLES.exec(old) ?? [];
  return `${before}${name}${after}`;
}

/** What is true of one object only: which one it is, what it was called, and that it is not to be created. */
const OF_ONE_OBJECT: ReadonlySet<string> = new Set(["import", "movedFrom", "observe"]);

function lifecycleEdits(lifecycle: Json | undefined): readonly Edit[] {
  const keys = isObject(lifecycle) ? Object.keys(lifecycle) : [];
  const gone = keys.filter((key) => OF_ONE_OBJECT.has(key));
  if (gone.length > 0 && gone.length === keys.length)
    return [{ document: 0, way: ["lifecycle"], do: "remove" }];
  return gone.map((key): Edit => ({ document: 0, way: ["lifecycle", key], do: "remove" }));
}

interface Place {
  readonly way: readonly string[];
  readonly value: Json;
}

/** All values of a kind, outermost first. */
function waysTo(
  value: Json,
  isWanted: (value: Json) => boolean,
  way: readonly string[] = [],
): readonly Place[] {
  if (isWanted(value)) return [{ way, value }];
  const members = isList(value) ? value.entries() : Object.entries(membersOf(value));
  return [...members].flatMap(([key, member]) => waysTo(member, isWanted, [...way, String(key)]));
}
