import { backOff, lastAttempt } from "../attempts.ts";
import type { GitResult } from "../../git/run.ts";
import { REMOTE } from "../../git/remote.ts";
import { troubleOf } from "./failure.ts";
import type { Scratch } from "./scratch.ts";

/** A ref of the remote that is to go from one commit to another; `undefined` is no ref. */
export interface RefChange {
  readonly ref: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * `changed`: a ref was not at `from`, and nothing was written. `no-atomic`: the server changes several refs one by one
 * only. `no-force`: the server takes no commit that does not follow upon the one before.
 */
export type UpdateOutcome = "done" | "changed" | "no-atomic" | "no-force";

/** Brings the newest commits of one ref here: `depth` of them. Returns the newest, or `undefined` without the ref. */
export async function fetchTip(scratch: Scratch, ref: string, depth = 1): Promise<string | undefined> {
  const here = `refs/here/${depth}`;
  const options = ["--quiet", "--no-tags", "--no-write-fetch-head", `--depth=${depth}`];
  const args = ["fetch", ...options, "--", REMOTE, `+${ref}:${here}`];
  const result = await insist(scratch, args, (stderr) => /couldn't find remote ref/i.test(stderr));
  if (result.code !== 0) return undefined;
  return (await scratch.local(["rev-parse", "--verify", here])).trim();
}

/** The names of the refs of the remote below this one. */
export async function refsBelow(scratch: Scratch, folder: string): Promise<readonly string[]> {
  return [...(await heads(scratch, [`${folder}/*`])).keys()].filter((ref) => ref.startsWith(`${folder}/`));
}

/** The current refs of the remote. */
async function heads(scratch: Scratch, refs: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await insist(scratch, ["ls-remote", "--", REMOTE, ...refs]);
  const pairs = stdout.split("\n").map((line) => line.split("\t"));
  return new Map(pairs.map(([sha = "", ref = ""]) => [ref, sha]));
}

/** Changes refs at the remote atomically, and only if they have the expected values. */
export async function updateRefs(scratch: Scratch, changes: readonly RefChange[]): Promise<UpdateOutcome> {
  const options = ["--porcelain", "--no-verify", ...(changes.length > 1 ? ["--atomic"] : [])];
  const leases = changes.map(({ ref, from }) => `--force-with-lease=${ref}:${from ?? ""}`);
  const args = [
    "push",
    ...options,
    ...leases,
    "--",
    REMOTE,
    ...changes.map(({ ref, to }) => `${to ?? ""}:${ref}`),
  ];
  const isLast = lastAttempt(scratch);
  for (let attempt = 1; ; attempt += 1) {
    const result = await scratch.remotely(args);
    if (result.code === 0) return "done";
    if (result.stderr.includes("does not support --atomic")) return "no-atomic";
    if (/^!\t.*(?:non-fast-forward|force[- ]push)/im.test(result.stdout)) return "no-force";
    const trouble = troubleOf(result);
    const failure = scratch.error(`${scratch.place} cannot be written`, result);
    if (trouble !== "contention" && trouble !== "network") throw failure;
    // Whether the push arrived is not certain when its answer is lost: the refs themselves tell.
    const now = await heads(
      scratch,
      changes.map(({ ref }) => ref),
    );
    if (changes.every(({ ref, to }) => now.get(ref) === to)) return "done";
    if (!changes.every(({ ref, from }) => now.get(ref) === from)) return "changed";
    if (isLast(attempt)) throw failure;
    await backOff(scratch, attempt);
  }
}

/** Retries a read after network failures. `isAnswer` recognizes an expected failure. */
async function insist(
  scratch: Scratch,
  args: readonly string[],
  isAnswer: (stderr: string) => boolean = () => false,
): Promise<GitResult> {
  const isLast = lastAttempt(scratch);
  for (let attempt = 1; ; attempt += 1) {
    const result = await scratch.remotely(args);
    if (result.code === 0 || isAnswer(result.stderr)) return result;
    if (troubleOf(result) !== "network" || isLast(attempt)) {
      throw scratch.error(`${scratch.place} cannot be read`, result);
    }
    await backOff(scratch, attempt);
  }
}
