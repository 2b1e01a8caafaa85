import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";

/** What a project folder holds, by path. */
export type Files = ReadonlyMap<string, Buffer>;

export interface Contents {
  readonly files: Files;
  /** Symbolic links and where they lead. */
  readonly links: readonly (readonly [string, string])[];
  /** A Git repository, as `git init` made it, with a remote. */
  readonly repository?: string;
}

/** A project folder with something beside it that nobody may read or write. */
export interface Sandbox {
  readonly project: string;
  /** May be written to, like the project: temporary files, and what servers keep. */
  readonly scratch: string;
  readonly home: string;
  fill(contents: Contents): Promise<void>;
  /** What has become of the files beside the project; puts them back. */
  damage(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Stands in a file beside the project. */
export const OUTSIDE = "what stands outside of the project";
const BESIDE = {
  "secret.txt": `${OUTSIDE}\n`,
  "prompt.md": `${OUTSIDE}\n`,
  "default.json": `{"a":"${OUTSIDE}"}\n`,
};

export async function openSandbox(): Promise<Sandbox> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "rollcall-fuzz-")));
  const [project, scratch, home, outside] = ["project", "scratch", "home", "outside"].map((name) =>
    join(root, name),
  ) as [string, string, string, string];
  const restore = async () => {
    await rm(outside, { recursive: true, force: true });
    await mkdir(outside);
    for (const [name, text] of Object.entries(BESIDE)) await writeFile(join(outside, name), text);
  };
  await Promise.all([scratch, home].map((folder) => mkdir(folder)));
  await restore();
  return {
    project,
    scratch,
    home,
    async fill({ files, links, repository }) {
      await rm(project, { recursive: true, force: true });
      await mkdir(project);
      if (repository !== undefined) await cp(repository, project, { recursive: true });
      const isInside = (path: string) => join(project, path).startsWith(project + sep);
      for (const [path, bytes] of files)
        if (isInside(path)) await attempt(() => put(join(project, path), bytes));
      for (const [path, to] of links) if (isInside(path)) await attempt(() => link(join(project, path), to));
    },
    async damage() {
      const found: Record<string, string> = {};
      for (const name of await readdir(outside).catch(() => []))
        found[name] = await readFile(join(outside, name), "utf8").catch(() => "cannot be read");
      const names = new Set([...Object.keys(BESIDE), ...Object.keys(found)]);
      const damaged = [...names].filter((name) => found[name] !== (BESIDE as Record<string, string>)[name]);
      if (damaged.length > 0) await restore();
      return damaged;
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
}

/** A name that the file system does not take is no input. */
async function attempt(act: () => Promise<unknown>): Promise<void> {
  await act().catch(() => undefined);
}

async function put(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function link(path: string, to: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  await symlink(to, path);
}

export async function filesIn(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, Buffer>();
  for (const entry of entries
    .filter((one) => one.isFile())
    .toSorted((one, other) => (place(one) < place(other) ? -1 : 1)))
    files.set(place(entry).slice(folder.length + 1), await readFile(place(entry)));
  return files;
}

function place({ parentPath, name }: { readonly parentPath: string; readonly name: string }): string {
  return join(parentPath, name);
}
