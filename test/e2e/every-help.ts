import { tmpdir } from "node:os";
import { runIn } from "./cli.ts";

export const said = async (...args: readonly string[]) => (await runIn(tmpdir(), {}, args)).stdout;

/** The words of a command and of every command below it, with its help. */
export async function everyHelp(...words: readonly string[]): Promise<readonly (readonly [string, string])[]> {
  const text = await said(...words, "--help");
  const [, list = ""] = text.split("Commands:\n");
  const names = [...(list.split("\n\n")[0] ?? "").matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name ?? "");
  const below = await Promise.all(
    names.filter((name) => name !== "help").map((name) => everyHelp(...words, name)),
  );
  return [[words.join(" "), text], ...below.flat()];
}
