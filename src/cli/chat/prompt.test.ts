import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Io } from "../io.ts";
import { openPrompt } from "./prompt.ts";

/** A prompt at a terminal of its own. */
function opened() {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()];
  let text = "";
  stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const io = { stdin, stderr, env: {}, isInteractive: true, isTerminal: { stdout: true, stderr: true } };
  const prompt = openPrompt(io as unknown as Io);
  return {
    prompt,
    stderr,
    type: (keys: string) => stdin.write(keys),
    /** Resolves when what was typed has arrived. */
    arrived: () => new Promise((resolve) => setImmediate(resolve)),
    printed: () => {
      const all = text;
      text = "";
      return all;
    },
  };
}

const PASTE = (text: string) => `\u001b[200~${text}\u001b[201~`;

test("while no text is asked for, nothing is printed; what was typed is there at the next prompt", async () => {
  const { prompt, stderr, type, arrived, printed } = opened();
  const first = prompt.next();
  type("one\r");
  expect(await first).toBe("one");
  printed();
  stderr.emit("resize");
  type("tw");
  await arrived();
  expect(printed()).toBe("");
  const second = prompt.next();
  await arrived();
  expect(printed()).toMatch(/> .*tw/);
  type("o\r");
  expect(await second).toBe("two");
  prompt.close();
});

test("a line that was typed early is shown when it is taken", async () => {
  const { prompt, type, arrived, printed } = opened();
  type("one\rtwo\r");
  await arrived();
  printed();
  expect([await prompt.next(), await prompt.next()]).toEqual(["one", "two"]);
  expect(printed()).toBe("> one\n> two\n");
  prompt.close();
});

test("the lines of a paste are one text", async () => {
  const { prompt, type } = opened();
  const text = prompt.next();
  type(`Say: ${PASTE("one\rtwo\r\rthree")} end\r`);
  expect(await text).toBe("Say: one\ntwo\n\nthree end");
  prompt.close();
});

test("clear forgets a paste, a line that waits, and what is typed", async () => {
  const { prompt, type, arrived } = opened();
  for (const keys of [PASTE("one\rtwo"), "one\r", "one"]) {
    type(keys);
    await arrived();
    expect(prompt.clear()).toBe(true);
    expect(prompt.clear()).toBe(false);
  }
  const text = prompt.next();
  type("last\r");
  expect(await text).toBe("last");
  prompt.close();
});

test("after the end of the input nothing is asked for", async () => {
  const { prompt, type, arrived, printed } = opened();
  type("\u0004");
  await arrived();
  printed();
  expect(await prompt.next()).toBeUndefined();
  expect(printed()).toBe("");
});
