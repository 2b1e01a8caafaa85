import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { runIn, type Desk } from "../e2e/cli.ts";

export interface Done {
  readonly command: string;
  readonly code: number;
  /** What the documentation says the exit code is: `# exit code 2`, otherwise 0. */
  readonly expected: number;
  readonly output: string;
}

export interface Shell {
  /** Runs the commands of one block, one after the other. */
  run(block: string): Promise<readonly Done[]>;
}

/** A shell that runs `rollcall` in this process and every other program as `sh` does. */
export function shellOf({ emulator }: Desk, folder: string): Shell {
  let cwd = folder;
  let env: Readonly<Record<string, string>> = {
    PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@acme.example",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@acme.example",
  };
  async function one(command: string): Promise<{ code: number; output: string }> {
    const [program, ...args] = wordsOf(command);
    if (program === "cd") cwd = join(cwd, args[0] ?? "");
    else if (program === "export") env = { ...env, ...exported(args, emulator.url) };
    else if (program === "rollcall") return rollcall(args, cwd, env);
    else return inShell(command, cwd, env);
    return { code: 0, output: "" };
  }
  return {
    async run(block) {
      const done: Done[] = [];
      for (const command of commandsOf(block)) {
        const expected = Number(/# exit code (\d+)/.exec(command)?.[1] ?? 0);
        done.push({ command, expected, ...(await one(command)) });
      }
      return done;
    },
  };
}

/** The address that a reader copies is that of the emulator's default port; a test has a free one. */
function exported(pairs: readonly string[], url: string): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", value = ""] = pair.split("=");
      return [name, value === "http://127.0.0.1:8080/v2" ? url : value];
    }),
  );
}

/** Lines, with the ones that belong together as one: here-documents and lines that end in a backslash. */
function commandsOf(block: string): readonly string[] {
  const whole = /^.*<<'EOF'.*\n[^]*?^EOF$|^(?:.*\\\n)*.*$/gm;
  return [...block.matchAll(whole)].map(([text]) => text).filter((text) => /^[^#\s]/.test(text));
}

/** The words of a simple command: quotes are removed, and a comment ends it. */
function wordsOf(command: string): readonly string[] {
  const words = command
    .replaceAll("\\\n", " ")
    .replace(/\s#.*$/s, "")
    .match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g);
  return (words ?? []).map((word) => word.replaceAll(/['"]/g, ""));
}

/** As somebody runs it who answers yes to every question. */
async function rollcall(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; output: string }> {
  const redirect = words.indexOf(">");
  const args = redirect === -1 ? words : words.slice(0, redirect);
  const ran = await runIn(cwd, env, args, { isInteractive: true, stdin: Readable.from(["yes\n"]) });
  if (redirect === -1) return { code: ran.code, output: ran.stdout + ran.stderr };
  await writeFile(join(cwd, words[redirect + 1] ?? ""), ran.stdout);
  return { code: ran.code, output: ran.stderr };
}

function inShell(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; output: string }> {
  return new Promise((ended) => {
    execFile("sh", ["-c", command], { cwd, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      ended({ code, output: stdout + stderr });
    });
  });
}
