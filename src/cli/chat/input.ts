import { UsageError } from "../failure.ts";
import type { Io } from "../io.ts";
import { type ChatScript, readChatScript, SCRIPT_LIMIT } from "../../schema/check/chat-script.ts";
import { sourceAt } from "../data-file.ts";
import { failedBy } from "../problems.ts";

/** Bytes of a message from standard input. */
const LARGEST = 256 * 1024;

/** The messages of the command line, `-` being standard input; `undefined` where a person is to type them. */
export async function messagesOf(
  io: Io,
  given: readonly string[],
): Promise<readonly [string, ...string[]] | undefined> {
  const [first, ...others] = given;
  if (first === undefined) return io.isInteractive ? undefined : [await fromStdin(io)];
  if (given.filter((text) => text === "-").length > 1)
    throw new UsageError("-m - reads standard input, and can be given once");
  const texts: string[] = [];
  for (const text of [first, ...others]) texts.push(text === "-" ? await fromStdin(io) : checked(text));
  return texts as [string, ...string[]];
}

function checked(text: string): string {
  if (text.trim() === "") throw new UsageError("a message is empty");
  return text;
}

async function fromStdin({ stdin }: Io): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as string | Uint8Array);
    size += bytes.length;
    if (size > LARGEST) throw new UsageError(`the message on standard input is larger than ${LARGEST} bytes`);
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString("utf8").trimEnd();
  if (text.trim() === "")
    throw new UsageError("there is no message on standard input", "pass one with -m, or use a terminal");
  return text;
}

/** The script in a file of the command line. Its mistakes go to standard error, and end the command. */
export async function scriptIn(io: Io, file: string, color: boolean): Promise<ChatScript> {
  const source = await sourceAt(io, file, { color, limit: SCRIPT_LIMIT });
  const read = await readChatScript(source);
  if ("script" in read) return read.script;
  return failedBy(io, { diagnostics: read.diagnostics, sources: () => source.text }, { color });
}
