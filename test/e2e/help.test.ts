import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { runIn } from "./cli.ts";

const said = async (...args: readonly string[]) => (await runIn(tmpdir(), {}, args)).stdout;

test("a command that is asked for help says the same as the help of the program about it", async () => {
  const [, list = ""] = (await said("--help")).split("Commands:\n");
  const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name ?? "");
  expect(names.length).toBeGreaterThan(25);
  for (const name of names.filter((one) => one !== "help")) {
    const text = await said(name, "--help");
    expect(text).toContain(`Usage: rollcall ${name} `);
    expect(await said("help", name)).toBe(text);
  }
});
