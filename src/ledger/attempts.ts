import type { Runtime } from "../model/runtime.ts";

const MOST = 4;
const FIRST_PAUSE = 500;

/** What repeats requests: `patience` is the number of milliseconds after which none is repeated. */
interface Repeating {
  readonly runtime: Runtime;
  readonly patience: number;
}

/** Whether an attempt is the last: few are made, and fewer when each of them takes long. */
export function lastAttempt({ runtime, patience }: Repeating): (attempt: number) => boolean {
  const began = runtime.now().getTime();
  return (attempt) => attempt >= MOST || runtime.now().getTime() - began > patience;
}

/** Waits before the next attempt: as long as the server asks for, otherwise longer each time. */
export async function backOff(
  { runtime }: Pick<Repeating, "runtime">,
  attempt: number,
  asked?: number,
): Promise<void> {
  await runtime.sleep(asked ?? FIRST_PAUSE * 2 ** attempt * runtime.random());
}
