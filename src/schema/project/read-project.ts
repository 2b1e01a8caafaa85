import { basename, join } from "node:path";
import type { IsIgnored } from "../../model/ignored.ts";
import type { Kind } from "../../model/kind.ts";
import {
  isInGitFolder,
  locate,
  ownName,
  PROJECT_FILE,
  projectsBelow,
  realRoot,
  type Location,
} from "../read/discover.ts";
import type { Unreadable } from "../read/declared.ts";
import type { Finding, ReportFinding } from "../../model/finding.ts";
import { ignoresIn } from "../read/ignores.ts";
import { liveIgnores } from "./live-ignores.ts";
import { isChatScript, isProject, manifestOf, nameIn, withoutDuplicates, type Manifest } from "./manifest.ts";
import { nodeAt, type Node } from "../../model/node.ts";
import { parse, type ParsedFile } from "../read/parse.ts";
import { manifestFiles, reportUnreached, withoutLinks } from "./manifest-files.ts";
import { projectOf, type Project } from "./project.ts";
import {
  givenSource,
  hidden,
  INCLUDE_LIMIT,
  MANIFEST_LIMIT,
  placeProblem,
  readSource,
  type ReadResult,
} from "../read/read-file.ts";
import { sourceOf, startOf, type Source } from "../../model/source.ts";
import type { Trust } from "../read/trust.ts";
import type { Validators } from "../check/validate.ts";

/** What the files say, the same for every environment. */
export interface ProjectText {
  readonly root: string;
  readonly project: Project;
  readonly manifests: readonly Manifest[];
  /** The files of chat scripts, one for each script. */
  readonly scripts: readonly string[];
  /** Documents that are checked and declare nothing. */
  readonly flawed: readonly Manifest[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly ignores: ReturnType<typeof ignoresIn>;
  /** Which live objects the project leaves alone. */
  readonly isIgnored: IsIgnored;
  readonly unreadable: Unreadable;
  readonly findings: readonly Finding[];
  /** Included texts, each read once. */
  readonly included: Map<string, ReadResult>;
  /** The projects below a folder that is in none. */
  readonly below: readonly string[];
  /** What was asked for, when it is less than everything. */
  readonly part?: string;
  /** The part is a file in a folder that is no project: what the other files say is not asked for. */
  readonly singleFile: boolean;
}

/** Which files are read. */
export interface ProjectSource {
  readonly path: string;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly texts?: ReadonlyMap<string, string>;
  /** Files that are taken for deleted. */
  readonly gone?: ReadonlySet<string>;
  readonly trust?: Trust;
}

export async function readProject(source: ProjectSource, validators: Validators): Promise<ProjectText> {
  const { path, trust } = source;
  const findings: Finding[] = [];
  const report: ReportFinding = (finding) => void findings.push(finding);
  const location = locate(path, trust);
  const barred =
    location === undefined
      ? ({ code: "RC1001", message: `there is nothing at "${path}"` } as const)
      : barredBy(location);
  if (location !== undefined && barred === undefined) {
    const texts = await textsAt(location, source, validators, report);
    return { ...texts, isIgnored: liveIgnores(texts.root, source.kinds, report), findings };
  }
  if (barred !== undefined) report(barred);
  return nothing(path, findings, validators, report);
}

async function textsAt(
  location: Location,
  { kinds, texts = new Map(), gone = new Set() }: ProjectSource,
  validators: Validators,
  report: ReportFinding,
): Promise<Omit<ProjectText, "findings" | "isIgnored">> {
  const root = realRoot(location.root);
  const hasProject = location.project || texts.has(PROJECT_FILE);
  const file = hasProject ? readAndParse(root, PROJECT_FILE, texts, report) : undefined;
  const project = projectOf(projectDocument(file, report), basename(root), validators, report);
  const names = await manifestFiles({ root, project, texts, gone, hasProject }, location.part, report);
  const part = location.part === undefined ? undefined : ownName(root, location.part);
  const singleFile = part !== undefined && !hasProject;
  const reportIn = (name: string) => (singleFile && name !== part ? placed(name, report) : report);
  const parsed = (name: string) => ({ name, file: readAndParse(root, name, texts, reportIn(name)) });
  const read = withoutLinks(root, names).map(parsed);
  const files = read.flatMap(({ file: each }) => each ?? []);
  if (hasProject) reportUnreached(root, project, new Set([...names, ...gone]), report);
  const { unknown, ...declared } = await declaredIn(files, kinds, report);
  const all = file === undefined ? files : [file, ...files];
  const asked = (name: string) => !singleFile || name === part;
  const unreadable = unreadableOf(
    read.filter(({ name }) => asked(name)).map((each) => each.file),
    unknown.filter(({ source }) => asked(source.file)),
    hasProject && file?.whole !== true,
  );
  const included = [...texts].map(([name, each]) => [name, givenSource(name, each, INCLUDE_LIMIT)] as const);
  return {
    root,
    project,
    ...declared,
    sources: new Map(all.map(({ source }) => [source.file, source])),
    ignores: all.flatMap(({ source, comments }) => ignoresIn(source, comments, report)),
    unreadable,
    included: new Map([...included, ...[...gone].map(deletedFile)]),
    below: hasProject || location.part !== undefined ? [] : projectsBelow(root),
    ...(part !== undefined && { part }),
    singleFile,
  };
}

function deletedFile(file: string): readonly [string, ReadResult] {
  return [file, { problem: { code: "RC1019", message: `there is no file "${file}"` } }];
}

/** They stand among the manifests. What reads them is loaded only where there are some. */
async function checkChatScripts(scripts: readonly Node[], report: ReportFinding): Promise<void> {
  if (scripts.length === 0) return;
  const { turnsIn } = await import("../check/chat-script.ts");
  for (const script of scripts) await turnsIn(script, report);
}

/** The manifests of all files; what is flawed or repeated is checked and declares nothing. */
async function declaredIn(
  files: readonly ParsedFile[],
  kinds: ReadonlyMap<string, Kind>,
  report: ReportFinding,
) {
  const documents = files.flatMap((each) => each.documents);
  const scripts = documents.filter(isChatScript);
  await checkChatScripts(scripts, report);
  const others = documents.filter((each) => !isChatScript(each));
  const { manifests, flawed, unknown } = sorted(others, kinds, report);
  const { single, repeated } = withoutDuplicates(manifests, report);
  return {
    manifests: single,
    scripts: scripts.map(({ source }) => source.file),
    flawed: [...flawed, ...repeated],
    unknown,
  };
}

function foreignProject(root: string, owner: number): Finding {
  const message = `${join(root, PROJECT_FILE)}, or its folder, belongs to another user (uid ${owner}) and is not used unless you name it`;
  const hint = `if you trust this project, pass its folder as the path, or set ROLLCALL_TRUSTED_FOLDERS=${root}`;
  return { code: "RC4014", message, hint };
}

/** Why what was asked for is not read, whatever it holds. */
function barredBy({ root: typed, stranger, part }: Location): Finding | undefined {
  if (stranger !== undefined) return foreignProject(typed, stranger);
  const root = realRoot(typed);
  if (isInGitFolder(root)) return hidden(root);
  const problem = part === undefined ? undefined : placeProblem(root, part);
  return problem?.code === "RC1021" ? problem : undefined;
}

function unreadableOf(
  files: readonly (ParsedFile | undefined)[],
  unknown: readonly Node[],
  project: boolean,
): Unreadable {
  const everything = files.some((file) => file?.whole !== true);
  return {
    any: everything || unknown.length > 0,
    everything,
    names: new Set(unknown.flatMap(nameIn)),
    project,
  };
}

/** Says of every finding which file it is about. */
function placed(file: string, report: ReportFinding): ReportFinding {
  return (finding) => report({ ...finding, at: finding.at ?? startOf(sourceOf(file, "")) });
}

/** The manifests among the documents, and the documents whose declaration cannot be read. */
function sorted(documents: readonly Node[], kinds: ReadonlyMap<string, Kind>, report: ReportFinding) {
  const manifests: Manifest[] = [];
  const flawed: Manifest[] = [];
  const unknown: Node[] = [];
  for (const document of documents) {
    if (isProject(document)) {
      const at = nodeAt(document, ["kind"]);
      report({ code: "RC4009", message: `a project must be in ${PROJECT_FILE} in its root folder`, at });
      continue;
    }
    const manifest = manifestOf(document, kinds, report);
    if (manifest === undefined || manifest.flawed === true) unknown.push(document);
    if (manifest !== undefined) (manifest.flawed === true ? flawed : manifests).push(manifest);
  }
  return { manifests, flawed, unknown };
}

function nothing(
  path: string,
  findings: readonly Finding[],
  validators: Validators,
  report: ReportFinding,
): ProjectText {
  return {
    root: path,
    project: projectOf(undefined, basename(path), validators, report),
    manifests: [],
    scripts: [],
    flawed: [],
    sources: new Map(),
    ignores: [],
    isIgnored: () => false,
    unreadable: { any: true, everything: true, names: new Set(), project: true },
    findings,
    included: new Map(),
    below: [],
    singleFile: false,
  };
}

function readAndParse(
  root: string,
  file: string,
  texts: ReadonlyMap<string, string>,
  report: ReportFinding,
): ParsedFile | undefined {
  const text = texts.get(file);
  const result: ReadResult =
    text === undefined ? readSource(root, file, MANIFEST_LIMIT) : givenSource(file, text, MANIFEST_LIMIT);
  if ("source" in result) return parse(result.source, report);
  const { code, message, hint, source, offset } = result.problem;
  const at = source === undefined ? undefined : { source, start: offset ?? 0, end: (offset ?? 0) + 1 };
  report({ code, message, hint, at });
  return undefined;
}

function projectDocument(file: ParsedFile | undefined, report: ReportFinding): Node | undefined {
  if (file === undefined) return undefined;
  const [first, second] = file.documents;
  if (first === undefined) return undefined;
  if (!isProject(first)) {
    const at = nodeAt(first, ["kind"]) ?? startOf(file.source);
    report({
      code: "RC4009",
      message: `${PROJECT_FILE} must contain a project`,
      at,
      hint: "write `kind: Project`",
    });
    return undefined;
  }
  if (second !== undefined) {
    const message = `${PROJECT_FILE} must contain only the project`;
    report({ code: "RC4009", message, at: second, hint: "move the manifest to another file" });
  }
  return first;
}
