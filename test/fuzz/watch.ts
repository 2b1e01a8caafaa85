import { fork, type ChildProcess } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Task, Word } from "./worker.ts";

/** Milliseconds for a worker to begin, and for what is around the commands. */
const PATIENCE = 60_000;

export interface Outcome {
  readonly faults: readonly string[];
  /** The folder that holds the input. */
  readonly kept?: string;
}

interface Ending extends Outcome {
  /** The worker is gone; it was at work in this folder. */
  readonly leftIn?: string;
}

export interface Worker {
  attempt(task: Task): Promise<Outcome>;
  end(): Promise<void>;
}

/** A worker that is ended and begun anew when a command hangs. What hangs is tried once more: the machine may be busy. */
export async function startWorker(keepIn: string): Promise<Worker> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-fuzz-"));
  const env = { ...process.env, TMPDIR: folder, FUZZ_KEEP: keepIn };
  let child: Promise<ChildProcess> | undefined;
  const attempt = async (task: Task): Promise<Outcome> => {
    child ??= begin(env);
    const { faults, kept, leftIn } = await endingOf(await child, task);
    if (leftIn === undefined) return kept === undefined ? { faults } : { faults, kept };
    child = undefined;
    const place = join(keepIn, `${task.seed}-${task.target}-${task.index}`);
    await cp(leftIn, join(place, "project"), { recursive: true, dereference: false }).catch(() => undefined);
    return { faults, kept: place };
  };
  return {
    async attempt(task) {
      const outcome = await attempt(task);
      return outcome.faults.some((fault) => fault.includes("\nhang: ")) ? attempt(task) : outcome;
    },
    async end() {
      (await child)?.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function begin(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = fork(resolve(import.meta.dirname, "worker.ts"), {
    execArgv: ["--import", "tsx", "--import", resolve(import.meta.dirname, "guard.mjs")],
    env,
  });
  await new Promise<void>((done, failed) => {
    child.once("message", () => done());
    child.once("exit", (code) => failed(new Error(`a worker did not begin: exit code ${code}`)));
  });
  return child;
}

function endingOf(child: ChildProcess, task: Task): Promise<Ending> {
  return new Promise((done) => {
    let [command, project] = ["between commands", ""];
    const stray: string[] = [];
    let timer: NodeJS.Timeout;
    const finish = (ending: Ending) => {
      clearTimeout(timer);
      child.removeAllListeners();
      done({ ...ending, faults: [...ending.faults, ...stray] });
    };
    const wait = (milliseconds: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        child.kill("SIGKILL");
        finish({ faults: [`${command}\nhang: longer than ${milliseconds / 1000} s`], leftIn: project });
      }, milliseconds);
    };
    child.on("message", (word: Word) => {
      if (word.is === "running") [command, project] = [`rollcall ${word.args.join(" ")}`, word.project];
      if (word.is === "ended") command += " (after it)";
      if (word.is === "stray") stray.push(`${command}\n${word.fault}`);
      else if (word.is === "done") finish(word);
      else wait(word.is === "running" ? word.limit : PATIENCE);
    });
    child.on("exit", (code, signal) =>
      finish({ faults: [`${command}\ncrash: exit ${code ?? signal}`], leftIn: project }),
    );
    wait(PATIENCE);
    child.send(task);
  });
}
