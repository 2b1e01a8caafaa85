import { createHash } from "node:crypto";
import { promises, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FileChange } from "../../model/file-change.ts";
import { beginBatch, unfinishedBatch } from "./batch.ts";
import { journalsIn } from "./journal.ts";

let root = "";
const original = { ...promises };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rollcall-batch-"));
});

afterEach(async () => {
  revive();
  await rm(root, { recursive: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
}

/** Every file and folder, drafts and journals included. */
function tree(): Readonly<Record<string, string>> {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const path = join(root, name);
      return [name, statSync(path).isDirectory() ? "folder" : readFileSync(path, "utf8")];
    }),
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const BEFORE = {
  "rollcall.yaml": "old project\n",
  "kept/desk.yaml": "\uFEFFdesk: 1\n",
  "kept/gone.yaml": "\uFEFFgone: 1\n",
};
const CHANGES: readonly FileChange[] = [
  { file: "rollcall.yaml", text: "new project\n", digest: digest(BEFORE["rollcall.yaml"]) },
  { file: "kept/desk.yaml", text: "desk: 2\n", digest: digest(BEFORE["kept/desk.yaml"]) },
  { file: "prompts/deep/er/a.md", text: "a\n" },
  { file: "prompts/b.md", text: "b\n" },
  { file: "kept/gone.yaml", digest: digest(BEFORE["kept/gone.yaml"]) },
];
const AFTER = {
  kept: "folder",
  "kept/desk.yaml": "desk: 2\n",
  prompts: "folder",
  "prompts/b.md": "b\n",
  "prompts/deep": "folder",
  "prompts/deep/er": "folder",
  "prompts/deep/er/a.md": "a\n",
  "rollcall.yaml": "new project\n",
};

/** From the nth change to the file system on, nothing happens any more, as in a process that was killed. */
function killAt(nth: number, side: "before" | "after"): () => boolean {
  let count = 0;
  let dead = false;
  const act = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw new Error("killed");
    count += 1;
    if (count !== nth) return work();
    dead = true;
    if (side === "after") await work();
    throw new Error("killed");
  };
  for (const name of ["mkdir", "writeFile", "rename", "link", "rm", "rmdir"] as const) {
    const real = original[name] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(promises, { [name]: (...args: unknown[]) => act(() => real.call(promises, ...args)) });
  }
  promises.open = async (...args: Parameters<typeof original.open>) => {
    let opened: Awaited<ReturnType<typeof original.open>> | undefined;
    const open = async () => (opened = await original.open(...args));
    const file = await (args[1] === "r" ? open() : act(open)).catch(async (error: unknown) => {
      await opened?.close();
      throw error;
    });
    const real = file.writeFile.bind(file);
    file.writeFile = (...more: Parameters<typeof real>) => act(() => real(...more));
    return file;
  };
  syncBuiltinESMExports();
  return () => dead;
}

function revive(): void {
  Object.assign(promises, original);
  syncBuiltinESMExports();
}

async function run(): Promise<void> {
  const batch = await beginBatch(root, "production", CHANGES, { serial: 3 });
  await batch.place();
  await batch.close();
}

test("a batch writes its files and leaves nothing else", async () => {
  await write(BEFORE);
  await run();
  expect(tree()).toEqual(AFTER);
  expect(journalsIn(root)).toEqual([]);
});

/** Runs the work again and again, each time killed one change later, until it is not. */
async function atEveryChange(
  start: () => Promise<void>,
  work: () => Promise<unknown>,
  check: (moment: string) => Promise<void>,
): Promise<void> {
  for (const side of ["before", "after"] as const) {
    for (let nth = 1; ; nth += 1) {
      await rm(root, { recursive: true });
      await start();
      const isDead = killAt(nth, side);
      await work().catch(() => undefined);
      revive();
      if (!isDead()) {
        expect(nth).toBeGreaterThan(10);
        break;
      }
      await check(`${side} ${nth}`);
    }
  }
}

const START = { ...BEFORE, kept: "folder" };

/** What the next command does. */
async function undone(): Promise<readonly string[]> {
  const batch = await unfinishedBatch(root, "production");
  return (await batch?.undo()) ?? [];
}

test("after a kill at any file system change, undoing restores everything", async () => {
  await atEveryChange(
    () => write(BEFORE),
    run,
    async (moment) => {
      const isOver = (await unfinishedBatch(root, "production")) === undefined;
      expect(await undone(), moment).toEqual([]);
      const isWritten = tree()["kept/gone.yaml"] === undefined;
      expect(tree(), moment).toEqual(isWritten ? AFTER : START);
      expect(isWritten && !isOver, moment).toBe(false);
    },
  );
});

test("an undo that is killed at any change is finished by the next undo", async () => {
  const start = async () => {
    await write(BEFORE);
    await (await beginBatch(root, "production", CHANGES, null)).place();
  };
  await atEveryChange(start, undone, async (moment) => {
    expect(await undone(), moment).toEqual([]);
    expect(tree(), moment).toEqual(START);
  });
});

test("a file that was edited since is kept and reported", async () => {
  await write(BEFORE);
  await (await beginBatch(root, "production", CHANGES, null)).place();
  await write({ "kept/desk.yaml": "desk: 3\n", "prompts/b.md": "mine\n", "prompts/deep/c.md": "mine\n" });
  expect(await undone()).toEqual(["kept/desk.yaml", "prompts/b.md"]);
  const { kept: _, ...start } = START;
  expect(tree()).toMatchObject({ "kept/desk.yaml": "desk: 3\n", "prompts/b.md": "mine\n" });
  expect(tree()).toMatchObject({ "prompts/deep/c.md": "mine\n", "rollcall.yaml": start["rollcall.yaml"] });
  expect(Object.keys(tree())).not.toContain("prompts/deep/er");
});

test.each([
  ["an existing file that should be new", { "prompts/b.md": "mine\n" }],
  ["a file that was changed since it was read", { "kept/desk.yaml": "desk: 3\n" }],
  ["a file to delete that was changed since it was read", { "kept/gone.yaml": "gone: 2\n" }],
])("%s stops a batch before it begins", async (_, files) => {
  await write({ ...BEFORE, ...files });
  const before = tree();
  await expect(beginBatch(root, "production", CHANGES, null)).rejects.toThrow(/in the meantime/);
  expect(tree()).toEqual(before);
});

test("a file that is created while the batch is open is not replaced", async () => {
  await write(BEFORE);
  const batch = await beginBatch(root, "production", CHANGES, null);
  await write({ "prompts/b.md": "mine\n" });
  await expect(batch.place()).rejects.toThrow("prompts/b.md was created in the meantime");
  expect(await batch.undo()).toEqual(["prompts/b.md"]);
  expect(tree()).toEqual({ ...START, prompts: "folder", "prompts/b.md": "mine\n" });
});

test("a file to delete that is edited while the batch is open is left", async () => {
  await write(BEFORE);
  const batch = await beginBatch(root, "production", CHANGES, null);
  await write({ "kept/gone.yaml": "gone: 2\n" });
  await expect(batch.place()).rejects.toThrow("kept/gone.yaml was changed in the meantime");
  expect(await batch.undo()).toEqual(["kept/gone.yaml"]);
  expect(tree()).toEqual({ ...START, "kept/gone.yaml": "gone: 2\n" });
});

test("a deleted file that was created again is kept and reported", async () => {
  await write(BEFORE);
  await (await beginBatch(root, "production", CHANGES, null)).place();
  await write({ "kept/gone.yaml": "gone: 3\n" });
  expect(await undone()).toEqual(["kept/gone.yaml"]);
  expect(tree()["kept/gone.yaml"]).toBe("gone: 3\n");
});

test.each(["../out.md", ".git/hooks/pre-commit", "prompts/.hidden.md"])("%s is not written", async (file) => {
  await expect(beginBatch(root, "production", [{ file, text: "x" }], null)).rejects.toThrow(/hidden/);
});

test("a journal that names files other than drafts removes none of them", async () => {
  await write({ "desk.yaml": "mine\n" });
  const file = { file: "other.yaml", draft: "desk.yaml", digest: "0" };
  await write({
    ".rollcall/batch-production/journal.json": JSON.stringify({ purpose: null, folders: [], files: [file] }),
  });
  await expect(undone()).rejects.toThrow(/is not a journal/);
  expect(tree()["desk.yaml"]).toBe("mine\n");
});
