import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import type { FormatRow } from "../formats/format.ts";
import type { Io } from "../io.ts";

/** What commands are registered with. */
export interface Context {
  readonly program: Command;
  readonly io: Io;
  /** The table of formats. */
  readonly formats: readonly FormatRow[];
  readonly ended: (code: ExitCode) => void;
}

type Run = (io: Io, path: string | undefined, options: never) => Promise<ExitCode>;

/** The action of a command with one argument. A command is loaded when it runs, so that startup stays fast. */
export function action({ io, ended }: Context, load: () => Promise<Run>) {
  return async (path: string | undefined, options: unknown): Promise<void> =>
    ended(await (await load())(io, path, options as never));
}
