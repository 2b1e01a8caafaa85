import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../src/model/json.ts";
import { git } from "../ledger/git-place.ts";
import { startStateServer } from "../ledger/state-server.ts";
import { photograph } from "./disk.ts";

/** Where the ledger of a story is kept. */
export interface Backend {
  /** As `rollcall.yaml` says it. */
  readonly settings: JsonObject;
  /** What is kept at this very moment; what is returned puts it back. */
  photograph(): () => void;
  /** A killed process is known to be gone; otherwise its lock has to run out. */
  readonly knowsProcesses: boolean;
}

export type BackendName = "file" | "git" | "http";

export async function backendOf(name: BackendName, folder: string): Promise<Backend> {
  if (name === "git") return gitBackend(folder);
  if (name === "http") return httpBackend();
  const place = join(folder, ".rollcall");
  return {
    settings: { backend: "file" },
    photograph: () => photograph(place),
    knowsProcesses: true,
  };
}

function gitBackend(folder: string): Backend {
  const bare = `${folder}-remote.git`;
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "commit", "--quiet", "--allow-empty", "-m", "begin");
  git(folder, "remote", "add", "origin", bare);
  git(folder, "push", "--quiet", "origin", "main");
  return {
    settings: { backend: "git" },
    photograph() {
      const copy = `${bare}.copy`;
      while (!isCopied(bare, copy));
      return () => {
        rmSync(bare, { recursive: true, force: true });
        cpSync(copy, bare, { recursive: true });
      };
    },
    knowsProcesses: false,
  };
}

/** Git may be in the middle of a push, which ends by itself: then what was copied is not whole. */
function isCopied(bare: string, copy: string): boolean {
  try {
    rmSync(copy, { recursive: true, force: true });
    cpSync(bare, copy, { recursive: true });
    const files = readdirSync(copy, { recursive: true, encoding: "utf8" });
    if (files.some((file) => /\.lock$|tmp_/.test(file))) return false;
    execFileSync("git", ["--git-dir", copy, "fsck", "--connectivity-only"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function httpBackend(): Promise<Backend> {
  const server = await startStateServer();
  return {
    settings: {
      backend: "http",
      address: server.url,
      lockAddress: `${server.url}/lock`,
      unlockAddress: `${server.url}/lock`,
    },
    photograph() {
      const { state, lock } = server;
      return () => void Object.assign(server, { state, lock });
    },
    knowsProcesses: false,
  };
}
