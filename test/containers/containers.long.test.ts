import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start } from "./command.ts";
import { findCompose, openCompose } from "./compose.ts";
import { copyExample, openDesk, type Desk, type DeskOptions } from "./container-project.ts";
import { buildImages, findEngine, isRequired, type Images } from "./engine.ts";

const engine = await findEngine();
const compose = await findCompose();
const missing = "missing" in engine ? engine.missing : undefined;
if (missing !== undefined) process.stderr.write(`The container tests are skipped: ${missing}\n`);
else if (compose === undefined) process.stderr.write("docker-compose.yml is not tested: there is no compose\n");

const MINUTES = 60_000;
const STAGING = ["--env", "staging"];
const APPLY = ["apply", ...STAGING, "--yes"];
const COUNT = 27;

test.runIf(isRequired)("an engine and compose are there, because ROLLCALL_REQUIRE_CONTAINERS is set", () => {
  expect(missing).toBeUndefined();
  expect(compose).toBeDefined();
});

/** Registers what closes something when a test has ended. */
type OnEnd = (close: () => Promise<void>, timeout: number) => void;

describe.skipIf(missing !== undefined)("in containers", () => {
  if ("missing" in engine) return;
  const { docker } = engine;
  let images: Images;

  beforeAll(async () => {
    images = await buildImages(docker);
  }, 10 * MINUTES);

  afterAll(() => images?.remove(), MINUTES);

  async function desk(onEnd: OnEnd, options: DeskOptions = {}): Promise<Desk> {
    const opened = await openDesk(docker, images, options);
    onEnd(() => opened.close(), MINUTES);
    return opened;
  }

  async function example(onEnd: OnEnd): Promise<string> {
    const folder = await copyExample();
    onEnd(() => rm(folder, { recursive: true, force: true }), MINUTES);
    return folder;
  }

  /** Nothing is left to do, and what is live is what the ledger knows: nothing twice, nothing without an address. */
  async function expectConverged({ rollcall, emulator }: Desk): Promise<void> {
    expect(await rollcall("plan", ...STAGING, "--detailed-exitcode")).toMatchObject({ code: 0 });
    expect(await rollcall("drift", ...STAGING)).toMatchObject({ code: 0 });
    const { stdout } = await rollcall("ledger", "list", ...STAGING, "--format", "json");
    const { entries } = JSON.parse(stdout) as { entries: Readonly<Record<string, { readonly id: string }>> };
    const known = Object.values(entries).map(({ id }) => id);
    expect(known).toHaveLength(COUNT);
    expect((await emulator.ids("Listens first")).toSorted()).toEqual(known.toSorted());
  }

  test(
    "the command line needs no network, no root and no writable file system",
    { timeout: MINUTES },
    async ({ onTestFinished }) => {
      const around = {
        image: images.rollcall,
        network: "none",
        mounts: [`${await example(onTestFinished)}:/project:ro`],
      };
      const run = async (...args: readonly string[]) => (await start(docker, around, args)).ended;
      expect(await run("--version")).toMatchObject({ code: 0, stdout: "0.1.0\n" });
      expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining("Usage: rollcall") });
      expect(await run("validate", ...STAGING)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`${COUNT} manifests valid`),
      });
      const { Config } = await docker.getImage(images.rollcall).inspect();
      expect(Config.User).toBe("1000:1000");
    },
  );

  // Two of these run at a time: one waits a minute for a lock to expire.
  test.concurrent(
    "plan, apply and drift, each in a temporary container",
    { timeout: 4 * MINUTES },
    async ({ onTestFinished }) => {
      const it = await desk(onTestFinished);
      const planned = await it.rollcall("plan", ...STAGING, "--detailed-exitcode");
      expect(planned).toMatchObject({ code: 2, stdout: expect.stringContaining(`Plan: ${COUNT} to add`) });
      expect(await it.rollcall(...APPLY)).toMatchObject({ code: 0 });
      await expectConverged(it);

      const billing = (await it.emulator.state()).assistants.find(({ main }) => main["name"] === "Billing");
      await it.emulator.editInPortal("Assistant", billing?.id ?? "", { greeting: "Thanks for holding!" });
      expect(await it.rollcall("drift", ...STAGING)).toMatchObject({
        code: 2,
        stdout: expect.stringContaining("Thanks for holding!"),
      });
      expect(await it.rollcall(...APPLY)).toMatchObject({ code: 0 });
      await expectConverged(it);
    },
  );

  test.concurrent(
    "a key is not sent unencrypted between containers",
    { timeout: 4 * MINUTES },
    async ({ onTestFinished }) => {
      const { network, emulator, project } = await desk(onTestFinished);
      const around = {
        image: images.rollcall,
        network: network.getName(),
        mounts: [`${project}:/project:ro`],
        env: { TELNYX_BASE_URL: "http://emulator:8080/v2", TELNYX_STAGING_API_KEY: "any-key-will-do" },
      };
      const refused = await (await start(docker, around, ["plan", ...STAGING])).ended;
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("https") });
      expect(await emulator.requests()).toBe(0);
    },
  );

  test.concurrent(
    "killed during an apply, and run again after the lock expired",
    { timeout: 4 * MINUTES },
    async ({ onTestFinished }) => {
      const it = await desk(onTestFinished, { latency: 150 });
      expect(await it.cutOff("SIGKILL", 9, APPLY)).toMatchObject({ code: 137 });
      const next = await it.rollcall(...APPLY, "--lock-timeout", "2m");
      expect(next, next.stderr).toMatchObject({ code: 0 });
      await expectConverged(it);
    },
  );

  test.concurrent(
    "killed several times with the ledger in Git, and unlocked manually",
    { timeout: 4 * MINUTES },
    async ({ onTestFinished }) => {
      const it = await desk(onTestFinished, { latency: 150, ledger: "git" });
      for (const writes of [1, 6]) {
        expect(await it.cutOff("SIGKILL", writes, APPLY)).toMatchObject({ code: 137 });
        expect(await it.rollcall("ledger", "unlock", ...STAGING, "--yes")).toMatchObject({ code: 0 });
      }
      const last = await it.rollcall(...APPLY);
      expect(last, last.stderr).toMatchObject({ code: 0 });
      await expectConverged(it);
      const history = await it.rollcall("ledger", "history", ...STAGING);
      expect(history).toMatchObject({ code: 0, stdout: expect.stringContaining("apply") });
    },
  );

  test.concurrent(
    "stopped during an apply, it ends in an orderly way",
    { timeout: 4 * MINUTES },
    async ({ onTestFinished }) => {
      const it = await desk(onTestFinished, { latency: 150 });
      const stopped = await it.cutOff("SIGTERM", 9, APPLY);
      expect(stopped).toMatchObject({ code: 3, stderr: expect.stringContaining("Stopping") });
      const next = await it.rollcall(...APPLY);
      expect(next, next.stderr).toMatchObject({ code: 0 });
      await expectConverged(it);
    },
  );

  test.skipIf(compose === undefined)(
    "the compose file works",
    { timeout: 4 * MINUTES },
    async ({ onTestFinished }) => {
      const { run, down } = await openCompose(compose ?? [], images, await example(onTestFinished));
      onTestFinished(down, MINUTES);
      const rollcall = (...args: readonly string[]) => run("run", "--rm", "-T", "rollcall", ...args);
      expect(await run("up", "--detach", "emulator")).toMatchObject({ code: 0 });
      // It waits until the emulator is healthy.
      const planned = await rollcall("plan", ...STAGING);
      expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining(`Plan: ${COUNT} to add`) });
      expect(await rollcall(...APPLY)).toMatchObject({ code: 0 });
      expect(await run("restart", "emulator")).toMatchObject({ code: 0 });
      const drift = await rollcall("drift", ...STAGING);
      expect(drift, drift.stderr).toMatchObject({ code: 0 });
    },
  );
});
