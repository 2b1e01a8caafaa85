import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEmulator, type Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn } from "../e2e/cli.ts";
import { bareRepository, clone, git } from "../ledger/git-place.ts";

// Whoever can change rollcall.yaml would write to any ref of any repository that the credentials reach.

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ seed: 1 });
});
afterAll(() => emulator.close());

const SECRET = ["ge", "heim"].join("");

/** A checkout of one repository, beside another one. */
function team() {
  const [origin, other] = [bareRepository(), bareRepository()];
  const root = clone(origin);
  const tool = "apiVersion: rollcall.dev/v1\nkind: Tool\nmetadata: { name: end }\n";
  writeFileSync(join(root, "tool.yaml"), `${tool}spec: { type: hangup, display_name: End, hangup: {} }\n`);
  const env = { PATH: process.env["PATH"] ?? "", TELNYX_BASE_URL: emulator.url, TELNYX_API_KEY: KEY };
  return {
    root,
    other,
    keepLedger(fields: string): void {
      const head = "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: voice }\n";
      writeFileSync(join(root, "rollcall.yaml"), `${head}spec:\n  ledger: { ${fields} }\n`);
    },
    refs: () => [origin, other].map((path) => git(path, "for-each-ref", "--format=%(refname) %(objectname)")),
    rollcall: (...args: readonly string[]) => runIn(root, env, args),
  };
}

test("a ledger in another ref or repository is an error with its position, and nothing is written", async () => {
  const { other, keepLedger, refs, rollcall } = team();
  const before = refs();
  const [ofRef, ofRemote] = [
    "rollcall.yaml:5:32: Project.spec.ledger.ref:",
    "rollcall.yaml:5:35: Project.spec.ledger.remote:",
  ];
  const cases = [
    ...["heads/main", "heads/ledger", "tags/v1", "pull/1/merge", "rollcall/../heads/x", "rollcall-locks/x"].map(
      (ref) => [`ref: refs/${ref}`, ofRef] as const,
    ),
    ...[other, "../other", "./voice", `https://me:${SECRET}@127.0.0.1:9/x.git`, "ext::sh -c true", "-x"].map(
      (remote) => [`remote: "${remote}"`, ofRemote] as const,
    ),
  ];
  for (const [field, place] of cases) {
    keepLedger(`backend: git, ${field}`);
    for (const command of [
      ["apply", "--yes"],
      ["ledger", "list"],
    ]) {
      const { code, stdout, stderr } = await rollcall(...command);
      expect({ field, command, code, stdout }).toEqual({ field, command, code: 1, stdout: "" });
      expect(stderr).toContain(`error[RC2009]: ${place}`);
      expect(stderr).not.toContain(SECRET);
    }
  }
  expect(refs()).toEqual(before);
});

test("an unknown remote is an error with its position, also in one environment", async () => {
  const { root, keepLedger, rollcall } = team();
  keepLedger("backend: git, remote: other");
  const { code, stderr } = await rollcall("apply", "--yes");
  expect(code).toBe(1);
  expect(stderr).toContain("rollcall.yaml:5:35: ");
  expect(stderr).toContain('has no remote "other": it has origin');
  appendFileSync(
    join(root, "rollcall.yaml"),
    "  environments:\n    live: { ledger: { backend: git, remote: else } }\n",
  );
  expect((await rollcall("ledger", "list")).stderr).toMatch(/rollcall\.yaml:7:45: .* no remote "else"/);
});

test("ledger migrate reads no ledger from another ref or repository", async () => {
  const { keepLedger, refs, rollcall } = team();
  keepLedger("backend: file");
  const before = refs();
  for (const [option, value, message] of [
    ["--ref", "refs/heads/main", "--ref refs/heads/main is not a ref below refs/rollcall/"],
    ["--remote", "../other", "--remote ../other is not the name of a remote"],
    ["--remote", "ext::sh -c true", "--remote ext::sh -c true is not the name of a remote"],
  ] as const) {
    const { code, stderr } = await rollcall("ledger", "migrate", "--from", "git", option, value);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
  }
  expect(refs()).toEqual(before);
});

test("a remote whose address names a program is refused", async () => {
  const { root, keepLedger, rollcall } = team();
  keepLedger("backend: git");
  git(root, "config", "protocol.allow", "always");
  for (const address of ["ext::sh -c true", "unknown://host/x"]) {
    git(root, "config", "remote.origin.url", address);
    const { code, stderr } = await rollcall("ledger", "list");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("the address of the remote begins with"),
    });
  }
});
