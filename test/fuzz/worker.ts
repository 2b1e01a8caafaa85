/** Tries one input after the other, as its parent says; ended by it when one takes too long. */
import { faultsOf } from "./attempt.ts";
import { chanceOf } from "./chance.ts";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { record } from "./recordings.ts";
import { openSandbox, type Contents } from "./sandbox.ts";
import { TARGETS } from "./targets/index.ts";

/** One process of its own in so many. */
const PROCESSES = 40;

/** Milliseconds that a command may take. */
const LIMIT = 5000;
/** The same for a process, which starts, and in which waiting before a request is sent again takes its time. */
const PATIENT = 40_000;

export interface Task {
  readonly target: string;
  readonly index: number;
  readonly seed: string;
}

export type Word =
  | { readonly is: "ready" }
  | {
      readonly is: "running";
      readonly args: readonly string[];
      readonly project: string;
      readonly limit: number;
    }
  | { readonly is: "ended" }
  | { readonly is: "stray"; readonly fault: string }
  | { readonly is: "done"; readonly faults: readonly string[]; readonly kept?: string };

const say = (word: Word) => void process.send?.(word);

// What nobody waits for any more can still fail, and end a process.
for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, (error: unknown) => say({ is: "stray", fault: `crash: ${event}: ${inspect(error)}` }));

const sandbox = await openSandbox();
process.env["TMPDIR"] = sandbox.scratch;
const recordings = await record();

process.on("message", (task: Task) => void tried(task).then(say));
process.on("disconnect", () => process.exit());
say({ is: "ready" });

async function tried({ target, index, seed }: Task): Promise<Word> {
  const own = `${seed}/${target}/${index}`;
  const chance = chanceOf(own);
  const isProcess = chance.oneIn(PROCESSES);
  const make = TARGETS[target];
  if (make === undefined) throw new Error(`there is no target ${target}`);
  const scene = await make({ recordings, sandbox, chance, seed: own, isProcess });
  const faults: string[] = [];
  try {
    await sandbox.fill(scene.contents);
    for (const args of scene.commands) {
      say({ is: "running", args, project: sandbox.project, limit: isProcess ? PATIENT : LIMIT });
      const found = await faultsOf({ args, env: scene.env, ports: scene.ports, isProcess }, sandbox);
      say({ is: "ended" });
      faults.push(...found.map((fault) => `rollcall ${args.join(" ")}\n${fault}`));
    }
  } finally {
    await scene.close();
  }
  return faults.length === 0
    ? { is: "done", faults }
    : { is: "done", faults, kept: await keep(own, scene.contents, faults) };
}

/** The input that failed, as it was. */
async function keep(own: string, { files, links }: Contents, faults: readonly string[]): Promise<string> {
  const folder = join(process.env["FUZZ_KEEP"] ?? "fuzz-failures", own.replaceAll("/", "-"));
  await mkdir(folder, { recursive: true });
  for (const [path, bytes] of files) {
    const place = join(folder, "project", path);
    await mkdir(dirname(place), { recursive: true })
      .then(() => writeFile(place, bytes))
      .catch(() => undefined);
  }
  const linked = links.map(([path, to]) => `link: ${path} → ${to}\n`).join("");
  await writeFile(join(folder, "faults.txt"), `${linked}${faults.join("\n\n")}\n`);
  return folder;
}
