import { resolve } from "node:path";
import { faultOf } from "../../host/files/fault.ts";
import { readText } from "../../host/files/read.ts";
import { readChatScript, SCRIPT_LIMIT, type ChatScript } from "../../schema/check/chat-script.ts";
import { UsageError } from "../failure.ts";
import type { Io } from "../io.ts";
import { failedBy } from "../problems.ts";

/** The script in a file of the command line. Its mistakes go to standard error, and end the command. */
export async function scriptIn(io: Io, file: string, color: boolean): Promise<ChatScript> {
  const text = textIn(io, file);
  const read = await readChatScript(file, text);
  if ("script" in read) return read.script;
  return failedBy(io, { diagnostics: read.diagnostics, sources: () => text }, { color });
}

function textIn(io: Io, file: string): string {
  try {
    return readText(resolve(io.cwd, file), SCRIPT_LIMIT);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${faultOf(error).reason}`);
  }
}
