/** Asked to stop before anything was written live. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Waits for work that only reads, until it is asked to stop. After that, the result of the work is ignored. */
export async function unlessInterrupted<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return work();
  const stop = new Interrupted("interrupted");
  if (signal.aborted) throw stop;
  let forget: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    const onAbort = () => reject(stop);
    signal.addEventListener("abort", onAbort, { once: true });
    forget = () => signal.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    forget();
  }
}
