import { afterEach, expect, test } from "vitest";
import { parse } from "yaml";
import { desk, EXAMPLE, type Desk } from "./cli.ts";

let one: Desk;

afterEach(() => one.close());

test("without a chosen environment all of them are checked", async () => {
  one = await desk(EXAMPLE);
  const ran = await one.rollcall("validate");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain("27 manifests valid in 2 environments");
  const sarif = await one.rollcall("validate", "--format", "sarif");
  expect(JSON.parse(sarif.stdout)).toMatchObject({ version: "2.1.0", runs: [{ results: [] }] });
  expect(sarif.code).toBe(0);
});

test("--show prints one manifest with files, variables and patches in place, and reads as one", async () => {
  one = await desk(EXAMPLE);
  const ran = await one.rollcall("validate", "--env", "staging", "--show", "Assistant/front-desk");
  const manifest = parse(ran.stdout) as { metadata: object; spec: Record<string, unknown> };
  expect(manifest.metadata).toMatchObject({ name: "front-desk" });
  expect(manifest.spec["greeting"]).toMatch(/Larkmoor Staging/);
  expect(manifest.spec["instructions"]).toMatch(/^#/);
  expect(manifest.spec["telephony_settings"]).toMatchObject({ time_limit_secs: 300 });
  expect(ran.code).toBe(0);
  expect((await one.rollcall("validate", "--env", "staging", "--show", "Assistant/nobody")).code).toBe(1);
});
