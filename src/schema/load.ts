import type { Address } from "../model/address.ts";
import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import type { IsIgnored } from "../model/ignored.ts";
import type { Kind } from "../model/kind.ts";
import { member, textOf } from "../model/node.ts";
import type { Pointer } from "../model/pointer.ts";
import type { Resource } from "../model/resource.ts";
import { singleFileFindings } from "./single-file.ts";
import type { Finding } from "../model/finding.ts";
import { diagnosticOf, inFileOrder, severityOf } from "./diagnostics/finding.ts";
import { withoutIgnored } from "./read/ignores.ts";
import { chosenEnvironment, environmentOf, patchesOf, settingsOf, type Project } from "./project/project.ts";
import { reportUnused, variablesOf } from "./project/project-variables.ts";
import { readProject, type ProjectText } from "./project/read-project.ts";
import { manifestsIn } from "./resolve/existence.ts";
import {
  resolveElsewhere,
  resolveFlawed,
  resolveManifests,
  type ResolveContext,
  type Resolved,
} from "./resolve/resolve-manifests.ts";
import type { EnvironmentSettings, ProjectSettings } from "./diagnostics/settings.ts";
import { placesOf } from "./places.ts";
import { reportSharedObjects } from "./resolve/shared-objects.ts";
import { listed } from "../model/suggest.ts";
import { PROJECT_FILE } from "./read/walk.ts";
import type { Trust } from "./read/trust.ts";
import { validatorsFor, type Validators } from "./check/validate.ts";

export interface LoadOptions {
  /** A project folder, a folder of manifests or one file; searched upwards for `rollcall.yaml`. */
  readonly path: string;
  /** `--env`. */
  readonly environment?: string;
  /** `--var`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The environment of the process: `ROLLCALL_ENV`, `ROLLCALL_VAR_<name>`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Stand in for files, by their path from the root: what would be if they were written. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Files that are taken for deleted, by their path from the root. */
  readonly gone?: ReadonlySet<string>;
  /** Whether the ledger of an environment knows the live object of a resource, which then may share its remote name. */
  readonly isTied?: (address: Address, environment: string | undefined) => boolean;
  /** Whose project files are used; without it, everybody's. */
  readonly trust?: Trust;
}

export interface OtherEnvironment {
  readonly environment: EnvironmentSettings;
  readonly settings: ProjectSettings;
}

/** A project in one of its environments. With errors among its diagnostics it is not to be planned or applied. */
export interface LoadedProject {
  /** Absolute. */
  readonly root: string;
  readonly name: string;
  readonly settings: ProjectSettings;
  readonly environment: EnvironmentSettings;
  /** The names of all environments. */
  readonly environments: readonly string[];
  /** What the project file says of the other environments. */
  readonly others: readonly OtherEnvironment[];
  /** Those without errors, in file order. */
  readonly resources: readonly Resource[];
  /** Those with errors, as far as they can be read. */
  readonly flawed: readonly Resource[];
  /** The environments of the resources that exist only in others. */
  readonly elsewhere: ReadonlyMap<Address, readonly string[]>;
  /** These resources as they would be in this environment. They may have errors here. */
  readonly absent: readonly Resource[];
  /** The environments of every manifest. */
  readonly environmentsOf: ReadonlyMap<Address, readonly string[]>;
  /** The addresses that patches of the environment name. */
  readonly patched: ReadonlySet<string>;
  /** The resources that the path asked for, when it named a part of the project; `resources` are all. */
  readonly selected?: readonly Address[];
  /** The files of chat scripts that the path asked for, one for each script. */
  readonly scripts: readonly string[];
  /** The path is a file in a folder that is no project: of the other files, only what it needs was asked for. */
  readonly singleFile: boolean;
  /** The folders of the projects below, where the root is no project itself. */
  readonly below: readonly string[];
  /** In file order. */
  readonly diagnostics: readonly Diagnostic[];
  /** Everything that the project declares was read and is free of errors: what is not there was removed. */
  readonly complete: boolean;
  /** Where a value of a resource is written; `pointer` goes into `spec`. */
  locate(address: Address, pointer: Pointer): SourceRange | undefined;
  /** The file that a text was taken from by `{ file }`. */
  includedFile(address: Address, pointer: Pointer): string | undefined;
  /** For excerpts in messages: credentials and sensitive values are struck out. */
  sourceText(file: string): string | undefined;
  /** SHA-256 of every file that was read. */
  readonly digests: Readonly<Record<string, string>>;
  /** Which live objects the project leaves alone. */
  readonly isIgnored: IsIgnored;
  /** What `${var.name}` stands for, by name. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Reads and checks a project in one environment. Expected problems are diagnostics, never thrown. */
export async function loadProject(options: LoadOptions): Promise<LoadedProject> {
  const { text, validators } = await read(options);
  const findings: Finding[] = [];
  const asked = options.environment ?? (options.env["ROLLCALL_ENV"] || undefined);
  const report = (finding: Finding) => void findings.push(finding);
  const environment = text.unreadable.project ? asked : chosenEnvironment(text.project, asked, report);
  if (findings.length > 0) return undecided(text, findings);
  return resolved(text, environment, options, validators);
}

/** What the files say, and the validators of the kinds that they declare. */
async function read(options: Omit<LoadOptions, "environment">) {
  const text = await readProject(options, await validatorsFor([]));
  const declared = new Set([...text.manifests, ...text.flawed].map(({ kind }) => kind));
  return { text, validators: await validatorsFor(declared) };
}

/** The same for every environment of the project; the files are read once. */
export async function loadEnvironments(
  options: Omit<LoadOptions, "environment">,
): Promise<readonly LoadedProject[]> {
  const { text, validators } = await read(options);
  return text.project.environments.map((environment) => resolved(text, environment, options, validators));
}

/** The problems of all environments, each once; those that not all environments have name them. */
export function mergedDiagnostics(projects: readonly LoadedProject[]): readonly Diagnostic[] {
  const found = new Map<string, { readonly diagnostic: Diagnostic; readonly environments: string[] }>();
  for (const { diagnostics, environment } of projects) {
    for (const diagnostic of diagnostics) {
      const { code, message, range } = diagnostic;
      const key = JSON.stringify([code, message, range?.file, range?.start.offset]);
      const seen = found.get(key);
      if (seen === undefined) found.set(key, { diagnostic, environments: [environment.name] });
      else seen.environments.push(environment.name);
    }
  }
  const merged = [...found.values()].map(({ diagnostic, environments }) => {
    if (environments.length === projects.length) return diagnostic;
    return Object.assign({}, diagnostic, {
      message: `${diagnostic.message} (environment ${environments.join(", ")})`,
    });
  });
  return merged.sort((a, b) => byPlace(a.range, b.range));
}

function byPlace(a: SourceRange | undefined, b: SourceRange | undefined): number {
  const [left, right] = [a?.file ?? "", b?.file ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return (a?.start.offset ?? 0) - (b?.start.offset ?? 0);
}

function resolved(
  text: ProjectText,
  environmentName: string | undefined,
  options: Omit<LoadOptions, "environment">,
  validators: Validators,
): LoadedProject {
  const findings: Finding[] = [...text.findings];
  const report = (finding: Finding) => void findings.push(finding);
  const { project } = text;
  const sources = { environment: environmentName, given: options.variables ?? {}, env: options.env };
  const variables = { ...variablesOf(project, sources, report), incomplete: text.unreadable.project };
  const isTied = (address: Address) => options.isTied?.(address, environmentName) === true;
  const context = { text, environment: environmentName, variables, validators, report, isTied };
  const { manifests, others, remarks, ...existing } = resolveAll(context);
  if (!text.unreadable.any) reportUnused(variables, project, report);
  reportSharedObjects(text, sources, report);
  const selected = selectedFrom(manifests, text.part);
  const asked = text.singleFile ? (selected ?? []) : text.manifests;
  if (asked.length === 0 && !text.unreadable.any) report(nothingDeclared(text.below));
  const all = inFileOrder(withoutIgnored(findings, text.ignores));
  return {
    root: text.root,
    name: project.name,
    settings: settingsOf(project, environmentName),
    environment: environmentOf(project, environmentName),
    environments: project.environments,
    others: othersIn(project, environmentName),
    ...bySoundness(manifests, all),
    ...existing,
    patched: patchedIn(project, environmentName),
    ...(selected && { selected }),
    ...partsOf(text),
    diagnostics: shownOf(text, manifests, all).map(diagnosticOf),
    complete: isComplete(manifests, all),
    isIgnored: text.isIgnored,
    ...placesOf(text, [...others, ...manifests], [...findings, ...remarks]),
    variables: new Map([...variables.values].map(([name, { value }]) => [name, value])),
  };
}

function patchedIn(project: Project, environment: string | undefined): ReadonlySet<string> {
  return new Set(patchesOf(project, environment).flatMap((patch) => textOf(member(patch, "target")) ?? []));
}

function resolveAll(sources: Omit<ResolveContext, "existence">) {
  const existence = manifestsIn(sources.text, sources.environment, sources.report);
  const context = { ...sources, existence };
  const remarks: Finding[] = [];
  const [manifests, flawed] = [resolveManifests(context), resolveFlawed(context)];
  const elsewhere = resolveElsewhere({ ...context, report: (finding) => void remarks.push(finding) });
  const { environments } = existence;
  return {
    manifests,
    others: [...flawed, ...elsewhere],
    /** What was found in manifests of other environments. */
    remarks,
    elsewhere: new Map(elsewhere.map(({ address }) => [address, environments.get(address) ?? []])),
    absent: elsewhere.flatMap(({ resource }) => resource ?? []),
    environmentsOf: environments,
  };
}

function shownOf(
  { singleFile, part }: ProjectText,
  manifests: readonly Resolved[],
  all: readonly Finding[],
): readonly Finding[] {
  return singleFile && part !== undefined ? singleFileFindings(all, manifests, part) : all;
}

function isComplete(manifests: readonly Resolved[], findings: readonly Finding[]): boolean {
  const isSound = manifests.every(({ resource }) => resource !== undefined);
  return isSound && !findings.some(({ code }) => severityOf(code) === "error");
}

function othersIn(project: Project, chosen: string | undefined): readonly OtherEnvironment[] {
  return project.environments
    .filter((name) => name !== chosen)
    .map((name) => ({ environment: environmentOf(project, name), settings: settingsOf(project, name) }));
}

/** Without an environment every other problem could be a consequence: only what the project file says counts. */
function undecided(text: ProjectText, findings: readonly Finding[]): LoadedProject {
  const own = text.findings.filter(({ at }) => at?.source.file === PROJECT_FILE);
  const all = inFileOrder([...findings, ...own]);
  return {
    root: text.root,
    name: text.project.name,
    settings: settingsOf(text.project, undefined),
    environment: environmentOf(text.project, undefined),
    environments: text.project.environments,
    others: [],
    resources: [],
    flawed: [],
    elsewhere: new Map(),
    absent: [],
    environmentsOf: new Map(),
    patched: new Set(),
    ...partsOf(text),
    diagnostics: all.map(diagnosticOf),
    complete: false,
    isIgnored: text.isIgnored,
    ...placesOf(text, [], all),
    variables: new Map(),
  };
}

function nothingDeclared(below: readonly string[]): Finding {
  const code = "RC4010";
  if (below.length === 0) {
    const hint =
      "a manifest is a .yaml file with `kind`, `metadata` and `spec`; `rollcall init` creates a project";
    return { code, message: "no manifests found", hint };
  }
  const names = listed(below);
  const hint = `pass the folder of one: ${names}`;
  return { code, message: `no manifests found, only other projects`, hint };
}

function bySoundness(
  manifests: readonly Resolved[],
  findings: readonly Finding[],
): Pick<LoadedProject, "resources" | "flawed"> {
  const broken = new Set(
    findings.filter(({ code }) => severityOf(code) === "error").map(({ address }) => address),
  );
  const isSound = ({ address, resource }: Resolved) => resource !== undefined && !broken.has(address);
  return {
    resources: manifests.filter(isSound).flatMap(({ resource }) => resource ?? []),
    flawed: manifests
      .filter((one) => !isSound(one))
      .flatMap(({ resource, flawed }) => resource ?? flawed ?? []),
  };
}

function selectedFrom(
  manifests: readonly Resolved[],
  part: string | undefined,
): readonly Address[] | undefined {
  if (part === undefined) return undefined;
  return manifests.filter(({ file }) => isPartOf(part, file)).map(({ address }) => address);
}

function partsOf({ scripts, part, singleFile, below }: ProjectText) {
  return { scripts: scripts.filter((file) => isPartOf(part, file)), singleFile, below };
}

function isPartOf(part: string | undefined, file: string): boolean {
  return part === undefined || file === part || file.startsWith(`${part}/`);
}
