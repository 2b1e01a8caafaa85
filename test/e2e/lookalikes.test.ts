import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

let one: Desk;

afterEach(() => one.close());

function declare(greeting: string, instructions: string): Promise<void> {
  const spec = JSON.stringify({ greeting, instructions });
  return writeFile(
    join(one.folder, "a.yaml"),
    `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec: ${spec}\n`,
  );
}

test.each([["text"], ["markdown"], ["html"]])(
  "texts that look the same are shown differently, %s",
  async (format) => {
    one = await desk();
    await declare("Welcome to Café Acme", "Be brief.\nSay Café.\n");
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    await declare("Welcome to Cafe\u0301 Acme", "Be brief.\nSay Cafe\u0301.\n");
    const plan = await one.rollcall("plan", "--format", format);
    expect(plan.stdout).toMatch(/Welcome to Cafe(?:\\|&#92;)u0301 Acme/);
    expect(plan.stdout.match(/Cafe(?:\\|&#92;)u0301/g)?.length).toBeGreaterThan(1);
    const id = one.emulator.state().assistants[0]?.id ?? "";
    one.emulator.portal.edit("Assistant", id, { greeting: "Welcome to\u00A0Café Acme" });
    const drift = await one.rollcall("drift", "--format", format);
    expect(drift.stdout).toMatch(/Welcome to(?:\\|&#92;)u00a0Café Acme/);
  },
);

test("a trailing space is visible", async () => {
  one = await desk();
  await declare("Hi", "Say no.\nBe brief.");
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  await declare("Hi", "Say no. \nBe brief.");
  expect((await one.rollcall("plan")).stdout).toContain("Say no.{+ +}");
});
