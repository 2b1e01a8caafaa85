import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { GenericContainer, getContainerRuntimeClient, type ContainerRuntimeClient } from "testcontainers";

export const REPOSITORY = resolve(import.meta.dirname, "../..");

/** The engine's own API, for what testcontainers does not know: containers that end, and how. */
export type Docker = ContainerRuntimeClient["container"]["dockerode"];

export type Engine = { readonly docker: Docker } | { readonly missing: string };

const run = promisify(execFile);

// The container that would clean up after a crash is an image that has to be pulled.
process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";

/** Where it has to be there, a missing engine is a failure; elsewhere the tests are left out, and say why. */
export const isRequired = (process.env["ROLLCALL_REQUIRE_CONTAINERS"] ?? "") !== "";

export async function findEngine(): Promise<Engine> {
  try {
    const { container } = await getContainerRuntimeClient();
    return { docker: container.dockerode };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { missing: `no container engine: ${reason}` };
  }
}

/** Made of this machine's files, unless another one is named. */
async function baseImage(): Promise<string> {
  const named = process.env["ROLLCALL_BASE_IMAGE"];
  if (named !== undefined && named !== "") return named;
  const { stdout } = await run("bash", [resolve(REPOSITORY, "scripts/build-base-image.sh")]);
  return stdout.trim();
}

export interface Images {
  readonly rollcall: string;
  readonly emulator: string;
  /** The layers stay, so that the next build is a short one. */
  remove(): Promise<void>;
}

/** Both images of the Dockerfile, under names that no earlier build has left behind. */
export async function buildImages(docker: Docker): Promise<Images> {
  const base = await baseImage();
  const tag = `test-${randomUUID().slice(0, 8)}`;
  const images = { emulator: `rollcall-emulator:${tag}`, rollcall: `rollcall:${tag}` };
  for (const [target, image] of Object.entries(images)) {
    await GenericContainer.fromDockerfile(REPOSITORY)
      .withBuildArgs({ BASE_IMAGE: base })
      .withTarget(target)
      .build(image, { deleteOnExit: false });
  }
  return {
    ...images,
    async remove() {
      for (const image of Object.values(images)) {
        await docker.getImage(image).remove({ force: true, noprune: true });
      }
    },
  };
}
