import { PassThrough } from "node:stream";
import type { Docker } from "./engine.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command line in a container of its own. */
export interface Running {
  readonly ended: Promise<Ran>;
  isOver(): boolean;
  signal(name: "SIGTERM" | "SIGKILL"): Promise<void>;
}

export interface Surroundings {
  readonly image: string;
  /** `none`, the name of a network, or `container:<id>` for a container whose network interfaces are shared. */
  readonly network: string;
  /** `source:target:options`, where the source is a folder of this machine or the name of a volume. */
  readonly mounts: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The program, where it is not Rollcall. */
  readonly program?: string;
}

/** Starts it with nothing that it does not need: no capabilities, and no file system to write to but its mounts. */
export async function start(docker: Docker, around: Surroundings, args: readonly string[]): Promise<Running> {
  const container = await docker.createContainer({
    Image: around.image,
    Cmd: [...args],
    Env: Object.entries(around.env ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(around.program === undefined ? {} : { Entrypoint: [around.program] }),
    HostConfig: {
      NetworkMode: around.network,
      Binds: [...around.mounts],
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      Tmpfs: { "/tmp": "" },
      Init: true,
    },
  });
  const texts = { stdout: "", stderr: "" };
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  streams.stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  streams.stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const output = await container.attach({ stream: true, stdout: true, stderr: true });
  const drained = new Promise((done) => output.on("end", done));
  docker.modem.demuxStream(output, streams.stdout, streams.stderr);
  await container.start();
  let over = false;
  const ended = async (): Promise<Ran> => {
    try {
      const { StatusCode: code } = (await container.wait()) as { StatusCode: number };
      await drained;
      return { code, ...texts };
    } finally {
      over = true;
      await container.remove({ force: true });
    }
  };
  return {
    ended: ended(),
    isOver: () => over,
    signal: async (name) => {
      await container.kill({ signal: name });
    },
  };
}
