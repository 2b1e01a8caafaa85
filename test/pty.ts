import { spawn, type ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

/** A program in a pseudo-terminal, as `script` opens one. */
export interface Terminal {
  /** Types; `\r` is the return key and `\u0003` Ctrl-C. */
  type(keys: string): void;
  /** Resolves with all that was printed since the last call, as soon as it has the text. */
  until(text: RegExp): Promise<string>;
  /** The exit code, and what else was printed. */
  ended(): Promise<{ readonly code: number | null; readonly output: string }>;
  kill(): void;
}

interface Settings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
}

/** `command` is for the shell. Every carriage return is left out of what is printed. */
export function inTerminal(command: string, { cwd, env, columns }: Settings): Terminal {
  const child: ChildProcess = spawn(
    "script",
    ["--quiet", "--return", "--command", `stty cols ${columns} rows 24; exec ${command}`, "/dev/null"],
    { cwd, env: { PATH: process.env["PATH"] ?? "", SHELL: "/bin/sh", TERM: "xterm", ...env } },
  );
  let printed = "";
  let taken = 0;
  let wake = () => {};
  let code: number | null | undefined;
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    wake();
  });
  const end = new Promise<number | null>((resolve) => {
    child.on("close", (exitCode) => {
      code = exitCode;
      wake();
      resolve(exitCode);
    });
  });
  const change = () => new Promise<void>((resolve) => (wake = resolve));
  const rest = () => plain(printed).slice(taken);
  const take = (length: number): string => {
    taken += length;
    return plain(printed).slice(taken - length, taken);
  };
  return {
    type: (keys) => void child.stdin?.write(keys),
    until: async (text) => {
      for (;;) {
        const found = text.exec(rest());
        if (found !== null) return take(found.index + found[0].length);
        if (code !== undefined) throw new Error(`it ended with ${code}: ${rest()}`);
        await change();
      }
    },
    ended: async () => {
      const exitCode = await end;
      return { code: exitCode, output: rest() };
    },
    kill: () => void child.kill(),
  };
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r", "");
}
