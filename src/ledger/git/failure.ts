import { LedgerError } from "../../model/ledger.ts";
import { visible } from "../../model/visible.ts";
import type { GitResult } from "../../git/run.ts";

/** `contention`: a ref is not as expected, or somebody writes to it at this moment. */
export type GitTrouble = "contention" | "network" | "permission" | "absent" | "trust" | "other";

const CONTENTION =
  /stale info|failed to update ref|cannot lock ref|already exists|incorrect old value|atomic (?:push|transaction) fail|fetch first|file exists/i;
const ABSENT =
  /does not appear to be a git repository|repository .{0,200}not found|error: 404|not exported|not a git repository/i;
const PERMISSION =
  /authentication failed|could not read (?:username|password)|permission denied|permission to .* denied|error: 40[13]|access denied|service not enabled|not allowed|protected|hook declined|deny updating|insufficient permission|read-only/i;
const TRUST = /certificate|host key verification failed/i;
const NETWORK =
  /could not resolve|could not connect|couldn't connect|unable to connect|failed to connect|connection (?:refused|reset|timed out|closed)|unreachable|no route to host|timed out|early eof|hung up|empty reply|(?:recv|send) failure|transfer closed|too slow|rpc failed|error: (?:429|5\d\d)|unexpected disconnect/i;

/** What to make of a call that failed. A rejected ref decides before the noise that follows it. */
export function troubleOf({ stdout, stderr, isLate, isMissing }: GitResult): GitTrouble {
  if (isLate === true) return "network";
  if (isMissing === true) return "other";
  const rejections = stdout.split("\n").filter((line) => line.startsWith("!\t"));
  if (rejections.length > 0) {
    const text = `${rejections.join("\n")}\n${stderr}`;
    if (PERMISSION.test(text)) return "permission";
    return CONTENTION.test(text) ? "contention" : "other";
  }
  if (ABSENT.test(stderr)) return "absent";
  if (TRUST.test(stderr)) return "trust";
  if (PERMISSION.test(stderr)) return "permission";
  return NETWORK.test(stderr) ? "network" : "other";
}

const ADVICE: Readonly<Record<GitTrouble, string>> = {
  contention: "another run is writing to it: run again",
  network: "run again when it can be reached; the next run checks what this run did",
  permission:
    "permission denied: the credentials need read and write access to the contents of the repository (in GitHub Actions: permissions: contents: write)",
  absent: "check the remote of the ledger, and that the credentials have access to it",
  trust: "the server is not trusted: set its CA in http.sslCAInfo, or its key in known_hosts",
  other: "",
};

/** `what` is a clause with its subject: `the ledger cannot be read`. `redact` removes secrets. */
export function gitError(
  what: string,
  result: GitResult,
  timeout: number,
  redact: (text: string) => string,
): LedgerError {
  const advice = ADVICE[troubleOf(result)];
  const message = [`${what}: ${explanation(result, timeout, redact)}`, advice].filter((part) => part !== "");
  return new LedgerError("unavailable", message.join("; "));
}

function explanation(result: GitResult, timeout: number, redact: (text: string) => string): string {
  if (result.isLate === true) return `git timed out after ${timeout / 1000} s`;
  if (result.isMissing === true)
    return "the git command is not installed, or the folder it is run in does not exist";
  const rejections = result.stdout.split("\n").filter((line) => line.startsWith("!\t"));
  const lines = [...result.stderr.split("\n"), ...rejections]
    .map((line) => visible(redact(line).replaceAll("\t", " ").trim()))
    .filter((line) => line !== "" && !/^(?:hint:|Please make sure|and the repository exists)/.test(line));
  const text = lines.slice(-4).join("; ");
  return text === "" ? `git ended with code ${result.code ?? "none"}` : text.slice(0, 600);
}
