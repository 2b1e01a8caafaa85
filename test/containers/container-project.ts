import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { Network, type StartedNetwork } from "testcontainers";
import { start, type Ran } from "./command.ts";
import { startEmulatorContainer, type EmulatorContainer } from "./emulator.ts";
import { REPOSITORY, type Docker, type Images } from "./engine.ts";

/** The example project, its ledger in a volume, and an emulator in a container on a network of its own. */
export interface Desk {
  /** The project's folder on this machine, mounted read-only. */
  readonly project: string;
  readonly network: StartedNetwork;
  readonly emulator: EmulatorContainer;
  /** Runs one command line in a container that is thrown away. */
  rollcall(...args: readonly string[]): Promise<Ran>;
  /** Sends the signal when the API has seen so many writes, unless the command has ended before. */
  cutOff(signal: "SIGTERM" | "SIGKILL", writes: number, args: readonly string[]): Promise<Ran>;
  close(): Promise<void>;
}

/** A copy of the example that the user of the image, who is not the one who makes it, can read. */
export async function copyExample(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-container-"));
  await cp(join(REPOSITORY, "examples/assistants"), folder, { recursive: true });
  // The volume of the ledger is mounted there, and the project is read-only by then.
  await mkdir(join(folder, ".rollcall"), { recursive: true });
  await chmod(folder, 0o755);
  return folder;
}

export interface DeskOptions {
  /** Milliseconds that every answer of the API takes. */
  readonly latency?: number;
  readonly ledger?: "file" | "git";
}

export async function openDesk(docker: Docker, images: Images, options: DeskOptions): Promise<Desk> {
  const { latency = 0, ledger = "file" } = options;
  const project = await copyExample();
  const network = await new Network().start();
  const emulator = await startEmulatorContainer(images.emulator, network, latency);
  const volume = `rollcall-test-${randomUUID()}`;
  const around = {
    image: images.rollcall,
    network: emulator.beside,
    mounts: [`${project}:/project:ro`, `${volume}:${ledger === "file" ? "/project/.rollcall" : "/data"}`],
    env: { TELNYX_BASE_URL: "http://127.0.0.1:8080/v2", TELNYX_STAGING_API_KEY: "any-key-will-do" },
  };
  if (ledger === "git") {
    await keepLedgerInGit(project, BARE);
    await (
      await start(docker, { ...around, program: "git" }, ["init", "--quiet", "--bare", BARE])
    ).ended;
  }
  return {
    project,
    network,
    emulator,
    rollcall: async (...args) => (await start(docker, around, args)).ended,
    async cutOff(signal, writes, args) {
      const goal = (await emulator.writes()) + writes;
      const running = await start(docker, around, args);
      while (!running.isOver() && (await emulator.writes()) < goal) await setTimeout(20);
      if (!running.isOver()) await running.signal(signal);
      return running.ended;
    },
    async close() {
      await emulator.stop();
      await network.stop();
      // Made by the first command that mounts it, if there was one.
      await docker
        .getVolume(volume)
        .remove()
        .catch(() => undefined);
      await rm(project, { recursive: true, force: true });
    },
  };
}

const BARE = "/data/ledger.git";
const run = promisify(execFile);

/** The project becomes a work tree, and its ledger a ref of another repository. */
async function keepLedgerInGit(project: string, remote: string): Promise<void> {
  const file = join(project, "rollcall.yaml");
  const settings = await readFile(file, "utf8");
  const changed = settings.replace(/^ {4}backend: file$/m, "    backend: git\n    remote: ledgers");
  if (changed === settings) throw new Error("the example does not say where its ledger is");
  await writeFile(file, changed);
  const git = (...args: readonly string[]) => run("git", ["-C", project, ...args]);
  const author = ["-c", "user.name=tester", "-c", "user.email=tester@example.com"];
  await git("init", "--quiet");
  await git("remote", "add", "ledgers", remote);
  await git("add", ".");
  await git(...author, "commit", "--quiet", "--message", "as reviewed");
}
