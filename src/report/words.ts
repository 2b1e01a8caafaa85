import { diffArrays } from "diff";

/** A stretch of a line; `changed` words differ from the other side. */
export interface Words {
  readonly text: string;
  readonly changed: boolean;
}

/** Beyond this the search costs more than its answer is worth: everything counts as changed. */
const MOST_WORD_EDITS = 600;

export interface WordDiff {
  readonly before: readonly Words[];
  readonly after: readonly Words[];
  /** 0 to 1: how much of the longer text the two have in common. */
  readonly common: number;
}

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*|\p{Sc}?[\p{L}\p{N}\p{M}_]+(?:['’.:@-][\p{L}\p{N}\p{M}_]+|,\p{N}+)*%?|\s+|./gsu;

/** Two lines compared by word. */
export function wordDiff(before: string, after: string): WordDiff {
  const [left, right] = [before.match(WORD) ?? [], after.match(WORD) ?? []];
  const edits = diffArrays([...left], [...right], { maxEditLength: MOST_WORD_EDITS });
  if (edits === undefined)
    return { before: [{ text: before, changed: true }], after: [{ text: after, changed: true }], common: 0 };
  const parts = edits.map(({ value, added, removed }) => ({ text: value.join(""), added, removed }));
  const same = parts.filter(({ added, removed }) => !added && !removed).map(({ text }) => text);
  const letters = (texts: readonly string[]) => texts.join("").replace(/\s+/g, "").length;
  const longer = Math.max(letters([before]), letters([after]));
  return {
    before: smooth(
      parts.filter(({ added }) => !added).map(({ text, removed }) => ({ text, changed: removed })),
    ),
    after: smooth(parts.filter(({ removed }) => !removed).map(({ text, added }) => ({ text, changed: added }))),
    common: longer === 0 ? 1 : letters(same) / longer,
  };
}

/** A space or a comma between two changed words belongs to the change. */
function smooth(words: readonly Words[]): readonly Words[] {
  const result: Words[] = [];
  for (const [index, word] of words.entries()) {
    const between = !word.changed && words[index - 1]?.changed === true && words[index + 1]?.changed === true;
    const changed = word.changed || (between && /^[^\p{L}\p{N}]{1,2}$/u.test(word.text));
    const last = result.at(-1);
    if (last !== undefined && last.changed === changed)
      result[result.length - 1] = { text: last.text + word.text, changed };
    else result.push({ text: word.text, changed });
  }
  return result;
}

/** Long unchanged stretches cut down to `keep` characters beside each change. */
export function elided(words: readonly Words[], keep: number): readonly Words[] {
  if (!words.some(({ changed }) => changed)) return words;
  return words.map((word, index) => {
    if (word.changed) return word;
    const [first, last] = [index === 0, index === words.length - 1];
    const tail = first ? "" : word.text.slice(0, keep);
    const head = last ? "" : word.text.slice(-keep);
    const isLong = word.text.length > tail.length + head.length + keep;
    return isLong ? { text: `${tail}${first ? "" : " "}…${last ? "" : " "}${head}`, changed: false } : word;
  });
}
