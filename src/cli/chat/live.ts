import type { Turn } from "../../model/chat.ts";
import { adviceAfter } from "../../report/advice.ts";
import { createFlow, createLines } from "../../report/flow.ts";
import { noteCancelled, noteError, printPart, type Io } from "../io.ts";

/** An answer that is shown as it arrives. */
export interface LiveAnswer {
  add(piece: string): void;
  /** Resolves when all of it is written, and its last line has an end. Throws as `print` does. */
  end(): Promise<void>;
}

/** Columns of the narrowest terminal that text is wrapped for. */
const NARROWEST = 20;

export function liveAnswer(io: Io, stream: "stdout" | "stderr"): LiveAnswer {
  const flow = io.isTerminal[stream] ? createFlow(() => columnsOf(io, stream)) : createLines();
  const printing = inOrder();
  const write = (text: string) => {
    if (text !== "") printing.add(() => printPart(io, text, stream));
  };
  return {
    add: (piece) => write(flow.add(piece)),
    end: () => {
      write(flow.end());
      return printing.end();
    },
  };
}

/** What is printed one after the other, while other things happen. */
export interface Printing {
  add(print: () => Promise<void>): void;
  /** Resolves when all of it is printed, or failed to be. */
  settled(): Promise<void>;
  /** The same; throws the first error. */
  end(): Promise<void>;
}

export function inOrder(): Printing {
  let written = Promise.resolve();
  const errors: unknown[] = [];
  return {
    add: (print) => {
      written = written.then(print).catch((error: unknown) => void errors.push(error));
    },
    settled: () => written,
    end: async () => {
      await written;
      if (errors.length > 0) throw errors[0];
    },
  };
}

/** Of the terminal as it is by now. */
function columnsOf(io: Io, stream: "stdout" | "stderr"): number {
  const { columns = io.columns } = io[stream] as { readonly columns?: number };
  return Math.max(NARROWEST, columns);
}

/** Why there is no complete answer. */
export async function noteProblem(io: Io, { status, problem = "", failure }: Turn): Promise<void> {
  if (status === "stopped") await noteCancelled(io, "The answer was stopped.");
  else if (status === "unknown")
    await noteError(io, problem, {
      help: "the assistant may have received the message; it is not sent again",
      failure,
    });
  else if (status === "failed")
    await noteError(io, problem, { help: failure && adviceAfter(failure), failure });
}
