import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { desk } from "./cli.ts";

test("when the ledger cannot be saved after the last write, the result is reported and the exit code is 3", async () => {
  const { folder, emulator, rollcall, close } = await desk();
  try {
    const spec = { type: "http", url: "https://a.example" };
    const manifest = { apiVersion: "rollcall.dev/v1", kind: "McpServer", metadata: { name: "crm" }, spec };
    writeFileSync(join(folder, "crm.yaml"), JSON.stringify(manifest));
    const beside = join(folder, ".rollcall");
    // A folder where the draft of the new ledger goes, made while the only creation is under way.
    emulator.inject({
      match: { method: "POST" },
      fault: { kind: "slow", milliseconds: 0 },
      onStrike: () => {
        const lock = readFileSync(join(beside, "default.json.lock"), "utf8");
        mkdirSync(join(beside, `default.json.draft-${JSON.parse(lock).token}`));
      },
    });
    const { code, stdout } = await rollcall("apply", "--yes");
    expect(code).toBe(3);
    expect(stdout).toMatch(/McpServer\/crm +created/);
    expect(stdout).toMatch(/cannot be written/);
    expect(readdirSync(beside)).toContain("default.log.jsonl");
    expect(existsSync(join(beside, "default.json.lock"))).toBe(false);
    expect((await rollcall("apply", "--yes")).code).toBe(0);
    expect(readdirSync(beside)).not.toContain("default.log.jsonl");
  } finally {
    await close();
  }
});
