/** A stretch that two sequences have in common. */
export interface Stretch {
  readonly before: number;
  readonly after: number;
  readonly length: number;
}

/** Beyond this many comparisons the middle of two sequences counts as different throughout. */
const MOST_CELLS = 4_000_000;

/** The longest common subsequence, as stretches in order. */
export function common<T>(before: readonly T[], after: readonly T[]): readonly Stretch[] {
  let head = 0;
  const shorter = Math.min(before.length, after.length);
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const middle = middleOf(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
    head,
  );
  return merged([
    { before: 0, after: 0, length: head },
    ...middle,
    { before: before.length - tail, after: after.length - tail, length: tail },
  ]);
}

/** Both middles begin at `offset`. */
function middleOf<T>(before: readonly T[], after: readonly T[], offset: number): readonly Stretch[] {
  const [rows, columns] = [before.length, after.length];
  if (rows === 0 || columns === 0 || rows * columns > MOST_CELLS) return [];
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const found: Stretch[] = [];
  let [row, column] = [0, 0];
  while (row < rows && column < columns) {
    if (before[row] === after[column]) {
      found.push({ before: offset + row++, after: offset + column++, length: 1 });
    } else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return found;
}

function merged(stretches: readonly Stretch[]): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of stretches) {
    const last = result.at(-1);
    if (stretch.length === 0) continue;
    const isNext =
      last !== undefined &&
      last.before + last.length === stretch.before &&
      last.after + last.length === stretch.after;
    if (isNext) result[result.length - 1] = { ...last, length: last.length + stretch.length };
    else result.push(stretch);
  }
  return result;
}

const PIECES = /[\p{L}\p{N}_]+|\s|[^\p{L}\p{N}_\s]/gu;

/** What two texts have in common, in characters: whole lines first, words in what lies between. */
export function commonText(before: string, after: string): readonly Stretch[] {
  const [left, right] = [linesOf(before), linesOf(after)];
  const lines = common(left, right);
  const [leftAt, rightAt] = [offsetsOf(left), offsetsOf(right)];
  const found: Stretch[] = [];
  let [i, j] = [0, 0];
  for (const { before: row, after: column, length } of [
    ...lines,
    { before: left.length, after: right.length, length: 0 },
  ]) {
    found.push(...words(left.slice(i, row), right.slice(j, column), leftAt[i] ?? 0, rightAt[j] ?? 0));
    const [from, to] = [leftAt[row] ?? 0, leftAt[row + length] ?? before.length];
    found.push({ before: from, after: rightAt[column] ?? 0, length: to - from });
    [i, j] = [row + length, column + length];
  }
  return merged(found);
}

/** With their line ends. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function words(
  left: readonly string[],
  right: readonly string[],
  before: number,
  after: number,
): readonly Stretch[] {
  const [a, b] = [left.join("").match(PIECES) ?? [], right.join("").match(PIECES) ?? []];
  const [aAt, bAt] = [offsetsOf(a), offsetsOf(b)];
  return common(a, b).map((stretch) => ({
    before: before + (aAt[stretch.before] ?? 0),
    after: after + (bAt[stretch.after] ?? 0),
    length: (aAt[stretch.before + stretch.length] ?? 0) - (aAt[stretch.before] ?? 0),
  }));
}

/** Where each piece begins, and where the last one ends. */
function offsetsOf(pieces: readonly string[]): readonly number[] {
  const offsets = [0];
  for (const piece of pieces) offsets.push((offsets.at(-1) ?? 0) + piece.length);
  return offsets;
}
