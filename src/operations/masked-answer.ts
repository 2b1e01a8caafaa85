import type { Transcript, Turn } from "../model/chat.ts";
import type { SpokenMessage } from "../model/test-run.ts";
import { stringify } from "../model/json.ts";
import { masked } from "../schema/diagnostics/credentials/find.ts";
import { withoutCredentials } from "./without-credentials.ts";

/** Pieces of an answer as they arrive, without what looks like a credential. */
export interface MaskedPieces {
  add(piece: string): void;
  /** The rest. */
  end(): void;
}

/** A credential can arrive in several pieces, so a word is held back until its end. */
export function maskedPieces(onPiece: (piece: string) => void): MaskedPieces {
  let held = "";
  const tell = (text: string) => {
    if (text !== "") onPiece(masked(text));
  };
  return {
    add: (piece) => {
      held += piece;
      const end = /\s(?=\S*$)/.exec(held)?.index;
      if (end === undefined) return;
      tell(held.slice(0, end + 1));
      held = held.slice(end + 1);
    },
    end: () => {
      tell(held);
      held = "";
    },
  };
}

/** What was said, without credentials, to be shown and kept. Expectations are checked before. */
export function maskedTranscript(transcript: Transcript): Transcript {
  const { earlier, turns, script } = transcript;
  return {
    ...transcript,
    ...(earlier !== undefined && { earlier: earlier.map(maskedMessage) }),
    turns: turns.map(maskedTurn),
    ...(script !== undefined && { script: { ...script, messages: script.messages.map(masked) } }),
  };
}

function maskedTurn(turn: Turn): Turn {
  const { message, answer, checks } = turn;
  return {
    ...turn,
    message: masked(message),
    ...(answer !== undefined && { answer: masked(answer) }),
    ...(checks !== undefined && {
      checks: checks.map(({ expectation, isMet }) => ({ expectation: masked(expectation), isMet })),
    }),
  };
}

export function maskedMessage({ text, toolCalls, ...message }: SpokenMessage): SpokenMessage {
  return {
    ...message,
    ...(text !== undefined && { text: masked(text) }),
    toolCalls: toolCalls.map(({ name, arguments: given }) => {
      const safe = withoutCredentials(given);
      return { name, arguments: typeof safe === "string" ? safe : stringify(safe) };
    }),
  };
}
