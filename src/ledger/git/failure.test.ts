import { expect, test } from "vitest";
import { gitError, troubleOf, type GitTrouble } from "./failure.ts";

const SSH_END =
  "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.";
const HUNG_UP = "fatal: the remote end hung up unexpectedly\nerror: failed to push some refs";
const rejected = (why: string) => `To x\n!\tabc:refs/x/y\t${why}\nDone\n`;

test.each<[GitTrouble, string, string]>([
  ["network", "", `ssh: connect to host github.com port 22: Connection timed out\n${SSH_END}`],
  ["network", "", "fatal: unable to access 'https://x/': Could not resolve host: x"],
  ["network", "", `error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502\n${HUNG_UP}`],
  ["network", "", "fatal: unable to access 'https://x/': Recv failure: Connection reset by peer"],
  ["permission", "", `git@github.com: Permission denied (publickey).\n${SSH_END}`],
  [
    "permission",
    "",
    "remote: Permission to o/r.git denied to bot.\nfatal: unable to access: returned error: 403",
  ],
  ["permission", "", "fatal: could not read Username for 'https://x': terminal prompts disabled"],
  ["permission", rejected("[remote rejected] (pre-receive hook declined)"), HUNG_UP],
  [
    "permission",
    rejected("[remote rejected] (unpacker error)"),
    "remote: insufficient permission for adding an object",
  ],
  ["absent", "", `ERROR: Repository not found.\n${SSH_END}`],
  ["absent", "", "fatal: repository 'https://x/y/' not found"],
  ["absent", "", `fatal: '/x' does not appear to be a git repository\n${SSH_END}`],
  ["trust", "", "fatal: unable to access 'https://x/': server certificate verification failed. CAfile: none"],
  ["trust", "", `Host key verification failed.\n${SSH_END}`],
  ["contention", rejected("[rejected] (stale info)"), HUNG_UP],
  [
    "contention",
    rejected("[remote rejected] (failed to update ref)"),
    "remote: error: cannot lock ref 'refs/x/y'",
  ],
  ["contention", rejected("[remote rejected] (reference already exists)"), ""],
  [
    "other",
    rejected("[remote rejected] (unpacker error)"),
    "remote: fatal: write error: No space left on device",
  ],
  ["other", "", "fatal: detected dubious ownership in repository at '/x'"],
])("%s: %s %s", (trouble, stdout, stderr) => {
  expect(troubleOf({ code: 1, stdout, stderr })).toBe(trouble);
});

test("a message of Git is short, has no control characters, and lacks Git's advice", () => {
  const stderr = `remote: \u001b[1mno\u001b[0m\nhint: try this\nfatal: denied at https://me:geheim@x/\n${SSH_END}`;
  const { message } = gitError("it cannot be read", { code: 128, stdout: "", stderr }, 1000, (text) =>
    text.replace("geheim", "***"),
  );
  expect(message).toBe(
    "it cannot be read: remote: \\u001b[1mno\\u001b[0m; fatal: denied at https://me:***@x/; fatal: Could not read from remote repository.",
  );
});
