/** One line of the table: how many times longer something takes than what it is measured against. */
export interface Row {
  /** What `--only` selects it by. */
  readonly name: string;
  readonly title: string;
  readonly goal: number;
  /** What is measured is no ratio; its unit. */
  readonly unit?: string;
  /** Takes minutes: it runs only when `--only` or `--all` asks for it. */
  readonly isLong?: true;
  /** Measures up to so many times; the files and servers that it needs end with it. */
  readonly measure: (rounds: number) => Promise<Measured>;
}

export interface Measured {
  readonly value: number;
  /** How often it was measured. */
  readonly rounds: number;
  /** What the value was made of. */
  readonly detail: string;
}

/** A row that takes long is not measured once more after this many milliseconds. */
const PATIENCE = 120_000;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Both sides in turn, round by round, so that what slows the machine down meets both. */
export async function compare(
  rounds: number,
  ours: (round: number) => Promise<number>,
  bare: (round: number) => Promise<number>,
): Promise<Measured> {
  const times: { readonly ours: number[]; readonly bare: number[] } = { ours: [], bare: [] };
  const began = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    times.ours.push(await ours(round));
    times.bare.push(await bare(round));
    if (performance.now() - began > PATIENCE) break;
  }
  const [one, other] = [median(times.ours), median(times.bare)];
  return {
    value: one / other,
    rounds: times.ours.length,
    detail: `${one.toFixed(0)} ms ÷ ${other.toFixed(0)} ms`,
  };
}
