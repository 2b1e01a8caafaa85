import type { Turn } from "../../model/chat.ts";
import type { Listening } from "../../operations/chat.ts";
import { Interrupted } from "../../model/interrupted.ts";
import { visible } from "../../model/visible.ts";
import { UsageError } from "../failure.ts";
import { adviceText } from "../next-command.ts";
import { note, noteError, type Io } from "../io.ts";
import { liveAnswer, noteProblem } from "./live.ts";
import { openPrompt, type Prompt } from "./prompt.ts";

export interface Talk {
  readonly say: (message: string, listening: Listening) => Promise<Turn>;
  /** Throws `UsageError`. */
  readonly save: (file: string) => Promise<void>;
  readonly stream: "stdout" | "stderr";
  /** A request to stop that does not come from the keyboard. */
  readonly signal: AbortSignal;
}

/** Talks until /exit, Ctrl-D, or Ctrl-C where no answer is on its way. Answers are shown as they arrive. */
export async function talk(io: Io, { say, save, stream, signal }: Talk): Promise<void> {
  const prompt = openPrompt(io);
  const stopping = stoppable(prompt, signal);
  try {
    for (;;) {
      const line = await prompt.next();
      if (line === undefined) break;
      const command = commandIn(line);
      if (command.type === "exit") return;
      if (command.type === "help") await note(io, HELP);
      else if (command.type === "unknown")
        await noteError(io, `unknown command ${command.name}`, { help: "to see the commands, type /help" });
      else if (command.type === "save") await saved(io, command.file, save);
      else if (command.type === "message") await turn(io, command.text, { say, stream, stopping });
    }
    // The prompt has no line end yet.
    await note(io, "");
  } finally {
    prompt.close();
  }
}

interface Stopping {
  /** The signal that stops the answer to come. */
  begin(): AbortSignal;
  end(): void;
}

/** The first Ctrl-C stops an answer; without one, it clears what was typed, or ends the conversation. */
function stoppable(prompt: Prompt, signal: AbortSignal): Stopping {
  let answer: AbortController | undefined;
  const stop = () => answer?.abort(new Interrupted("interrupted"));
  prompt.onInterrupt(() => {
    // Lines that wait for this answer are not sent, either.
    const isTyped = prompt.clear();
    if (answer !== undefined && !answer.signal.aborted) stop();
    else if (answer !== undefined || !isTyped) prompt.close();
  });
  signal.addEventListener("abort", () => {
    prompt.clear();
    stop();
    prompt.close();
  });
  return {
    begin: () => {
      answer = new AbortController();
      if (signal.aborted) stop();
      return answer.signal;
    },
    end: () => {
      answer = undefined;
    },
  };
}

interface Asking extends Pick<Talk, "say" | "stream"> {
  readonly stopping: Stopping;
}

async function turn(io: Io, message: string, { say, stream, stopping }: Asking): Promise<void> {
  const live = liveAnswer(io, stream);
  const ended = await say(message, { onPiece: live.add, signal: stopping.begin() });
  stopping.end();
  await live.end();
  await noteProblem(io, ended);
}

async function saved(io: Io, file: string, save: Talk["save"]): Promise<void> {
  try {
    await save(file);
    await note(io, visible(`Saved the conversation to ${file}.`));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await noteError(io, error.message, { help: error.hint && adviceText(error.hint, {}) });
  }
}

/** What a line in a conversation means. */
type Line =
  | { readonly type: "message"; readonly text: string }
  | { readonly type: "exit" | "help" | "nothing" }
  | { readonly type: "save"; readonly file: string }
  | { readonly type: "unknown"; readonly name: string };

const HELP = `/exit         ends the conversation (also Ctrl-D, or Ctrl-C at an empty prompt)
/save <file>  writes the conversation to a file: .json, .md, or text
/help         shows this
//text        sends a message that begins with a slash
Ctrl-C stops an answer.`;

function commandIn(line: string): Line {
  const text = line.trim();
  if (text === "") return { type: "nothing" };
  if (text.startsWith("//")) return { type: "message", text: text.slice(1) };
  if (!text.startsWith("/")) return { type: "message", text };
  const [, name = "", rest = ""] = /^(\S+)\s*(.*)$/su.exec(text) ?? [];
  if (name === "/exit" && rest === "") return { type: "exit" };
  if (name === "/help" && rest === "") return { type: "help" };
  if (name === "/save" && rest !== "") return { type: "save", file: rest };
  return { type: "unknown", name: text };
}
