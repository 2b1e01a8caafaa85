import { visible } from "../model/visible.ts";
import type { Surroundings } from "../workspace/open.ts";
import { note, type Io } from "./io.ts";

/** The process as the ports of a project see it. */
export function around(io: Io): Surroundings {
  const { env, cwd, pid, runtime } = io;
  return { env, cwd, pid, runtime, onNotice: (message) => void note(io, `note: ${visible(message)}`) };
}
