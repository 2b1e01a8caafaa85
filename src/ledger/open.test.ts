import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isAlive, runtime } from "../../test/ledger/fixtures.ts";
import { bareRepository } from "../../test/ledger/git-place.ts";
import { whatChanged } from "./git/message.ts";
import { ledgerRef } from "./git.ts";
import type { LedgerChoice } from "../model/ledger.ts";
import { openLedger } from "./open.ts";
import { redacted } from "../model/redacted.ts";
import { visible } from "../model/visible.ts";

function open(choice: LedgerChoice, env: Record<string, string> = {}) {
  const context = { root: "/shop", cwd: "/", project: "shop", environment: "production", version: "0.0.0" };
  return openLedger(choice, { ...context, env, runtime, isAlive });
}

test("each backend describes its location", () => {
  expect(open({ backend: "file" }).place).toBe("file shop/.rollcall/production.json");
  expect(open({ backend: "file", path: "/state" }).place).toBe("file state/production.json");
  expect(open({ backend: "git" }).place).toBe("git refs/rollcall/shop/production");
  expect(open({ backend: "git", remote: "ledgers", ref: "refs/rollcall/y" }).place).toBe(
    "git refs/rollcall/y at ledgers",
  );
  const address = "https://gitlab.example.com/state/x?token=geheim";
  expect(open({ backend: "http", address }, { ROLLCALL_ALLOWED_HOSTS: "gitlab.example.com" }).place).toBe(
    "http https://gitlab.example.com/state/x?***",
  );
});

test("credentials are read from the named variables, which must be set", () => {
  const choice = { backend: "http", address: "https://example.com", password: { env: "TOKEN" } } as const;
  const allowed = { ROLLCALL_ALLOWED_HOSTS: "example.com=TOKEN" };
  expect(() => open(choice, allowed)).toThrow(
    "the environment variable TOKEN, which the ledger needs, is not set",
  );
  expect(open(choice, { ...allowed, TOKEN: "x" }).place).toBe("http https://example.com");
});

test("every URL and every variable of an http ledger is checked", () => {
  const address = "http://127.0.0.1:1/state";
  const [username, password] = [{ env: "GITHUB_TOKEN" }, { env: "NPM_TOKEN" }];
  const elsewhere = "https://collector.example/lock";
  const refused = (more: object) => expect(() => open({ backend: "http", address, ...more })).toThrow();
  refused({ lockAddress: elsewhere });
  refused({ lockAddress: address, unlockAddress: elsewhere });
  refused({ username });
  refused({ username: { env: "LEDGER_USER" }, password });
  expect(() => open({ backend: "http", address, username, password })).toThrow(
    'add "127.0.0.1:1=GITHUB_TOKEN,127.0.0.1:1=NPM_TOKEN" to the environment variable ROLLCALL_ALLOWED_HOSTS',
  );
});

test("each project and environment has its own valid Git ref", () => {
  const seen = new Map<string, string>();
  const names = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("..", ".a", "a.lock", "a..b", "a.", "@{", "-x", "ü"),
  );
  fc.assert(
    fc.property(names, names, (project, environment) => {
      const ref = ledgerRef(project, environment);
      const key = JSON.stringify([project, environment]);
      expect(seen.get(ref) ?? key).toBe(key);
      seen.set(ref, key);
    }),
    { numRuns: 150 },
  );
  // Git reads each name, and says which one is none.
  const input = [...seen.keys()].map((ref) => `verify ${ref}\n`).join("");
  execFileSync("git", ["update-ref", "--stdin"], { cwd: bareRepository(), input });
  expect(ledgerRef("shop-2", "prod.eu_west")).toBe("refs/rollcall/shop-2/prod.eu_west");
});

test("changes are counted by value", () => {
  const entry = (id: string) => ({ kind: "Tool", id, applied: {}, observed: {} });
  const before = { lineage: "l", serial: 1, entries: { "Tool/a": entry("1"), "Tool/b": entry("2") } };
  expect(
    whatChanged(before, { ...before, serial: 2, entries: { "Tool/a": entry("1"), "Tool/b": entry("2") } }),
  ).toBe("no changes");
  expect(whatChanged(before, { ...before, entries: { "Tool/a": entry("9"), "Tool/c": entry("3") } })).toBe(
    "1 added, 1 changed, 1 removed",
  );
});

test("messages contain no secrets and no control characters", () => {
  const text = "at https://me:p%40ss@host/x?private_token=abc#frag and basic Zm9v";
  expect(redacted(text, ["Zm9v"])).toBe("at https://***@host/x?***#frag and basic ***");
  expect(redacted("https://a@b@host/ ssh://git@host/x")).toBe("https://***@host/ ssh://***@host/x");
  expect(visible("a\u001b[31m\u202eb\nc")).toBe("a\\u001b[31m\\u202eb\\nc");
});
