import { cpSync, existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { openPlace, type Place, type Scene } from "./crash-scene.ts";
import type { Program } from "./program.ts";
import { startRelay } from "./relay.ts";

/**
 * What one undisturbed run left on disk at one moment: its project, its ledger and what was live. A process that is
 * killed at that moment leaves the same.
 */
export interface CrashCopy {
  /** The moment, for people. */
  readonly name: string;
  readonly folder: string;
}

/** Does something with a run that has ended, and with the copies that were taken of it. */
export type Use = (place: Place, copies: readonly CrashCopy[]) => Promise<void>;

/**
 * Runs the command of the scene once, with one request at a time, and copies its folder between any two requests: after
 * the one is before the next. A write is copied on both sides.
 */
export async function copiesAtRequests(program: Program, scene: Scene, use: Use): Promise<void> {
  await withPlace(scene, async (place, at) => {
    const copies: CrashCopy[] = [];
    let [count, open] = [0, 0];
    let isCovered = false;
    const copy = (side: string, line: string) => {
      const folder = join(at, `${side}-${count}`);
      cpSync(place.surrounding, folder, { recursive: true });
      copies.push({ name: `${side} request ${count}, ${line}`, folder });
    };
    const relay = await startRelay(place.emulator.url, {
      before(line) {
        count += 1;
        open += 1;
        if (open > 1) throw new Error(`${line} is sent while another request is under way`);
        if (!isCovered) copy("before", line);
      },
      after(line) {
        open -= 1;
        isCovered = !line.startsWith("GET ");
        if (isCovered) copy("after", line);
      },
    });
    try {
      const run = await place.start(program, { env: { TELNYX_BASE_URL: relay.url } }).ended;
      expect(run, run.stderr).toMatchObject({ code: 0 });
    } finally {
      await relay.close();
    }
    expect(place.emulator.requests()).toHaveLength(count);
    await use(place, copies);
  });
}

/** The same before each change to a file that the hook, a module of this folder, counts, and after the last one. */
export async function copiesAtChanges(
  program: Program,
  scene: Scene,
  hook: { readonly module: string; readonly counts: string },
  use: Use,
): Promise<void> {
  await withPlace(scene, async (place, at) => {
    const log = join(at, "log");
    const env = { KILL_AT: hook.counts, KILL_LOG: log, COPY_TO: at };
    const run = await place.start(program, { env, first: [hook.module] }).ended;
    expect(run, run.stderr).toMatchObject({ code: 0 });
    const changes = (await readFile(log, "utf8")).trimEnd().split("\n");
    const copies = changes.map((line, index): CrashCopy => {
      return { name: `before change ${index + 1}, ${line}`, folder: join(at, String(index + 1)) };
    });
    const last = { name: `after change ${changes.length}`, folder: join(at, "after") };
    expect([...copies, last].filter(({ folder }) => !existsSync(folder))).toEqual([]);
    await use(place, [...copies, last]);
  });
}

async function withPlace(scene: Scene, use: (place: Place, at: string) => Promise<void>): Promise<void> {
  const at = await mkdtemp(join(tmpdir(), "rollcall-copies-"));
  const place = await openPlace(scene);
  try {
    await use(place, at);
  } finally {
    await place.close();
    await rm(at, { recursive: true, force: true });
  }
}
