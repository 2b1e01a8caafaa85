import { join } from "node:path";
import { isThere } from "../../host/files/paths.ts";
import { type Address, addressOf, isName, NAME_HELP } from "../../model/address.ts";
import { errorsIn } from "../../model/diagnostic.ts";
import { isReference, type Resource } from "../../model/resource.ts";
import { linksOf } from "../../reconcile/compare/references.ts";
import { counted, listed } from "../../report/phrases.ts";
import { visibleText } from "../../model/visible.ts";
import { loadEnvironments, mergedDiagnostics, type LoadedProject } from "../../schema/load.ts";
import { copyManifest, nameAfter, type Copy, type CopyRequest } from "../../schema/author/copy.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { print, type Io } from "../io.ts";
import { nextCommand } from "../next-command.ts";
import { writeAllNew } from "../new-files.ts";
import { failedBy } from "../problems.ts";
import { addressFrom, KINDS, loadOptions, loadTied, type ProjectOptions } from "../project.ts";
import { saying } from "../reports.ts";

export interface CopyOptions extends ProjectOptions {
  readonly withTests?: boolean;
  readonly remoteName?: string;
}

/** Writes the manifest of a resource under another name. Sends nothing, and no file that is there is changed. */
export async function copyCommand(
  io: Io,
  { address: text, name: to }: { readonly address: string; readonly name: string },
  path: string | undefined,
  options: CopyOptions,
): Promise<ExitCode> {
  const address = addressFrom(text);
  // In every environment: the copy is valid in all of them.
  const { projects: loaded, load } = await loadTied(io, loadOptions(io, path, options), loadEnvironments);
  const errors = errorsIn(mergedDiagnostics(loaded));
  const [first] = loaded;
  if (first === undefined || errors.length > 0)
    return failedBy(io, { diagnostics: errors, sources: (file) => first?.sourceText(file) }, options);
  const source = loaded.flatMap(({ resources }) => resources).find((one) => one.address === address);
  if (source === undefined) throw new UsageError(`${address} is not declared in this project`);
  const copies = copiesOf(loaded, source, nameFrom(to, source), options);
  const files = allFiles(copies);
  for (const copy of copies) checkFree(first, loaded, copy);
  checkLoads(copies, await loadEnvironments({ ...load, texts: files }));
  // The manifest is written last: without it, the other files have no effect.
  await writeAllNew(first.root, [...files].reverse());
  const next = nextCommand(["plan"], { project: path });
  return saying(io, 0, () => print(io, said(source, copies, partsOf(source.address, loaded), next)));
}

/** The resource first, then its tests, where they are wanted. */
function copiesOf(
  projects: readonly LoadedProject[],
  source: Resource,
  name: string,
  { remoteName, withTests }: CopyOptions,
): readonly Copy[] {
  const tests = withTests === true ? partsOf(source.address, projects).filter(isTest) : [];
  const all = [{ source, name, remoteName }].concat(
    tests.map((test) => ({
      source: test,
      name: nameFrom(nameAfter(test.name, source.name, name), test),
      remoteName: undefined,
    })),
  );
  const others = new Map(all.map((one) => [one.source.address, addressOf(one.source.kind, one.name)]));
  return all.map((one) => copied(projectOf(projects, one.source), { ...one, others }));
}

/** Two copies in one file would be one copy. */
function allFiles(copies: readonly Copy[]): ReadonlyMap<string, string> {
  const owners = new Map<string, Copy>();
  for (const copy of copies) {
    for (const file of copy.files.keys()) {
      const other = owners.get(file.toLowerCase());
      if (other !== undefined)
        throw new UsageError(
          `${other.source} and ${copy.source} would both be ${file}`,
          "rename one of them, or leave out --with-tests",
        );
      owners.set(file.toLowerCase(), copy);
    }
  }
  return new Map(copies.flatMap((copy) => [...copy.files]));
}

/** An environment in which it exists: its texts are known there. */
function projectOf(projects: readonly LoadedProject[], { address }: Resource): LoadedProject {
  const found = projects.find(({ resources }) => resources.some((one) => one.address === address));
  if (found === undefined) throw new Error(`${address} is in no environment`);
  return found;
}

function nameFrom(text: string, { kind }: Resource): string {
  const name = text.startsWith(`${kind}/`) ? text.slice(kind.length + 1) : text;
  if (!isName(name)) throw new UsageError(`${text} is not a name`, NAME_HELP);
  return name;
}

function copied(project: LoadedProject, request: Omit<CopyRequest, "kind">): Copy {
  const { source } = request;
  const kind = KINDS.get(source.kind);
  if (kind === undefined) throw new Error(`there is no kind ${source.kind}`);
  if (kind.identity.singleton === true)
    throw new UsageError(`${source.address} cannot be copied: its assistant has at most one ${source.kind}`);
  const copy = copyManifest(project, { ...request, kind });
  if ("reason" in copy) throw new UsageError(`${source.address} was not copied: ${copy.reason}`, copy.hint);
  return copy;
}

function checkFree({ root }: LoadedProject, projects: readonly LoadedProject[], copy: Copy): void {
  const lower = copy.address.toLowerCase();
  const same = projects
    .flatMap(({ resources }) => resources)
    .find(({ address }) => address.toLowerCase() === lower);
  if (same !== undefined) throw new UsageError(`${same.address} is already declared in ${same.file}`);
  const there = [...copy.files.keys()].filter((file) => isThere(join(root, file)));
  if (there.length > 0)
    throw new UsageError(
      `${listed(there)} ${there.length === 1 ? "exists" : "exist"}, and files are not replaced`,
      "choose another name, or move the existing file",
    );
}

/** The project as it would be: a copy that is not read, or not valid, is not written. */
function checkLoads(copies: readonly Copy[], next: readonly LoadedProject[]): void {
  const [error] = errorsIn(mergedDiagnostics(next));
  if (error !== undefined) {
    const hint = error.hint ?? "pass --remote-name, or copy it by hand";
    throw new UsageError(`the copy would not be valid: ${error.code}: ${error.message}`, hint);
  }
  const read = new Set(next.flatMap(({ resources }) => resources.map(({ address }) => address)));
  const unread = copies.find(({ address }) => !read.has(address));
  if (unread !== undefined)
    throw new UsageError(
      `${[...unread.files.keys()][0] ?? ""} would not be read: spec.manifests of rollcall.yaml does not include it`,
      "add its folder to spec.manifests",
    );
}

function said(source: Resource, copies: readonly Copy[], parts: readonly Resource[], next: string): string {
  const [first, ...tests] = copies;
  const left = parts.filter((part) => !isTest(part)).map(({ address }) => address);
  const missing = tests.length > 0 ? [] : parts.filter(isTest).map(({ address }) => address);
  const patchedIn = [...new Set(copies.flatMap((copy) => copy.patchedIn))];
  const patched = copies.filter((copy) => copy.patchedIn.length > 0).map((copy) => copy.source);
  return visibleText([
    `Copied ${source.address} to ${first?.address ?? ""}${tests.length > 0 ? `, with ${counted(tests.length, "test")}` : ""}.`,
    "",
    "Written",
    ...copies.flatMap(({ files }) => [...files.keys()]).map((file) => `  ${file}`),
    "",
    ...(left.length === 0 ? [] : [`Not copied: ${listed(left)}.`]),
    ...(missing.length === 0
      ? []
      : [
          `Not copied: ${counted(missing.length, "test")} (${listed(missing)}). To copy tests, pass --with-tests.`,
        ]),
    ...(patchedIn.length === 0
      ? []
      : [`Not copied: the patches of ${listed(patched)} in the environment ${listed(patchedIn)}.`]),
    `Nothing was sent. To see what apply would create, run: ${next}`,
  ]);
}

function isTest({ kind }: Resource): boolean {
  return KINDS.get(kind)?.tests !== undefined;
}

/** What belongs to a resource in any environment and has a manifest of its own: versions, a canary, tests. */
function partsOf(address: Address, projects: readonly LoadedProject[]): readonly Resource[] {
  const all = new Map(projects.flatMap(({ resources }) => resources.map((one) => [one.address, one])));
  return [...all.values()].filter(({ address: other, kind: name, spec }) => {
    const kind = KINDS.get(name);
    if (kind === undefined || other === address) return false;
    return linksOf(kind, spec).some(
      ({ rule, value }) =>
        isReference(value) &&
        value.ref === address &&
        (rule.local === true || rule.at === kind.identity.parent),
    );
  });
}
