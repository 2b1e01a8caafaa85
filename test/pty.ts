import { spawn, type ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

/** A program in a pseudo-terminal, as `script` opens one. */
export interface Terminal {
  /** Types; `\r` is the return key and `\u0003` Ctrl-C. */
  type(keys: string): void;
  /** Resolves with all that was printed since the last call, as soon as it has the text. */
  until(text: string | RegExp): Promise<string>;
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
  let wake = () => {};
  let code: number | null | undefined;
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    wake();
  });
  child.on("close", (end) => {
    code = end;
    wake();
  });
  const change = () => new Promise<void>((resolve) => (wake = resolve));
  const take = (end: number): string => {
    const text = plain(printed.slice(0, end));
    printed = printed.slice(end);
    return text;
  };
  return {
    type: (keys) => void child.stdin?.write(keys),
    until: async (text) => {
      for (;;) {
        const found = typeof text === "string" ? printed.indexOf(text) : printed.search(text);
        if (found >= 0) {
          const length = typeof text === "string" ? text.length : (text.exec(printed)?.[0].length ?? 0);
          return take(found + length);
        }
        if (code !== undefined) throw new Error(`it ended with ${code}: ${printed}`);
        await change();
      }
    },
    ended: async () => {
      while (code === undefined) await change();
      return { code, output: take(printed.length) };
    },
    kill: () => void child.kill(),
  };
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r", "");
}
