import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { rawClient } from "../../../../test/e2e/raw-client.ts";
import { type EmulatorOptions, startEmulator } from "./emulator.ts";

const folder = mkdtempSync(join(tmpdir(), "emulator-"));
const file = join(folder, "state.jsonl");
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const BODY = '{"name":"Front desk","instructions":"Be brief.","dynamic_variables":{"n":12345678901234567890}}';

async function started(options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ dataFile: file, seed: 3, ...options });
  return { emulator, api: rawClient(emulator.url) };
}

test("state, keys and ids continue after a restart", async () => {
  const first = await started();
  const key = { "idempotency-key": "a" };
  const { body } = await first.api.post("/ai/assistants", BODY, key);
  await first.api.post(`/ai/assistants/${body.id}`, { greeting: "Hi" });
  await first.api.post("/ai/mcp_servers", { name: "gone", type: "http", url: "https://x" });
  first.emulator.portal.delete("McpServer", String(first.emulator.state().mcp_servers[0]?.["id"]));
  const before = first.emulator.state();
  await first.emulator.close();

  // What a killed process may leave behind.
  appendFileSync(file, '{"drawn":99,"changes":[{"table":"assista');
  const second = await started();
  expect(second.emulator.state()).toEqual(before);
  expect((await second.api.post("/ai/assistants", BODY, key)).headers.get("idempotent-replayed")).toBe("true");
  const fresh = await second.api.post("/ai/assistants", BODY);
  expect(fresh.body.id).not.toBe(body.id);
  second.emulator.reset();
  await second.emulator.close();

  const third = await started();
  expect(third.emulator.state().assistants).toEqual([]);
  await third.emulator.close();
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(readFileSync(file, "utf8")).not.toContain("KEY0123");
});
