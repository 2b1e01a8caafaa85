/** What the pure rooms may not reach for themselves. */
export interface Runtime {
  now(): Date;
  /** In [0, 1). */
  random(): number;
  uuid(): string;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted before. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
