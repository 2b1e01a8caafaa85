import { chownSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { gitRunner, type GitResult, type GitRunner } from "../../src/git/run.ts";
import { gitLedger, ledgerRef, type GitLedgerOptions } from "../../src/ledger/git.ts";
import type { LedgerError } from "../../src/model/ledger.ts";
import { folder } from "./folder.ts";
import { bareRepository, clone, git, pictureOf, serve, serveHttp } from "./git-place.ts";
import {
  ALICE,
  BOB,
  closed,
  drop,
  intended,
  intent,
  isAlive,
  later,
  manualHeart,
  NOBODY,
  put,
  runtime,
} from "./fixtures.ts";

const REF = ledgerRef("shop", "production");
const LOCK = "refs/rollcall-locks/rollcall/shop/production";
const ENV = { PATH: process.env["PATH"], HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };

/** The calls that go to the remote, and what is made of them on their way. */
function watched(
  change: (call: string, run: () => Promise<GitResult>) => Promise<GitResult> = (_, run) => run(),
) {
  const calls: string[] = [];
  const real = gitRunner(runtime);
  const runner: GitRunner = (call) => {
    const command = call.args[0] ?? "";
    const isRemote =
      ["fetch", "push"].includes(command) || (command === "ls-remote" && call.args[1] !== "--get-url");
    if (!isRemote) return real(call);
    calls.push(command);
    return change(call.args.join(" "), () => real(call));
  };
  return { calls, runner };
}

function ledger(repository: string, options: Partial<GitLedgerOptions> = {}) {
  return gitLedger({ repository, ref: REF, env: ENV, runtime, isAlive, ...options });
}

function problem(of: Promise<unknown>): Promise<Pick<LedgerError, "problem" | "message"> | undefined> {
  return of.then(
    () => undefined,
    (error: LedgerError) => ({ problem: error.problem, message: error.message }),
  );
}

/** Waits for nothing between attempts. */
const HASTY = { ...runtime, random: () => 0 };

test("one apply is one commit, visible in another clone, without changes to either clone", async () => {
  const bare = bareRepository();
  const [here, there] = [clone(bare), clone(bare)];
  const before = [pictureOf(here), pictureOf(there)];
  expect(await ledger(there).read()).toBeUndefined();
  const session = await ledger(here, { source: "0123abc" }).open(ALICE, 0);
  await session.commit([intended("1")]);
  expect((await ledger(there).read())?.intents).toEqual([intent("1")]);
  expect(git(bare, "log", "-1", "--format=%s", REF)).toBe("apply: 1 step open");
  await session.commit([put("a"), closed("1")]);
  await session.commit([put("b")]);
  await session.release();
  const second = await ledger(there).open(BOB, 0);
  expect(Object.keys(second.state.entries)).toEqual(["Tool/a", "Tool/b"]);
  await second.commit([put("a", "new"), drop("b"), put("c")]);
  await second.release();
  expect(await ledger(here).history?.(10)).toEqual([
    { serial: 4, who: "bob", at: expect.any(String), what: "apply: 1 added, 1 changed, 1 removed" },
    { serial: 3, who: "alice", at: expect.any(String), what: "apply: 2 added", source: "0123abc" },
  ]);
  expect(await ledger(here).history?.(1)).toHaveLength(1);
  expect(git(bare, "log", "--format=%an", REF)).toBe("bob\nalice");
  expect(git(bare, "for-each-ref", "--format=%(refname)")).toBe(`refs/heads/main\n${REF}`);
  expect(git(bare, "fsck", "--strict")).not.toContain("error");
  expect([pictureOf(here), pictureOf(there)]).toEqual(before);
});

test("an apply costs few round trips, however many commits it makes", async () => {
  const bare = bareRepository();
  const { calls, runner } = watched();
  const session = await ledger(clone(bare), { git: runner }).open(ALICE, 0);
  await session.commit([intended("1")]);
  for (let count = 0; count < 100; count += 1) await session.commit([put(`t${count}`)]);
  await session.release();
  // The lock, the ledger; the journal; everything; the lock.
  expect(calls).toEqual(["push", "fetch", "push", "push", "push"]);
  expect((await ledger(clone(bare)).read())?.serial).toBe(101);
});

test("batched commits are pushed after a while, without a flush", async () => {
  const bare = bareRepository();
  let end = () => {};
  const pushed = new Promise<void>((resolve) => (end = resolve));
  const { runner } = watched(async (call, run) => {
    const result = await run();
    if (call.includes(`:${REF}`)) end();
    return result;
  });
  const session = await ledger(clone(bare), { pause: 1, git: runner }).open(ALICE, 0);
  await session.commit([put("a")]);
  await pushed;
  expect((await ledger(clone(bare)).read())?.serial).toBe(1);
  await session.release();
});

test("works in a shallow clone, which stays shallow, and through git daemon", async (context) => {
  const bare = bareRepository();
  const url = await serve(bare);
  if (url === undefined) return context.skip("this machine has no git daemon");
  const shallow = clone(url, "--depth=1");
  const before = pictureOf(shallow);
  for (const name of ["a", "b", "c"]) {
    const session = await ledger(shallow).open(ALICE, 0);
    await session.commit([put(name)]);
    await session.release();
  }
  expect(Object.keys((await ledger(clone(url, "--depth=1")).read())?.entries ?? {})).toHaveLength(3);
  expect(await ledger(shallow).history?.(10)).toHaveLength(3);
  expect(pictureOf(shallow)).toBe(before);
  expect(git(shallow, "rev-list", "--count", "HEAD")).toBe("1");
  return undefined;
});

/** A work tree with a second remote, `ledgers`. */
function withRemote(address: string): string {
  const work = folder();
  git(work, "init", "--quiet");
  git(work, "remote", "add", "ledgers", address);
  return work;
}

const LEDGERS = { remote: "ledgers" };

test("a remote may be a URL, a path or rewritten, and the project a subfolder", async () => {
  const bare = bareRepository();
  const work = clone(bare);
  const session = await ledger(work).open(ALICE, 0);
  await session.commit([put("a")]);
  await session.release();
  const other = withRemote(bare);
  git(other, "config", "url.file:///.insteadOf", "place:");
  const deep = join(other, "deep", "inside");
  mkdirSync(deep, { recursive: true });
  for (const address of [bare, `file://${bare}`, `place:${bare.slice(1)}`, relative(other, bare)]) {
    git(other, "remote", "set-url", "ledgers", address);
    expect((await ledger(deep, LEDGERS).read())?.serial, address).toBe(1);
  }
});

test("a repository without origin keeps the ledger itself", async () => {
  const alone = folder();
  git(alone, "init", "--quiet");
  const own = await ledger(alone).open(ALICE, 0);
  await own.commit([put("x")]);
  await own.release();
  expect(git(alone, "log", "--format=%s", REF)).toBe("apply: 1 added");
});

test("works in a worktree, in a sha256 repository and with GIT_ variables of another repository", async () => {
  const root = folder();
  git(root, "init", "--quiet", "--bare", "--object-format=sha256", "remote.git");
  git(root, "init", "--quiet", "--object-format=sha256", "work");
  const work = join(root, "work");
  git(work, "remote", "add", "origin", join(root, "remote.git"));
  git(work, "commit", "--quiet", "--allow-empty", "-m", "one");
  git(work, "worktree", "add", "--quiet", join(root, "tree"));
  const env = { ...ENV, GIT_DIR: "/nowhere", GIT_INDEX_FILE: "/nowhere", GIT_TRACE: "1" };
  const session = await ledger(join(root, "tree"), { env }).open(ALICE, 0);
  await session.commit([put("a")]);
  await session.release();
  expect((await ledger(work).read())?.serial).toBe(1);
});

test("only temporary files of killed processes are removed", async () => {
  const bare = bareRepository();
  const scratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith("rollcall-ledger-"));
  const before = new Set(scratch());
  const madeBy = (pid: number) => scratch().find((name) => !before.has(name) && name.includes(`-${pid}-`));
  const running = await ledger(clone(bare), { pid: process.ppid }).open(ALICE, 0);
  const used = madeBy(process.ppid);
  const killed = await ledger(clone(bare), { pid: NOBODY, ref: `${REF}-2` }).open(ALICE, 0);
  const left = madeBy(NOBODY);
  expect([left, used]).not.toContain(undefined);
  await ledger(clone(bare), { pid: process.pid }).read();
  expect(scratch()).not.toContain(left);
  expect(scratch()).toContain(used);
  await running.release();
  expect(scratch()).not.toContain(used);
  await killed.release().catch(() => undefined);
});

test("hooks of the user are not run", async () => {
  const bare = bareRepository();
  const work = clone(bare);
  const hooks = folder();
  const home = folder();
  for (const name of ["pre-push", "reference-transaction"]) {
    writeFileSync(join(hooks, name), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  }
  writeFileSync(join(home, ".gitconfig"), `[core]\n\thooksPath = ${hooks}\n[push]\n\tgpgSign = if-asked\n`);
  // The remote is served by another user's configuration.
  const url = (await serve(bare)) ?? bare;
  git(work, "remote", "set-url", "origin", url);
  const options = { env: { ...ENV, HOME: home } };
  const session = await ledger(work, options).open(ALICE, 0);
  await session.commit([put("a")]);
  await session.release();
  expect((await ledger(work, options).read())?.serial).toBe(1);
});

describe("two writers", () => {
  test("the second waits, or is refused with the name of the holder, across clones", async () => {
    const bare = bareRepository();
    const [here, there] = [clone(bare), clone(bare)];
    const first = await ledger(here).open(ALICE, 0);
    const refused = await problem(ledger(there).open(BOB, 0));
    expect(refused?.problem).toBe("locked");
    expect(refused?.message).toContain(`alice on ${ALICE.host} (process ${ALICE.pid}, apply)`);
    expect(await ledger(there).holder()).toEqual(ALICE);
    const waiting = ledger(there).open(BOB, 600_000);
    await first.commit([put("a")]);
    await first.release();
    const second = await waiting;
    expect(second.state.serial).toBe(1);
    await second.release();
    expect(await ledger(here).holder()).toBeUndefined();
  });

  test("the lock of a dead process or an expired lock is taken over with a notice; its holder stops writing", async () => {
    const bare = bareRepository();
    const cases = [
      { dead: { ...ALICE, pid: NOBODY }, options: {}, why: /its process is no longer running$/ },
      { dead: { ...ALICE, host: "gone" }, options: { runtime: later(61_000) }, why: /expired at/ },
    ];
    for (const { dead, options, why } of cases) {
      const notices: string[] = [];
      const onNotice = (message: string) => void notices.push(message);
      const loser = await ledger(clone(bare)).open(dead, 0);
      const winner = await ledger(clone(bare), { ...options, onNotice }).open(BOB, 0);
      expect(notices).toEqual([expect.stringMatching(why)]);
      await loser.commit([put("lost")]);
      const lost = await problem(loser.flush());
      expect(lost).toMatchObject({ problem: "changed", message: expect.stringContaining("taken over by bob") });
      expect((await problem(loser.commit([put("more")])))?.problem).toBe("changed");
      await loser.release();
      await winner.commit([put("won")]);
      await winner.release();
      expect(Object.keys((await ledger(clone(bare)).read())?.entries ?? {})).toEqual(["Tool/won"]);
    }
  });

  test("a lock of another host is kept until it expires", async () => {
    const bare = bareRepository();
    const first = await ledger(clone(bare)).open({ ...ALICE, host: "elsewhere", pid: NOBODY }, 0);
    expect((await problem(ledger(clone(bare)).open(BOB, 0)))?.problem).toBe("locked");
    await first.release();
  });

  test("the heartbeat renews the lock", async () => {
    const bare = bareRepository();
    const heart = manualHeart();
    const session = await ledger(clone(bare), { runtime: heart.runtime }).open(ALICE, 0);
    const first = git(bare, "rev-parse", LOCK);
    heart.pass(50_000);
    await heart.beat();
    expect(git(bare, "rev-parse", LOCK)).not.toBe(first);
    const rival = ledger(clone(bare), { runtime: later(70_000) });
    expect((await problem(rival.open(BOB, 0)))?.problem).toBe("locked");
    await session.release();
  });

  test("a ledger that somebody else wrote meanwhile is not overwritten", async () => {
    const bare = bareRepository();
    const session = await ledger(clone(bare)).open(ALICE, 0);
    await session.commit([put("a")]);
    await session.flush();
    const foreign = git(bare, "commit-tree", `${REF}^{tree}`, "-m", "by hand");
    git(bare, "update-ref", REF, foreign);
    await session.commit([put("b")]);
    const failed = await problem(session.flush());
    expect(failed).toMatchObject({
      problem: "changed",
      message: expect.stringContaining("changed by another run"),
    });
    await session.release();
    expect(git(bare, "rev-parse", REF)).toBe(foreign);
    expect(await ledger(clone(bare)).holder()).toBeUndefined();
  });

  test("unlock removes any lock, and a lock without information expires", async () => {
    const bare = bareRepository();
    const session = await ledger(clone(bare)).open(ALICE, 0);
    await ledger(clone(bare)).unlock();
    await session.commit([put("a")]);
    const lost = await problem(session.release());
    expect(lost).toMatchObject({ problem: "changed", message: expect.stringContaining("was removed") });
    expect(await ledger(clone(bare)).read()).toBeUndefined();
    // What is in the repository may be older than a lock can be.
    git(bare, "update-ref", LOCK, git(bare, "commit-tree", "-m", "lock", "main^{tree}"));
    expect((await problem(ledger(clone(bare)).open(BOB, 0)))?.problem).toBe("locked");
    await (await ledger(clone(bare), { runtime: later(120_000) }).open(BOB, 0)).release();
    await ledger(clone(bare)).unlock();
  });
});

describe("network failures", () => {
  const down: GitResult = {
    code: 128,
    stdout: "",
    stderr: "fatal: unable to access: Could not resolve host: x",
  };

  test("after a push with a lost response, the remote is read before a retry", async () => {
    const bare = bareRepository();
    const lost = new Set<string>();
    const { runner } = watched(async (call, run) => {
      const result = await run();
      if (!call.startsWith("push") || lost.has(call)) return result;
      lost.add(call);
      return down;
    });
    const session = await ledger(clone(bare), { git: runner }).open(ALICE, 0);
    await session.commit([put("a")]);
    await session.flush();
    await session.commit([put("b")]);
    await session.release();
    expect((await ledger(clone(bare)).read())?.serial).toBe(2);
    expect(git(bare, "rev-list", "--count", REF)).toBe("1");
    expect(await ledger(clone(bare)).holder()).toBeUndefined();
    expect(lost.size).toBe(4);
  });

  test("failed connections are retried a limited number of times", async () => {
    const bare = bareRepository();
    const work = clone(bare);
    const seen = new Set<string>();
    const flaky = watched((call, run) => {
      if (seen.has(call)) return run();
      seen.add(call);
      return Promise.resolve(down);
    });
    const session = await ledger(work, { git: flaky.runner, runtime: HASTY }).open(ALICE, 0);
    await session.commit([put("a")]);
    await session.release();
    expect((await ledger(clone(bare)).read())?.serial).toBe(1);
    const dead = watched(() => Promise.resolve(down));
    const failed = await problem(ledger(work, { git: dead.runner, runtime: HASTY }).read());
    expect(failed).toMatchObject({
      problem: "unavailable",
      message: expect.stringContaining("Could not resolve host"),
    });
    expect(dead.calls).toHaveLength(4);
  });

  test("a lock that cannot be removed is a notice, not a failure", async () => {
    const bare = bareRepository();
    const notices: string[] = [];
    const denied: GitResult = {
      code: 1,
      stdout: "!\t:x\t[remote rejected] (deletion prohibited)\n",
      stderr: "",
    };
    const { runner } = watched((call, run) => (call.endsWith(` :${LOCK}`) ? Promise.resolve(denied) : run()));
    const onNotice = (message: string) => void notices.push(message);
    const session = await ledger(clone(bare), { git: runner, onNotice }).open(ALICE, 0);
    await session.commit([put("a")]);
    await session.release();
    expect(notices).toEqual([expect.stringMatching(/was not removed and holds until .*deletion prohibited/)]);
    expect((await ledger(clone(bare)).read())?.serial).toBe(1);
  });

  test("a server that accepts connections and never responds does not hang the run", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const remote = `git://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
    const failed = await problem(ledger(withRemote(remote), { ...LEDGERS, timeout: 200 }).open(ALICE, 0));
    server.close();
    expect(failed).toMatchObject({
      problem: "unavailable",
      message: expect.stringContaining("timed out after 0.2 s"),
    });
  });

  test("a command that never ends is ended", async () => {
    const bin = folder();
    writeFileSync(join(bin, "git"), "#!/bin/sh\ntrap '' TERM\nsleep 600 & wait\nsleep 600\n", { mode: 0o755 });
    const run = gitRunner({ ...runtime, sleep: (_, signal) => runtime.sleep(50, signal) });
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    const result = await run({ args: ["fetch"], cwd: bin, env, timeout: 1 });
    expect(result).toMatchObject({ code: undefined, isLate: true });
  });
});

describe("servers with restrictions", () => {
  test("without atomic pushes", async () => {
    const bare = bareRepository();
    git(bare, "config", "receive.advertiseAtomic", "false");
    const session = await ledger(clone(bare)).open(ALICE, 0);
    await session.commit([put("a")]);
    await session.flush();
    await session.commit([put("b")]);
    await session.flush();
    await ledger(clone(bare)).unlock();
    await session.commit([put("c")]);
    expect((await problem(session.flush()))?.problem).toBe("changed");
    await session.release();
    expect((await ledger(clone(bare)).read())?.serial).toBe(2);
  });

  test("without force pushes get another commit", async () => {
    const bare = bareRepository();
    const refused = { code: 1, stdout: `!\tx:${REF}\t[remote rejected] (non-fast-forward)\n`, stderr: "" };
    const real = gitRunner(runtime);
    const runner: GitRunner = async (call) => {
      const [, commit] = new RegExp(`([0-9a-f]+):${REF}( |$)`).exec(call.args.join(" ")) ?? [];
      if (commit === undefined) return real(call);
      const parent = await real({ ...call, args: ["log", "-1", "--format=%P", commit, "--"] });
      const tip = git(bare, "for-each-ref", "--format=%(objectname)", REF);
      return parent.stdout.trim() === tip ? real(call) : refused;
    };
    const session = await ledger(clone(bare), { git: runner }).open(ALICE, 0);
    for (const name of ["a", "b", "c"]) {
      await session.commit([put(name)]);
      await session.flush();
    }
    await session.release();
    expect(git(bare, "log", "--format=%s", REF)).toBe("apply: 3 added\napply: 2 added\napply: 1 added");
  });

  test("that refuse are reported with reason and advice", async () => {
    const bare = bareRepository();
    const hook =
      "#!/bin/sh\nprintf 'No writing here\\033[31m, says https://me:geheim@example.com\\n' >&2\nexit 1\n";
    writeFileSync(join(bare, "hooks", "pre-receive"), hook, { mode: 0o755 });
    const failed = await problem(ledger(clone(bare)).open(ALICE, 0));
    expect(failed?.problem).toBe("unavailable");
    expect(failed?.message).toMatch(/No writing here\\u001b\[31m, says https:\/\/\*\*\*@example.com/);
    expect(failed?.message).toMatch(/contents: write/);
    expect(failed?.message).not.toContain("geheim");
  });
});

describe("a token", () => {
  const token = "glpat-Geheim_123";
  const basic = Buffer.from(`me:${token}`).toString("base64");
  const header = `AUTHORIZATION: basic ${basic}`;

  interface Way {
    /** What only Git and its helpers know cannot be told from other text. */
    readonly isUnknown?: true;
    readonly remote?: (url: string) => string;
    readonly env?: Readonly<Record<string, string>>;
    readonly set?: (work: string) => void;
  }

  const ways: readonly (readonly [string, Way])[] = [
    ["in the URL", { remote: (url) => url.replace("http://", `http://me:${token}@`) }],
    ["in a header of the clone", { set: (work) => void git(work, "config", "http.extraheader", header) }],
    [
      "in a file that only this repository includes",
      {
        set: (work) => {
          const file = join(folder(), "credentials.config");
          writeFileSync(file, `[http]\n\textraheader = "${header}"\n`);
          git(work, "config", `includeIf.gitdir:${join(work, ".git")}.path`, file);
        },
      },
    ],
    [
      "in the environment",
      { env: { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "http.extraheader", GIT_CONFIG_VALUE_0: header } },
    ],
    [
      "from a helper of the clone",
      {
        isUnknown: true,
        set: (work) =>
          void git(
            work,
            "config",
            "credential.helper",
            `!f() { echo username=me; echo password=${token}; }; f`,
          ),
      },
    ],
  ];

  test.each(ways)(
    "%s is used and not shown",
    async (_, { remote = (url) => url, env = {}, set, isUnknown }) => {
      const server = await serveHttp(bareRepository(), `me:${token}`);
      const work = withRemote(remote(server.url));
      set?.(work);
      const options = { ...LEDGERS, env: { ...ENV, ...env } };
      const session = await ledger(work, options).open(ALICE, 0);
      await session.commit([put("a")]);
      await session.release();
      expect((await ledger(work, options).read())?.serial).toBe(1);
      const messages = [ledger(work, options).place];
      for (const answer of [403, 404, 500, "drop"] as const) {
        server.answer = answer;
        messages.push((await problem(ledger(work, { ...options, runtime: HASTY }).read()))?.message ?? "");
      }
      expect(messages[1]).toMatch(/403.*contents: write/);
      expect(messages[2]).toMatch(/not found.*check the remote/);
      expect(messages.slice(3).join()).toMatch(
        /run again when it can be reached.*run again when it can be reached/s,
      );
      expect(messages[1]).toMatch(/no entry with (?:basic )?\*\*\* or /i);
      for (const secret of isUnknown === true ? [token] : [token, basic])
        expect(messages.join()).not.toContain(secret);
    },
  );

  test("that is wrong is an error without a prompt", async () => {
    const server = await serveHttp(bareRepository(), `me:${token}`);
    const remote = server.url.replace("http://", "http://me:falsch@");
    const failed = await problem(ledger(withRemote(remote), LEDGERS).read());
    expect(failed?.message).toMatch(/Authentication failed.*contents: write/);
    expect(failed?.message).not.toContain("falsch");
    const without = await problem(ledger(withRemote(server.url), LEDGERS).read());
    expect(without?.message).toMatch(/could not read Username.*contents: write/);
  });
});

describe("impossible settings are errors", () => {
  test.each([
    ["no such folder", { repository: "/nonexistent" }, /is not in a Git repository/],
    ["no git", { env: { PATH: "/nonexistent" } }, /git command is not installed/],
    ["no such remote", { remote: "other" }, /has no remote "other": it has origin$/],
    ["a ref that leads out of its folder", { ref: "refs/../x" }, /a ref below refs\/rollcall\//],
    ["a ref that is an option", { ref: "--all" }, /a ref below refs\/rollcall\//],
  ])("%s", async (_, options, expected) => {
    const failed = await problem(ledger(clone(bareRepository()), options).read());
    expect(failed).toMatchObject({ problem: "unavailable", message: expect.stringMatching(expected) });
  });

  test.each([
    ["/nonexistent/x.git", /does not appear to be a git repository.*check the remote/s],
    ["http://user:geheim@example.com/x.git", /use https/],
  ])("a remote at %s", async (address, expected) => {
    const failed = await problem(ledger(withRemote(address), LEDGERS).read());
    expect(failed).toMatchObject({ problem: "unavailable", message: expect.stringMatching(expected) });
    expect(failed?.message).not.toContain("geheim");
  });

  test.skipIf(process.getuid?.() !== 0)("a repository that belongs to somebody else", async () => {
    const work = clone(bareRepository());
    chownSync(work, 12_345, 12_345);
    chownSync(join(work, ".git"), 12_345, 12_345);
    const failed = await problem(ledger(work).read());
    expect(failed?.message).toMatch(/dubious ownership.*safe\.directory/);
  });

  test("no repository", async () => {
    const failed = await problem(ledger(folder()).read());
    expect(failed?.message).toMatch(/is not in a Git repository/);
  });

  test("a ref that holds something else, or a damaged ledger", async () => {
    const bare = bareRepository();
    git(bare, "update-ref", REF, "main");
    expect(await problem(ledger(clone(bare)).read())).toMatchObject({ problem: "corrupt" });
    expect(await problem(ledger(clone(bare)).open(ALICE, 0))).toMatchObject({ problem: "corrupt" });
    expect(await ledger(clone(bare)).holder()).toBeUndefined();
  });
});
