import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { onTestFinished } from "vitest";
import type { LedgerChoice } from "../../src/model/ledger.ts";
import { oncePerRun } from "../once-per-run.ts";
import type { Task } from "./child.ts";
import { folder } from "./folder.ts";

export interface Child {
  /** Resolves when the text has been printed. */
  printed(text: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  kill(): void;
}

/** What a child runs, with all that it imports in one file: it starts in a third of the time. */
async function program(): Promise<string> {
  const folder = await oncePerRun("ledger-child", async (place) => {
    const bundle = await rolldown({ input: join(import.meta.dirname, "child.ts"), platform: "node" });
    await bundle.write({ dir: place, format: "esm", codeSplitting: false });
  });
  return join(folder, "child.js");
}

/** A real process, so that it can be killed and has a number of its own. */
export async function startChild(task: Task): Promise<Child> {
  const child = spawn(process.execPath, [await program(), JSON.stringify(task)]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  const waiting = new Map<string, () => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const [text, resolve] of waiting) if (stdout.includes(text)) resolve();
  });
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, stderr }));
  });
  return {
    printed: (text) =>
      new Promise((resolve, reject) => {
        if (stdout.includes(text)) return resolve();
        waiting.set(text, resolve);
        void ended.then(() => reject(new Error(`ended before it printed ${text}: ${stderr}`)));
        return undefined;
      }),
    ended,
    kill: () => void child.kill("SIGKILL"),
  };
}

/** Lets `count` processes commit `commits` times each, all at once. Throws when one fails, as it does when two are in at once. */
export async function race(
  choice: LedgerChoice,
  roots: readonly string[],
  count: number,
  commits: number,
): Promise<readonly string[]> {
  const shared = folder();
  const [start, inside] = [join(shared, "start"), join(shared, "inside")];
  const names = Array.from({ length: count }, (_, index) => `w${index}`);
  const children = await Promise.all(
    names.map((name, index) => {
      const root = roots[index % roots.length] ?? "";
      return startChild({ choice, root, name, commits, start, inside });
    }),
  );
  await Promise.all(children.map((child) => child.printed("ready")));
  writeFileSync(start, "");
  const ends = await Promise.all(children.map(({ ended }) => ended));
  const failed = ends.filter(({ code }) => code !== 0);
  if (failed.length > 0) throw new Error(failed.map(({ stderr }) => stderr).join("\n"));
  return names.flatMap((name) => Array.from({ length: commits }, (_, index) => `Tool/${name}-${index}`)).sort();
}
