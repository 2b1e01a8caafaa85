import { execFile, type ExecFileException } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ran } from "./command.ts";
import { REPOSITORY, type Images } from "./engine.ts";

/** `docker-compose.yml`, with the images of this test in place of built ones. */
export interface Compose {
  /** `up`, `run`, `down`: as a person would type it after `docker compose`. */
  run(...args: readonly string[]): Promise<Ran>;
  /** Takes down everything, volumes included. */
  down(): Promise<void>;
}

/** The plugin of newer engines, or the program of older ones. */
export async function findCompose(): Promise<readonly string[] | undefined> {
  for (const command of [["docker", "compose"], ["docker-compose"]]) {
    const { code } = await execute([...command, "version"], {});
    if (code === 0) return command;
  }
  return undefined;
}

export async function openCompose(
  command: readonly string[],
  images: Images,
  project: string,
): Promise<Compose> {
  const name = `rollcall-test-${randomUUID().slice(0, 8)}`;
  const override = `${project}.compose.yml`;
  const services = { emulator: { image: images.emulator }, rollcall: { image: images.rollcall } };
  await writeFile(override, JSON.stringify({ services }));
  const files = ["--file", join(REPOSITORY, "docker-compose.yml"), "--file", override];
  // Port 0: any that is free.
  const env = { PROJECT: project, EMULATOR_PORT: "0" };
  const run = (...args: readonly string[]) =>
    execute([...command, "--project-name", name, ...files, ...args], env);
  return {
    run,
    async down() {
      await run("down", "--volumes", "--timeout", "2");
      await rm(override, { force: true });
    },
  };
}

function execute(
  [program = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  return new Promise((done) => {
    const options = { env: { ...process.env, ...env }, encoding: "utf8" } as const;
    execFile(program, args, options, (error: ExecFileException | null, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      done({ code, stdout, stderr });
    });
  });
}
