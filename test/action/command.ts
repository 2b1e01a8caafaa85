import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { hostname, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { rawIn } from "../e2e/cli.ts";

const REPOSITORY = resolve(import.meta.dirname, "../..");

/**
 * A `rollcall` that jobs can run like the built one: a script that hands its command line, folder and environment to
 * this process, prints what the command printed here, and ends as it ended. For tests of what a job makes of it.
 */
export interface Command {
  /** The script. */
  readonly path: string;
  /** A checkout of the action in which `dist` has nothing but the script. */
  readonly action: string;
  close(): Promise<void>;
}

export async function startCommand(): Promise<Command> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-command-"));
  const server = createServer((socket) => void answer(socket, folder));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const action = join(folder, "action");
  const path = join(action, "dist/cli/main.js");
  await mkdir(dirname(path), { recursive: true });
  for (const name of ["action.yml", "scripts"]) await symlink(join(REPOSITORY, name), join(action, name));
  await writeFile(path, script((server.address() as AddressInfo).port));
  await chmod(path, 0o755);
  return {
    path,
    action,
    async close() {
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Everything that it sends ends in NUL, and an empty text ends it. */
const script = (port: number) => `#!/usr/bin/env bash
exec 3<>/dev/tcp/127.0.0.1/${port}
{ printf '%s\\0' "$PWD" "$#" "$@"; env -0; printf '\\0'; } >&3
read -r -u 3 code folder
cat "$folder/stdout"
cat "$folder/stderr" >&2
exit "$code"
`;

async function answer(socket: Socket, folder: string): Promise<void> {
  const [cwd = "", count = "", ...rest] = (await sentBy(socket)).split("\0");
  const args = rest.slice(0, Number(count));
  const pairs = rest.slice(args.length, -2).map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const env = Object.fromEntries(pairs);
  const who = env["GITHUB_ACTOR"] ?? env["GITLAB_USER_LOGIN"] ?? "unknown";
  const { code, stdout, stderr } = await rawIn(cwd, env, args, { who, host: hostname() });
  const place = await mkdtemp(join(folder, "output-"));
  await writeFile(join(place, "stdout"), stdout);
  await writeFile(join(place, "stderr"), stderr);
  socket.end(`${code} ${place}\n`);
}

/** Resolves when all is there; the other end stays open for the answer. */
function sentBy(socket: Socket): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    socket.on("error", reject).setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.endsWith("\0\0") && isWhole(text)) resolve(text);
    });
  });
}

/** Arguments may be empty, too. */
function isWhole(text: string): boolean {
  const [, count = "", ...rest] = text.split("\0");
  return rest.length > Number(count) + 2;
}
