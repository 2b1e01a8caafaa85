import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../../src/providers/telnyx/emulator/emulator.ts";
import type { Sandbox } from "../sandbox.ts";

/** An honest API with what the recordings say is live, or with nothing. */
export async function accountWith(content: string | undefined, { scratch }: Sandbox): Promise<Emulator> {
  const dataFile = join(scratch, "account.jsonl");
  await writeFile(dataFile, content ?? "");
  return startEmulator({ seed: 1, dataFile });
}
