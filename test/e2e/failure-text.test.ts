import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

let one: Desk;

beforeEach(async () => {
  one = await desk();
  const text =
    "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec: { instructions: Be brief. }\n";
  writeFileSync(join(one.folder, "desk.yaml"), text);
});
afterEach(() => one.close());

const times = (text: string, part: string): number => text.replaceAll(/\s+/g, " ").split(part).length - 1;

test.each(["telnyx", "fastapi"] as const)(
  "a refused write (%s) is reported once, as text and as Markdown",
  async (body) => {
    const fault = { kind: "status", status: 422, body } as const;
    one.emulator.inject({ match: { method: "POST", path: "/ai/assistants" }, times: "always", fault });
    const ran = await one.rollcall("apply", "--yes", "--report", "markdown=apply.md");
    expect(ran.code).not.toBe(0);
    expect(times(ran.stdout, "POST /ai/assistants")).toBe(1);
    expect(times(ran.stdout, "request id")).toBe(1);
    expect(times(readFileSync(join(one.folder, "apply.md"), "utf8"), "answered 422")).toBe(1);
    // As it happens, one line tells of it.
    expect(times(ran.stderr, "POST /ai/assistants")).toBe(1);
  },
);

test("a refused read is reported once", async () => {
  const fault = { kind: "status", status: 403, body: "telnyx" } as const;
  one.emulator.inject({ match: { method: "GET" }, times: "always", fault });
  const { code, stderr } = await one.rollcall("plan");
  expect(code).toBe(1);
  expect([times(stderr, "GET /"), times(stderr, "answered 403")]).toEqual([1, 1]);
});

test("a host that cannot be reached is named", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  const { code, stderr } = await one.rollcallWith({ TELNYX_BASE_URL: `http://127.0.0.1:${port}/v2` }, "plan");
  expect(code).toBe(1);
  expect(stderr).toContain(`failed: the connection to 127.0.0.1:${port} was refused (ECONNREFUSED)`);
});

test.each([
  ["apply", "--yes", "--version", "2"],
  ["chat", "Assistant/desk", "-m", "hello", "--version", "2"],
  ["tags", "add", "Assistant/desk", "spring", "-V"],
])("%s with --version does not end as if it had worked", async (...args) => {
  const { code, stdout, stderr } = await one.rollcall(...args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/unknown option '(--version|-V)'/u);
});
