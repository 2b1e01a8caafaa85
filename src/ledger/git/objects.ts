import { LedgerError } from "../../model/ledger.ts";
import type { Scratch } from "./scratch.ts";

export interface CommitFacts {
  readonly message: string;
  readonly parents: readonly string[];
  readonly who: string;
  readonly host: string;
  readonly email?: string | undefined;
  /** The one file of the commit; none without it. */
  readonly file?: { readonly name: string; readonly text: string };
}

/** Writes a commit into the scratch repository; it is visible after a push. */
export async function writeCommit(scratch: Scratch, facts: CommitFacts): Promise<string> {
  const { message, parents, file } = facts;
  const tree = await scratch.local(["mktree"], file === undefined ? "" : await fileEntry(scratch, file));
  const args = ["commit-tree", tree.trim(), ...parents.flatMap((parent) => ["-p", parent])];
  return (await scratch.local(args, message, identity(scratch, facts))).trim();
}

async function fileEntry(scratch: Scratch, { name, text }: { name: string; text: string }): Promise<string> {
  const blob = await scratch.local(["hash-object", "-w", "--stdin"], text);
  return `100644 blob ${blob.trim()}\t${name}\n`;
}

function identity(scratch: Scratch, { who, host, email }: CommitFacts): Readonly<Record<string, string>> {
  const clean = (text: string) => text.replace(/[\p{C}<>]/gu, "").replace(/^[\s.,:;"'\\]+|[\s.,:;"'\\]+$/g, "");
  const name = clean(who) || "unknown";
  const address =
    clean(email ?? scratch.email ?? "") || `${name}@${clean(host) || "localhost"}`.replaceAll(" ", "-");
  const date = `@${Math.floor(scratch.runtime.now().getTime() / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: address,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: address,
    GIT_COMMITTER_DATE: date,
  };
}

export async function readFileOf(scratch: Scratch, commit: string, name: string): Promise<string> {
  const entries = await scratch.local(["ls-tree", "-z", commit, "--", name]);
  const [, sha] = /^\d+ blob ([0-9a-f]+)\t/.exec(entries) ?? [];
  if (sha === undefined) {
    const message = `${scratch.place} cannot be read: its commit holds no ${name}, so the ref is used for something else`;
    throw new LedgerError("corrupt", message);
  }
  return scratch.local(["cat-file", "blob", sha]);
}

export interface CommitText {
  /** ISO 8601. */
  readonly at: string;
  readonly message: string;
}

/** Commits from this one back, newest first. */
export async function readLog(scratch: Scratch, commit: string, limit: number): Promise<readonly CommitText[]> {
  const args = ["log", "-z", `--max-count=${limit}`, "--first-parent", "--format=%cI%n%B", commit, "--"];
  const text = await scratch.local(args);
  return text
    .split("\0")
    .filter((item) => item !== "")
    .map((item) => {
      const at = item.indexOf("\n");
      return { at: item.slice(0, at), message: item.slice(at + 1) };
    });
}
