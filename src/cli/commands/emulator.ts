import { once } from "node:events";
import { resolve } from "node:path";
import { FileFault } from "../../host/files/fault.ts";
import { startEmulator } from "../../providers/telnyx/emulator/emulator.ts";
import { hostName } from "../../providers/telnyx/emulator/visitors.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { note, print, type Io } from "../io.ts";

export interface EmulatorCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly allowedHost: readonly string[];
  readonly data?: string;
  readonly latency: number;
  readonly rateLimit?: number;
}

/** Runs until it is asked to stop. */
export async function emulatorCommand(io: Io, options: EmulatorCommandOptions): Promise<ExitCode> {
  const unknown = options.allowedHost.find((name) => hostName(name) === undefined);
  if (unknown !== undefined)
    throw new UsageError(`${unknown} is not a host`, "it takes a name or an address: --allowed-host emulator");
  const stop = io.interruption();
  const emulator = await startEmulator({
    port: options.port,
    host: options.host,
    allowedHosts: options.allowedHost,
    latencyMs: options.latency,
    ...(options.data === undefined ? {} : { dataFile: resolve(io.cwd, options.data) }),
    ...(options.rateLimit === undefined ? {} : { rateLimit: { limit: options.rateLimit, windowSeconds: 60 } }),
  }).catch((error: unknown) => {
    throw cannotStart(error, options) ?? error;
  });
  try {
    const url = forClients(emulator.url);
    await print(io, `export TELNYX_BASE_URL=${url} TELNYX_API_KEY=any-key-will-do`);
    await note(io, `A local Telnyx API listens on ${url}. Any key works. Press Ctrl-C to stop it.`);
    if (!stop.aborted) await once(stop, "abort");
  } finally {
    await emulator.close();
  }
  return 0;
}

/** A server can listen on "every address", but a client cannot connect to it. */
function forClients(url: string): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

function cannotStart(error: unknown, { host, port, data }: EmulatorCommandOptions): UsageError | undefined {
  if (error instanceof FileFault) return new UsageError(`${data} cannot be used: ${error.reason}`);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const where = `${host} port ${port}`;
  if (code === "EADDRINUSE") return new UsageError(`${where} is in use`, "pass --port 0 for a free port");
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new UsageError(`${host} is not an address of this machine`);
  if (code === "EACCES") return new UsageError(`${where} cannot be used: permission denied`);
  return undefined;
}
