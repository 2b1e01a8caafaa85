import { access } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { faultOf } from "../../host/files/fault.ts";
import { isName, NAME_HELP } from "../../model/address.ts";
import { stringify } from "../../model/json.ts";
import { visible } from "../../model/visible.ts";
import { editorSchema } from "../../schema/explain/editor-schema.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { saying } from "../reports.ts";
import { print, type Io } from "../io.ts";
import { CI_FILES, packageFile, type CiSystem } from "../scaffold/ci.ts";
import { COPIED_SCHEMA, PACKAGED_SCHEMA } from "../scaffold/editor.ts";
import { IGNORED, scaffoldFiles } from "../scaffold/files.ts";
import { nameFrom } from "../scaffold/name.ts";
import { addLines, checkFolder, writeNew } from "../scaffold/write.ts";
import { KINDS } from "../project.ts";
import { version } from "../../host/version.ts";
import { shellWord } from "../next-command.ts";

export interface InitOptions {
  readonly name?: string;
  readonly ci: CiSystem;
}

/** Creates a project. Existing files are kept. */
export async function initCommand(
  io: Io,
  dir: string | undefined,
  { name, ci }: InitOptions,
): Promise<ExitCode> {
  const folder = resolve(io.cwd, dir ?? ".");
  const project = name ?? nameFrom(basename(folder));
  if (!isName(project)) {
    throw new UsageError(`"${visible(project)}" is not a valid project name`, NAME_HELP);
  }
  const done = await scaffold(folder, project, ci).catch((error: unknown) => {
    const { code, reason } = faultOf(error);
    throw new UsageError(`${visible(folder)} cannot be written: ${visible(REASONS[code] ?? reason)}`);
  });
  return saying(io, 0, () =>
    print(io, said(done, { name: project, ci, place: relative(io.cwd, folder) || "." })),
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: "there is a file where a folder is needed",
  ENOTDIR: "there is a file where a folder is needed",
  EISDIR: "there is a folder where a file is needed",
};

interface Done {
  readonly written: readonly string[];
  readonly added: readonly string[];
  readonly left: readonly string[];
  /** A `rollcall.yaml` exists already. */
  readonly isProject: boolean;
  /** Rollcall is in `node_modules`, and so in the lock file that CI goes by. */
  readonly isInstalled: boolean;
}

async function scaffold(folder: string, name: string, ci: CiSystem): Promise<Done> {
  const isInstalled = await exists(join(folder, PACKAGED_SCHEMA));
  const isProject =
    (await exists(join(folder, "rollcall.yaml"))) || (await exists(join(folder, "rollcall.yml")));
  const schema = isInstalled ? PACKAGED_SCHEMA : COPIED_SCHEMA;
  const files = scaffoldFiles({ name, schema, ci, version });
  const done: { readonly [of in "written" | "added" | "left"]: string[] } = {
    written: [],
    added: [],
    left: [],
  };
  const wanted = files.filter(({ isContent }) => !isContent || !isProject);
  for (const { path } of wanted) checkFolder(folder, path);
  for (const { path, text } of wanted) {
    done[(await writeNew(folder, path, text)) ? "written" : "left"].push(path);
  }
  if (done.written.includes(".vscode/settings.json") && !isInstalled) {
    const schema = `${stringify(editorSchema(KINDS))}\n`;
    done[(await writeNew(folder, COPIED_SCHEMA, schema)) ? "written" : "left"].push(COPIED_SCHEMA);
  }
  done[await addLines(folder, ".gitignore", IGNORED)].push(".gitignore");
  return { ...done, isProject, isInstalled };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

interface Told {
  readonly name: string;
  readonly ci: CiSystem;
  readonly place: string;
}

function said({ written, added, left, isProject, isInstalled }: Done, { name, ci, place }: Told): string {
  const section = (title: string, paths: readonly string[]) =>
    paths.length === 0 ? [] : [[title, ...paths.map((path) => `  ${path}`)].join("\n")];
  const next = [
    ...(place === "." ? [] : [`cd ${shellWord(visible(place))}`]),
    "rollcall validate",
    "rollcall plan       # reads your account; needs TELNYX_API_KEY",
  ];
  const needsPackage = ci !== "none" && written.includes(CI_FILES[ci]) && !isInstalled;
  return [
    written.length === 0 && added.length === 0
      ? `Nothing to do: ${place === "." ? "the current directory" : visible(place)} already has every file.`
      : isProject
        ? `${place === "." ? "The current directory" : visible(place)} is already a project. Only missing files were added.`
        : `Created project "${name}" in ${place === "." ? "the current directory" : visible(place)}.`,
    ...section("Written", written),
    ...section("Added to", added),
    ...section("Unchanged", left),
    ...(isProject ? [] : section("Next", next)),
    ...(needsPackage
      ? [
          `${CI_FILES[ci]} installs ${packageFile(version)}, unless package-lock.json pins Rollcall: run "npm pack" in a clone of Rollcall, and commit the file here.`,
        ]
      : []),
  ].join("\n\n");
}
