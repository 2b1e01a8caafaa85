import { resolve } from "node:path";
import { faultOf } from "../../host/files/fault.ts";
import { readText } from "../../host/files/read.ts";
import { formatDiagnostics } from "../../report/diagnostics.ts";
import { readChatScript, SCRIPT_LIMIT, type ChatScript } from "../../schema/check/chat-script.ts";
import { ExitError, UsageError } from "../failure.ts";
import { note, styleOf, type Io } from "../io.ts";

/** The script in a file of the command line. Its mistakes go to standard error, and end the command. */
export async function scriptIn(io: Io, file: string, color: boolean): Promise<ChatScript> {
  const text = textIn(io, file);
  const read = await readChatScript(file, text);
  if ("script" in read) return read.script;
  await note(
    io,
    formatDiagnostics(read.diagnostics, () => text, styleOf(io, color)),
  );
  throw new ExitError(1);
}

function textIn(io: Io, file: string): string {
  try {
    return readText(resolve(io.cwd, file), SCRIPT_LIMIT);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${faultOf(error).reason}`);
  }
}
