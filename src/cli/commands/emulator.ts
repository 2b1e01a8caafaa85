import { once } from "node:events";
import { resolve } from "node:path";
import { startEmulator } from "../../providers/telnyx/emulator/emulator.ts";
import type { ExitCode } from "../exit-code.ts";
import { note, print, type Io } from "../io.ts";

export interface EmulatorCommandOptions {
  readonly port: number;
  readonly data?: string;
  readonly latency: number;
  readonly rateLimit?: number;
}

/** Runs until it is asked to stop. */
export async function emulatorCommand(io: Io, options: EmulatorCommandOptions): Promise<ExitCode> {
  const stop = io.interruption();
  const emulator = await startEmulator({
    port: options.port,
    latencyMs: options.latency,
    ...(options.data === undefined ? {} : { dataFile: resolve(io.cwd, options.data) }),
    ...(options.rateLimit === undefined ? {} : { rateLimit: { limit: options.rateLimit, windowSeconds: 60 } }),
  });
  await print(io, `export TELNYX_BASE_URL=${emulator.url} TELNYX_API_KEY=any-key-will-do`);
  await note(io, `A local Telnyx API listens on ${emulator.url}. Any key will do. Ctrl-C stops it.`);
  if (!stop.aborted) await once(stop, "abort");
  await emulator.close();
  return 0;
}
