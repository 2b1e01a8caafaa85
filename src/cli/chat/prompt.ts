import { createInterface, type Interface, type Key } from "node:readline";
import { Writable } from "node:stream";
import { visibleLines } from "../../model/visible.ts";
import { note, type Io } from "../io.ts";

/** What a person types at a terminal, message by message. */
export interface Prompt {
  /** Asks for the next text: a line, or all that was pasted with it. `undefined` when there are no more. */
  next(): Promise<string | undefined>;
  /** Forgets what was typed and not taken yet, and says whether there was anything. */
  clear(): boolean;
  /** Calls back for Ctrl-C. */
  onInterrupt(act: () => void): void;
  close(): void;
}

/**
 * Opens the prompt. What is typed while no prompt is open is not shown, because it would be in the middle of an answer.
 * It is shown with the next prompt.
 */
export function openPrompt(io: Io): Prompt {
  let isShown = false;
  const output = outputOf(io.stderr, () => isShown);
  const lines = createInterface({
    input: io.stdin,
    output,
    terminal: io.isInteractive,
    historySize: 1000,
    prompt: "> ",
  });
  const texts = textsOf(io, lines);
  const tell = bracketedPaste(io);
  tell("on");
  lines.once("close", () => tell("off"));
  return {
    next: async () => {
      const early = texts.take();
      if (early !== undefined) {
        await note(io, visibleLines(`> ${early}`).join("\n"));
        return early;
      }
      if (texts.isOver()) return undefined;
      const typed = lines.line;
      clearLine(lines);
      isShown = true;
      lines.prompt();
      if (typed !== "") lines.write(typed);
      const text = await texts.next();
      isShown = false;
      return text;
    },
    clear: () => {
      const isTyped = texts.clear() || lines.line !== "";
      clearLine(lines);
      return isTyped;
    },
    onInterrupt: (act) => void lines.on("SIGINT", act),
    close: () => lines.close(),
  };
}

/** A stream as the prompt uses it, with the size of its terminal. */
function outputOf(stream: Writable, isShown: () => boolean): Writable {
  const output = new Writable({
    decodeStrings: false,
    // At once: what is decided later would be decided for another state.
    write: (text: string, encoding, done) => {
      if (isShown()) stream.write(text, encoding);
      done();
    },
  });
  Object.defineProperty(output, "columns", { get: () => (stream as { readonly columns?: number }).columns });
  stream.on("resize", () => output.emit("resize"));
  return output;
}

function clearLine(lines: Interface): void {
  lines.write(null, { ctrl: true, name: "e" });
  lines.write(null, { ctrl: true, name: "u" });
}

/** Asks the terminal to mark what is pasted. */
function bracketedPaste({ stderr, isTerminal, env }: Io): (state: "on" | "off") => void {
  if (!isTerminal.stderr || env["TERM"] === "dumb") return () => undefined;
  return (state) => void stderr.write(state === "on" ? "\u001b[?2004h" : "\u001b[?2004l");
}

/** Texts as they are typed or pasted, also while nobody asks for one. The lines of a paste are one text. */
function textsOf({ stdin }: Io, lines: Interface) {
  const waiting: string[] = [];
  let pasted: string[] = [];
  let isPasting = false;
  let isOver = false;
  let wake: (() => void) | undefined;
  stdin.on("keypress", (_: unknown, { name }: Key) => {
    if (name === "paste-start") isPasting = true;
    if (name === "paste-end") isPasting = false;
  });
  lines.on("line", (line) => {
    pasted.push(line);
    if (isPasting) return;
    waiting.push(pasted.join("\n"));
    pasted = [];
    wake?.();
  });
  lines.on("close", () => {
    isOver = true;
    wake?.();
  });
  return {
    isOver: () => isOver,
    take: () => waiting.shift(),
    next: async (): Promise<string | undefined> => {
      if (waiting.length === 0 && !isOver) await new Promise<void>((resolve) => (wake = resolve));
      return waiting.shift();
    },
    clear: () => {
      const isAny = waiting.length + pasted.length > 0;
      waiting.length = 0;
      pasted = [];
      return isAny;
    },
  };
}
