import type { Runtime } from "../model/runtime.ts";

/** Between the reads, in milliseconds. */
const PAUSES = [200, 400, 800, 1600];

/** Reads until the result is as expected: a read may be late. What was read last. */
export async function readUntil<T>(
  read: () => Promise<T>,
  isExpected: (result: T) => boolean,
  runtime: Runtime,
): Promise<T> {
  for (const pause of PAUSES) {
    const result = await read();
    if (isExpected(result)) return result;
    await runtime.sleep(pause);
  }
  return read();
}
