import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { desk, KEY, type Desk } from "./cli.ts";

const open: Desk[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const OTHER_KEY = { TELNYX_API_KEY: `${KEY}2` };

/** A project with so many tools, applied. */
async function applied(count: number): Promise<Desk> {
  const one = await desk();
  open.push(one);
  for (let nth = 1; nth <= count; nth += 1) declare(one, `tool-${nth}`);
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  one.writes();
  return one;
}

function declare({ folder }: Desk, name: string): void {
  const spec = { type: "webhook", webhook: { name, description: "d", url: "https://a.example" } };
  const manifest = { apiVersion: "rollcall.dev/v1", kind: "Tool", metadata: { name }, spec };
  writeFileSync(join(folder, `${name}.yaml`), JSON.stringify(manifest));
}

/** As the key of an account without these objects sees it. */
function hide({ emulator }: Desk): void {
  for (const { id } of emulator.state().tools as unknown as readonly { readonly id: string }[])
    emulator.portal.delete("Tool", id);
}

test.each([1, 3])("if none of %i objects is live under another key, apply refuses", async (count) => {
  const one = await applied(count);
  hide(one);
  const { code, stderr, stdout } = await one.rollcallWith(OTHER_KEY, "apply", "--yes");
  expect(code, stdout).toBe(4);
  expect(`${stdout}${stderr}`).toMatch(/the API key is not the one of the last apply/);
  expect(one.writes()).toEqual([]);
  expect((await one.rollcallWith(OTHER_KEY, "apply", "--yes", "--allow-mass-change")).code).toBe(0);
});

test("one object that is gone under the same key is created again", async () => {
  const one = await applied(1);
  hide(one);
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
});

test("a rotated key of the same account is accepted", async () => {
  const one = await applied(1);
  expect((await one.rollcallWith(OTHER_KEY, "plan", "--detailed-exitcode")).code).toBe(0);
  declare(one, "tool-2");
  expect((await one.rollcallWith(OTHER_KEY, "apply", "--yes")).code).toBe(0);
  hide(one);
  expect((await one.rollcallWith(OTHER_KEY, "apply", "--yes", "--target", "Tool/tool-1")).code).toBe(4);
});
