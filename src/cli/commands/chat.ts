import { version } from "../../host/version.ts";
import { stringify } from "../../model/json.ts";
import type { Transcript, Turn } from "../../model/chat.ts";
import type { SpokenMessage } from "../../model/test-run.ts";
import { calledBy, type FoundObject } from "../../operations/account/find.ts";
import { maskedMessage, maskedTranscript } from "../../operations/masked-answer.ts";
import { conversationWith, earlierIn, type Conversation } from "../../operations/chat.ts";
import { earlierText, transcriptJson } from "../../report/transcript.ts";
import { visible } from "../../model/visible.ts";
import type { ChatScript, Expectation, ScriptTurn } from "../../schema/check/chat-script.ts";
import { assistantIn, withAccount, type AccountOptions, type OpenAccount } from "../account.ts";
import { messagesOf, scriptIn } from "../chat/input.ts";
import { inOrder, liveAnswer, noteProblem, type Printing } from "../chat/live.ts";
import { transcriptSaver } from "../chat/save.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import type { Format } from "../formats/format.ts";
import { nextCommand } from "../next-command.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { checkInputs, checkOwnFiles } from "../output-guard.ts";
import { all, checkReports, outputsOf, saying, writeReports, type ReportFile } from "../reports.ts";

export interface ChatOptions extends AccountOptions {
  readonly message: readonly string[];
  readonly conversation?: string;
  readonly stream?: boolean;
  readonly script?: string;
  readonly format: Format<"chat">;
  readonly report: readonly ReportFile<"chat">[];
}

/** One chat, from its first message to its last. */
interface Chat {
  readonly io: Io;
  readonly options: ChatOptions;
  readonly workspace: OpenAccount;
  readonly found: FoundObject;
  readonly conversation: Conversation;
  /** What was said in it before; absent for a new one. */
  readonly earlier: readonly SpokenMessage[] | undefined;
  readonly turns: Turn[];
  readonly signal: AbortSignal;
  readonly script: ChatScript | undefined;
}

/** Chats with an assistant: the messages of the command line or of standard input, or a person at a terminal. */
export async function chatCommand(io: Io, assistant: string, options: ChatOptions): Promise<ExitCode> {
  checkOptions(options);
  await checkReports(io, options.report);
  const script = options.script === undefined ? undefined : await scriptIn(io, options.script, options.color);
  const messages = script === undefined ? await messagesOf(io, options.message) : undefined;
  return withAccount(io, options, async (workspace, interruption) => {
    const signal = interruption();
    checkOwnFiles(io.cwd, outputsOf(options.report), workspace.loaded);
    if (options.script !== undefined) checkInputs(io.cwd, outputsOf(options.report), [options.script]);
    const found = await assistantIn(workspace, assistant);
    const { chats } = workspace.provider;
    const { conversation: known } = options;
    const earlier = known === undefined ? undefined : await earlierIn(chats, found, known);
    const conversation = conversationWith({
      chats,
      runtime: io.runtime,
      assistantId: found.id,
      conversationId: known,
    });
    const chat: Chat = { io, options, workspace, found, conversation, earlier, turns: [], signal, script };
    const turns = script?.turns ?? messages?.map((message) => ({ message, expectations: [] }));
    return turns === undefined ? talked(chat) : sent(chat, turns);
  });
}

function checkOptions({ format, report, script, message, conversation }: ChatOptions): void {
  const isJunit = format.name === "junit" || report.some((one) => one.format.name === "junit");
  if (isJunit && script === undefined) throw new UsageError("the format junit needs a script", "pass --script");
  if (script !== undefined && message.length > 0)
    throw new UsageError("--script cannot be used with --message", "write the message into the script");
  if (conversation?.trim() === "") throw new UsageError("--conversation is empty");
}

function transcriptOf({ found, conversation, earlier, turns, script, options }: Chat): Transcript {
  const { address, id, name } = found;
  const conversationId = conversation.id();
  return maskedTranscript({
    assistant: { id, name, ...(address !== undefined && { address }) },
    ...(conversationId !== undefined && { conversationId }),
    ...(earlier !== undefined && { earlier }),
    turns,
    ...(script !== undefined && {
      script: { file: options.script ?? "", messages: script.turns.map(({ message }) => message) },
    }),
  });
}

/** At a terminal. What goes wrong in one turn does not end the conversation. */
async function talked(chat: Chat): Promise<ExitCode> {
  const { io, options, workspace, found, conversation, turns, signal } = chat;
  const isShown = options.format.name === "text" && io.isTerminal.stdout;
  const { talk } = await import("../chat/terminal.ts");
  const save = transcriptSaver(io, workspace.loaded);
  await note(io, visible(`Chat with ${calledBy(found)}. To end it, type /exit; for more, /help.`));
  if (chat.earlier !== undefined && chat.earlier.length > 0)
    await note(io, earlierText(chat.earlier.map(maskedMessage)));
  // A person reads what goes wrong in a turn.
  await talk(
    { ...io, errors: "text" },
    {
      signal,
      stream: isShown ? "stdout" : "stderr",
      say: async (message, listening) => {
        const turn = await conversation.say(message, listening);
        turns.push(turn);
        return turn;
      },
      save: (file) => save(file, transcriptOf(chat)),
    },
  );
  const isFailed = turns.length > 0 && turns.every(({ status }) => status === "failed");
  return ended(chat, isFailed ? 1 : 0, { isShown, isNoted: false });
}

/** One after the other, until one gets no answer. */
async function sent(chat: Chat, messages: readonly ScriptTurn[]): Promise<ExitCode> {
  const { io, options, conversation, turns, signal } = chat;
  const isJson = options.format.name === "json";
  const isText = options.format.name === "text";
  const isStreamed = chat.script === undefined && (options.stream ?? (isText && io.isTerminal.stdout));
  const printing = inOrder();
  for (const { message, expectations } of messages) {
    if (isText && isStreamed && messages.length > 1) printing.add(() => print(io, `> ${visible(message)}`));
    await printing.settled();
    const live = isStreamed && isText ? liveAnswer(io, "stdout") : undefined;
    const turn = await conversation.say(message, {
      signal,
      ...(isStreamed && {
        onPiece: live?.add ?? ((piece: string) => isJson && printing.add(() => ndjson(io, piece))),
      }),
    });
    turns.push(checked(turn, expectations));
    if (live !== undefined) printing.add(live.end);
    if (turn.status !== "answered") break;
  }
  const failed = turns.some(({ checks = [] }) => checks.some(({ isMet }) => !isMet));
  const code = exitCode({ command: "chat", statuses: turns.map(({ status }) => status), failed });
  return ended(chat, code, { isShown: isText && isStreamed, isNoted: true, printing });
}

/** Expectations cannot be checked on an answer that is not complete. */
function checked(turn: Turn, expectations: readonly Expectation[]): Turn {
  const { status, answer } = turn;
  if (expectations.length === 0 || status !== "answered" || answer === undefined) return turn;
  const checks = expectations.map(({ text, isMet }) => ({ expectation: text, isMet: isMet(answer) }));
  return { ...turn, checks };
}

/** A line of JSON; the last one is the transcript. */
function ndjson(io: Io, content: string): Promise<void> {
  return print(io, stringify({ type: "delta", content }));
}

interface Ended {
  /** Answers were shown as they came. */
  readonly isShown: boolean;
  /** The user must learn why the last answer is not complete. */
  readonly isNoted: boolean;
  /** What of the answers is still to be printed. */
  readonly printing?: Printing;
}

/** The transcript, and how to go on. */
async function ended(chat: Chat, code: ExitCode, { isShown, isNoted, printing }: Ended): Promise<ExitCode> {
  const { io, options, found, conversation, turns } = chat;
  const transcript = transcriptOf(chat);
  const style = styleOf(io, options.color);
  const last = turns.at(-1);
  const goOn = async () => {
    const id = conversation.id();
    if (id === undefined || options.quiet === true) return;
    const next = nextCommand(["chat", calledBy(found), "--conversation", id], options);
    await note(io, visible(`To go on, run: ${next}`));
  };
  // For programs, an error is the last line.
  if (io.errors === "json") await goOn();
  const result = await saying(io, code, () =>
    all([
      async () => printing?.end(),
      async () => {
        if (isShown || last === undefined) return;
        const isNdjson = options.stream === true && options.format.name === "json";
        const text = isNdjson
          ? stringify({ type: "transcript", ...transcriptJson(transcript, { rollcallVersion: version }) })
          : await options.format.render(transcript, style);
        if (text !== "") await print(io, text);
      },
      () => writeReports(io, options.report, transcript, style),
    ]),
  );
  if (io.errors !== "json") await goOn();
  if (last !== undefined && isNoted) await noteProblem(io, last);
  return result;
}
