import { cp, link, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runtime } from "../../src/host/runtime.ts";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { EXAMPLE, KEY, runIn } from "../e2e/cli.ts";
import { chanceOf } from "./chance.ts";
import { filesIn, type Files } from "./sandbox.ts";

const SMALL = join(import.meta.dirname, "project");
const SCENARIOS = resolve(import.meta.dirname, "../scenarios/manifests");

/** What honest runs have left behind: the corpus that inputs are made from. */
export interface Recordings {
  readonly example: Files;
  readonly scenarios: readonly Files[];
  /** A small project, which has one object of every kind. */
  readonly small: Files;
  /** The account after it was applied, as the emulator keeps it. */
  readonly account: string;
  readonly ids: Readonly<Record<string, string>>;
  readonly ledger: Buffer;
  /** What a run that was cut off leaves: the ledger before it, which may be absent, and the log. */
  readonly log: Buffer;
  /** A saved plan, for `changed`, and its report. */
  readonly plan: Buffer;
  readonly report: Buffer;
  readonly driftReport: Buffer;
  /** The small project with some edits. */
  readonly changed: Files;
  /** A folder with a repository that has a remote. */
  readonly repository: string;
  close(): Promise<void>;
}

export async function record(): Promise<Recordings> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-corpus-"));
  const [project, data] = [join(folder, "project"), join(folder, "account.jsonl")];
  await cp(SMALL, project, { recursive: true });
  const small = await filesIn(project);
  const emulator = await startEmulator({ seed: 1, dataFile: data });
  const env = {
    TELNYX_BASE_URL: emulator.url,
    TELNYX_API_KEY: KEY,
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
  };
  const chance = chanceOf("corpus");
  const hex = (digits: number) => Array.from({ length: digits }, () => chance.below(16).toString(16)).join("");
  const repeatable = {
    ...runtime,
    random: () => chance.below(1000) / 1000,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  };
  const run = async (...args: readonly string[]) => {
    const ran = await runIn(project, env, args, { runtime: repeatable });
    if (![0, 2].includes(ran.code)) throw new Error(`rollcall ${args.join(" ")}: ${ran.stderr}${ran.stdout}`);
    return ran.stdout;
  };
  const at = (name: string) => readFile(join(project, name));
  const log = await logOf(
    () => run("apply", "--yes", "--parallelism", "1"),
    join(project, ".rollcall/production.log.jsonl"),
  );
  const ledger = await at(".rollcall/production.json");
  const account = await readFile(data, "utf8");
  const front = join(project, "manifests/front-desk.yaml");
  await writeFile(front, (await readFile(front, "utf8")).replace("How can I help", "What can I do for you"));
  await writeFile(
    join(project, "prompts/front-desk.md"),
    "You answer the phone.\n\n# What you do\n\nBe brief.\n",
  );
  await run("plan", "-o", "plan.json", "--report", "markdown=plan.md");
  const [plan, report] = [await at("plan.json"), await at("plan.md")];
  await run("drift", "--report", "markdown=drift.md", "--format", "json");
  const driftReport = await at("drift.md");
  for (const name of ["plan.json", "plan.md", "drift.md", ".rollcall"])
    await rm(join(project, name), { recursive: true });
  const changed = await filesIn(project);
  await emulator.close();
  const scenarios = await scenariosIn(SCENARIOS);
  return {
    example: await filesIn(EXAMPLE),
    scenarios,
    small,
    account,
    ids: idsIn(ledger),
    ledger,
    log,
    plan,
    report,
    driftReport,
    changed,
    repository: await repositoryIn(folder),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The whole log of a run. The run removes it at its end; a second name for it is left. */
async function logOf(run: () => Promise<unknown>, path: string): Promise<Buffer> {
  const second = `${path}.kept`;
  const looking = setInterval(() => void link(path, second).catch(() => undefined), 1);
  await run().finally(() => clearInterval(looking));
  return readFile(second).finally(() => rm(second, { force: true }));
}

async function scenariosIn(folder: string): Promise<readonly Files[]> {
  const byCase = new Map<string, Map<string, Buffer>>();
  for (const [path, bytes] of await filesIn(folder)) {
    const [name = "", ...rest] = path.split("/");
    if (rest.length === 0 || rest[0] === "expected.txt" || rest[0] === "options.json") continue;
    byCase.set(name, (byCase.get(name) ?? new Map<string, Buffer>()).set(rest.join("/"), bytes));
  }
  return [...byCase.values()];
}

function idsIn(ledger: Buffer): Readonly<Record<string, string>> {
  const { entries } = JSON.parse(ledger.toString()) as {
    readonly entries: Record<string, { readonly id: string }>;
  };
  return Object.fromEntries(Object.entries(entries).map(([address, { id }]) => [address, id]));
}

/** One commit, pushed to a remote that is beside it. */
async function repositoryIn(folder: string): Promise<string> {
  const [repository, remote] = [join(folder, "repository"), join(folder, "remote.git")];
  await mkdir(repository);
  const git = (...args: readonly string[]) => {
    const who = [
      "-c",
      "user.name=fuzz",
      "-c",
      "user.email=fuzz@rollcall.invalid",
      "-c",
      "init.defaultBranch=main",
    ];
    const ran = spawnSync("git", [...who, ...args], {
      cwd: repository,
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, GIT_CONFIG_NOSYSTEM: "1" },
    });
    if (ran.status !== 0) throw new Error(`git ${args.join(" ")}: ${ran.stderr}`);
  };
  git("init", "--quiet", "--bare", remote);
  git("init", "--quiet");
  await cp(SMALL, repository, { recursive: true });
  git("add", "--all");
  git("commit", "--quiet", "--message", "begin");
  git("remote", "add", "origin", remote);
  git("push", "--quiet", "origin", "main");
  return repository;
}
