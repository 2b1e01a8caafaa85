import { note, noteError, type Io } from "./io.ts";
import { sourcePlace } from "./source-place.ts";

/** An error that nobody expected: said like the others, with the places in the code that a bug report needs. */
export async function noteCrash(io: Io, error: unknown): Promise<void> {
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  await noteError(io, `this is a bug in Rollcall: ${name}: ${message}`);
  const from = stack.indexOf(message) + message.length;
  const places = stack
    .slice(from)
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    .map(sourcePlace);
  if (places.length > 0) await note(io, places.join("\n"));
}
