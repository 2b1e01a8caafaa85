import { createServer, type AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { formatLedger } from "../../src/ledger/format.ts";
import { httpLedger, type HttpLedgerOptions } from "../../src/ledger/http.ts";
import type { LedgerError } from "../../src/model/ledger.ts";
import { startStateServer, type Fault, type StateServer } from "./state-server.ts";
import { ALICE, BOB, isAlive, NOBODY, put, runtime } from "./fixtures.ts";

/** Waits for nothing between attempts. */
const HASTY = { ...runtime, random: () => 0 };

function ledger(server: StateServer, options: Partial<HttpLedgerOptions> = {}) {
  const lockAddress = `${server.url}/lock`;
  return httpLedger({
    address: server.url,
    lockAddress,
    version: "0.0.0",
    runtime: HASTY,
    isAlive,
    ...options,
  });
}

const GITLAB = { lockMethod: "POST", unlockMethod: "DELETE" };

function problem(of: Promise<unknown>): Promise<Pick<LedgerError, "problem" | "message"> | undefined> {
  return of.then(
    () => undefined,
    (error: LedgerError) => ({ problem: error.problem, message: error.message }),
  );
}

async function write(of: ReturnType<typeof ledger>, name: string): Promise<void> {
  const session = await of.open(ALICE, 0);
  await session.commit([put(name)]);
  await session.release();
}

describe.each([
  ["a plain server", {}, {}],
  [
    "GitLab",
    { gitlab: true, credentials: "me:geheim" } as const,
    { ...GITLAB, username: "me", password: "geheim" },
  ],
])("%s", (_, of, options) => {
  test("keeps what is committed, in few requests", async () => {
    const server = await startStateServer(of);
    expect(await ledger(server, options).read()).toBeUndefined();
    await write(ledger(server, options), "a");
    const { lockMethod = "LOCK", unlockMethod = "UNLOCK" } = options as {
      lockMethod?: string;
      unlockMethod?: string;
    };
    expect(server.log.slice(1)).toEqual([
      `${lockMethod} /state/lock`,
      "GET /state",
      "GET /state",
      "POST /state",
      `${unlockMethod} /state/lock`,
    ]);
    const session = await ledger(server, options).open(ALICE, 0);
    for (let count = 0; count < 100; count += 1) await session.commit([put(`t${count}`)]);
    await session.release();
    const state = await ledger(server, options).read();
    expect(state?.serial).toBe(101);
    expect(server.state).toBe(state && formatLedger(state));
    expect(server.log.filter((line) => line === "POST /state")).toHaveLength(2);
    expect(server.lock).toBeUndefined();
  });

  test("a second writer waits, or is refused with the name of the holder", async () => {
    const server = await startStateServer(of);
    const first = await ledger(server, options).open(ALICE, 0);
    const refused = await problem(ledger(server, options).open(BOB, 0));
    expect(refused?.problem).toBe("locked");
    expect(refused?.message).toContain(`alice on ${ALICE.host} (process ${ALICE.pid}, apply)`);
    expect(await ledger(server, options).holder()).toEqual(ALICE);
    const waiting = ledger(server, { ...options, runtime }).open(BOB, 600_000);
    await first.commit([put("a")]);
    await first.release();
    const second = await waiting;
    expect(second.state.serial).toBe(1);
    await second.release();
    expect(await ledger(server, options).holder()).toBeUndefined();
    expect(server.lock).toBeUndefined();
  });

  test("the lock of a dead process on this host is taken over; its holder stops writing", async () => {
    const server = await startStateServer(of);
    const notices: string[] = [];
    const onNotice = (message: string) => void notices.push(message);
    const loser = await ledger(server, options).open({ ...ALICE, pid: NOBODY }, 0);
    const winner = await ledger(server, { ...options, onNotice }).open(BOB, 0);
    expect(notices).toEqual([expect.stringMatching(/held by alice .* its process is no longer running$/)]);
    await loser.commit([put("lost")]);
    expect((await problem(loser.flush()))?.problem).toBe("changed");
    await loser.release();
    await winner.commit([put("won")]);
    await winner.release();
    expect(Object.keys((await ledger(server, options).read())?.entries ?? {})).toEqual(["Tool/won"]);
  });

  test("unlock removes any lock, also one of Terraform", async () => {
    const server = await startStateServer(of);
    await ledger(server, options).open(ALICE, 0);
    await ledger(server, options).unlock();
    expect(server.lock).toBeUndefined();
    server.lock = {
      ID: "b1f7",
      Operation: "OperationTypeApply",
      Who: "carol@ci",
      Created: "2026-01-01T00:00:00Z",
    };
    const refused = await problem(ledger(server, options).open(ALICE, 0));
    expect(refused?.message).toMatch(/is locked by (?:carol@ci|gitlab-user) .*since 2026-01-01T00:00:00Z/);
    await ledger(server, options).unlock();
    await ledger(server, options).unlock();
    expect(server.lock).toBeUndefined();
  });

  test.each<[string, Fault]>([
    ["LOCK", "lost"],
    ["LOCK", "broken"],
    ["LOCK", "failed"],
    ["LOCK", 503],
    ["GET /state", "broken"],
    ["GET /state", 502],
    ["GET /state", 429],
    ["POST /state", "lost"],
    ["POST /state", "broken"],
    ["POST /state", "failed"],
    ["POST /state", 503],
    ["UNLOCK", "lost"],
    ["UNLOCK", "broken"],
    ["UNLOCK", 500],
  ])("%s with the fault %s writes one state once", async (on, fault) => {
    const server = await startStateServer(of);
    const isGitLab = Object.hasOwn(of, "gitlab");
    const line = isGitLab ? on.replace("UNLOCK", "DELETE").replace("LOCK", "POST /state/lock") : on;
    if (line === "POST /state") await (await ledger(server, options).open(ALICE, 0)).release();
    const session = ledger(server, options).open(ALICE, 0);
    if (on === "LOCK" || on === "GET /state") server.faults.push({ on: line, fault });
    const opened = await session;
    if (on !== "LOCK" && on !== "GET /state") server.faults.push({ on: line, fault });
    await opened.commit([put("a")]);
    await opened.release();
    expect(server.faults).toEqual([]);
    expect((await ledger(server, options).read())?.serial).toBe(1);
    expect(server.lock).toBeUndefined();
  });

  test("a ledger that somebody else wrote meanwhile is not overwritten", async () => {
    const server = await startStateServer(of);
    await write(ledger(server, options), "a");
    const session = await ledger(server, options).open(ALICE, 0);
    const state = await ledger(server, options).read();
    const foreign = formatLedger({ lineage: "other", serial: 9, entries: state?.entries ?? {} });
    server.state = foreign;
    await session.commit([put("b")]);
    expect(await problem(session.flush())).toMatchObject({ problem: "changed" });
    await session.release();
    expect(server.state).toBe(foreign);
  });
});

test("a serial that GitLab already used is skipped", async () => {
  const server = await startStateServer({ gitlab: true });
  await write(ledger(server, GITLAB), "a");
  const session = await ledger(server, GITLAB).open(ALICE, 0);
  server.faults.push({ on: "POST /state", fault: 422 });
  const before = server.log.length;
  await session.commit([put("b")]);
  await session.flush();
  expect(session.state.serial).toBe(3);
  await session.commit([put("c")]);
  await session.release();
  expect(server.log.slice(before).filter((line) => line === "POST /state")).toHaveLength(3);
  expect(await ledger(server, GITLAB).read()).toMatchObject({ serial: 4 });
});

test("a run whose lock was removed stops writing", async () => {
  const server = await startStateServer();
  const session = await ledger(server).open(ALICE, 0);
  server.lock = undefined;
  await session.commit([put("a")]);
  expect(await problem(session.release())).toMatchObject({
    problem: "changed",
    message: expect.stringContaining("was removed"),
  });
  expect(server.state).toBeUndefined();
});

test("without a lock address, other writers are noticed", async () => {
  const server = await startStateServer();
  const notices: string[] = [];
  const options = { lockAddress: undefined, onNotice: (message: string) => void notices.push(message) };
  const [first, second] = [
    await ledger(server, options).open(ALICE, 0),
    await ledger(server, options).open(BOB, 0),
  ];
  expect(notices[0]).toMatch(/has no lockAddress/);
  await first.commit([put("a")]);
  await first.release();
  await second.commit([put("b")]);
  expect((await problem(second.release()))?.problem).toBe("changed");
  expect(Object.keys((await ledger(server).read())?.entries ?? {})).toEqual(["Tool/a"]);
});

test("a server that accepts connections and never responds does not hang the run or keep its lock", async () => {
  const server = await startStateServer();
  for (let count = 0; count < 4; count += 1) server.faults.push({ on: "GET", fault: "silent" });
  const failed = await problem(ledger(server, { timeout: 100 }).open(ALICE, 0));
  expect(failed).toMatchObject({
    problem: "unavailable",
    message: expect.stringContaining("no complete answer"),
  });
  expect(server.lock).toBeUndefined();
  for (let count = 0; count < 4; count += 1) server.faults.push({ on: "LOCK", fault: "lost" });
  expect((await problem(ledger(server).open(ALICE, 0)))?.problem).toBe("unavailable");
  expect(server.lock).toBeUndefined();
});

test("the credentials are sent with every request and are in no message", async () => {
  const server = await startStateServer({ credentials: "me:geheim" });
  const options = { username: "me", password: "geheim" };
  await write(ledger(server, options), "a");
  expect(server.headers.authorization).toBe(`Basic ${Buffer.from("me:geheim").toString("base64")}`);
  expect(server.headers["user-agent"]).toBe("rollcall/0.0.0");
  const wrong = await problem(ledger(server, { username: "me", password: "falsch" }).read());
  expect(wrong).toMatchObject({
    problem: "unavailable",
    message: expect.stringMatching(/rejected the credentials \(401\)/),
  });
  expect(JSON.stringify([wrong, ledger(server, options).place])).not.toMatch(/falsch|geheim/);
});

test.each<[Fault, RegExp]>([
  [
    301,
    /redirects \(301\), and redirects are not followed; the new address may be https:\/\/elsewhere.example\/\?\*\*\*$/,
  ],
  [403, /permission denied \(403\)/],
  [400, /answered 400: no/],
])("the answer %s is explained", async (fault, expected) => {
  const server = await startStateServer();
  server.faults.push({ on: "GET", fault });
  expect(await problem(ledger(server).read())).toMatchObject({
    problem: "unavailable",
    message: expect.stringMatching(expected),
  });
});

test("compressed responses are requested", async () => {
  const server = await startStateServer();
  await write(ledger(server), "a");
  expect(Object.keys((await ledger(server).read())?.entries ?? {})).toEqual(["Tool/a"]);
  expect(server.headers["accept-encoding"]).toBe("gzip, identity");
});

test("the error for an unsupported method says how to set it", async () => {
  const server = await startStateServer({ gitlab: true });
  const failed = await problem(ledger(server).open(ALICE, 0));
  expect(failed?.message).toMatch(/does not take LOCK \(405\); set lockMethod/);
});

test("a Terraform state or a damaged ledger is not overwritten", async () => {
  const server = await startStateServer();
  server.state = '{"version":4,"terraform_version":"1.9.0","serial":3}';
  const failed = await problem(ledger(server).open(ALICE, 0));
  expect(failed).toMatchObject({ problem: "corrupt", message: expect.stringContaining("it is a Terraform") });
  expect(server.lock).toBeUndefined();
});

test.each([
  ["http://example.com/state", /not https/],
  ["https://me:geheim@example.com/state", /holds a user or a password/],
  ["nonsense", /not a URL/],
  ["ftp://example.com/", /not https/],
])("the address %s is refused", (address, expected) => {
  const open = () => httpLedger({ address, version: "0", runtime, isAlive });
  expect(open).toThrow(expected);
  expect(open).not.toThrow(/geheim/);
});

test("an unreachable server is reported", async () => {
  const options = { address: "http://127.0.0.1:9/", version: "0", runtime: HASTY, isAlive };
  expect(await problem(httpLedger(options).read())).toMatchObject({
    problem: "unavailable",
    message: expect.stringMatching(/the connection failed \(ECONNREFUSED\); run again/),
  });
});

test("an untrusted server is reported without a retry", async () => {
  // It speaks no TLS at all.
  const server = createServer();
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const failed = await problem(httpLedger({ address, version: "0", runtime: HASTY, isAlive }).read());
  expect(failed?.message).toMatch(
    /no trusted connection could be made \(E\w+\); .*NODE_EXTRA_CA_CERTS to its CA certificate$/,
  );
  expect(connections).toBe(1);
});
