import { readChatScript, SCRIPT_LIMIT, type ChatScript } from "../../schema/check/chat-script.ts";
import { sourceAt } from "../data-file.ts";
import type { Io } from "../io.ts";
import { failedBy } from "../problems.ts";

/** The script in a file of the command line. Its mistakes go to standard error, and end the command. */
export async function scriptIn(io: Io, file: string, color: boolean): Promise<ChatScript> {
  const source = await sourceAt(io, file, { color, limit: SCRIPT_LIMIT });
  const read = await readChatScript(source);
  if ("script" in read) return read.script;
  return failedBy(io, { diagnostics: read.diagnostics, sources: () => source.text }, { color });
}
