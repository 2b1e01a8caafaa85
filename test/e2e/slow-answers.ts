/** The waits of an emulator before slow answers, which take as long as a test wants. */
export interface SlowAnswers {
  /** For the emulator. */
  readonly sleep: () => Promise<void>;
  /** Resolves when the first request waits. */
  readonly waiting: Promise<void>;
  /** Ends the waits. */
  end(): void;
}

export function slowAnswers(): SlowAnswers {
  let [begin, end] = [() => {}, () => {}];
  const waiting = new Promise<void>((resolve) => (begin = resolve));
  const over = new Promise<void>((resolve) => (end = resolve));
  return {
    sleep: () => {
      begin();
      return over;
    },
    waiting,
    end: () => end(),
  };
}
