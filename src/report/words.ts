import { diffArrays } from "diff";
import { look } from "../model/name.ts";
import { spelled } from "../model/visible.ts";

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

/** Two lines compared by word. Words that only look alike are written out, so that they do not. */
export function wordDiff(before: string, after: string): WordDiff {
  const [left, right] = [before.match(WORD) ?? [], after.match(WORD) ?? []];
  const edits = diffArrays([...left], [...right], { maxEditLength: MOST_WORD_EDITS });
  const found: readonly Change[] =
    edits === undefined ? [{ same: "", removed: before, added: after }] : changesOf(edits);
  const alike = found
    .filter(({ removed, added }) => lookAlike(removed, added))
    .reduce((sum, { removed, added }) => sum + Math.max(letters(removed), letters(added)), 0);
  const changes = readable(found.map(toldChange));
  const same = changes.reduce((sum, change) => sum + letters(change.same), alike);
  const longer = Math.max(letters(before), letters(after));
  return {
    before: wordsOf(changes, ({ removed }) => removed),
    after: wordsOf(changes, ({ added }) => added),
    common: longer === 0 ? 1 : same / longer,
  };
}

/** The texts side by side, each told apart from the others. */
export function besideEachOther(texts: readonly string[]): readonly string[] {
  return texts.map((text) => {
    const told = texts.map((other) => textOf(wordDiff(text, other).before));
    return told.find((one) => one !== text) ?? text;
  });
}

export function textOf(words: readonly Words[]): string {
  return words.map(({ text }) => text).join("");
}

/** Unchanged text, and what follows it on either side. */
interface Change {
  readonly same: string;
  readonly removed: string;
  readonly added: string;
}

function toldChange(change: Change): Change {
  const { same, removed, added } = change;
  return lookAlike(removed, added) ? { same, removed: toldApart(removed), added: toldApart(added) } : change;
}

function changesOf(edits: readonly { value: string[]; added: boolean; removed: boolean }[]): readonly Change[] {
  const changes: Change[] = [];
  for (const { value, added, removed } of edits) {
    const text = value.join("");
    const last = changes.at(-1);
    if (!added && !removed) changes.push({ same: text, removed: "", added: "" });
    else if (last === undefined)
      changes.push({ same: "", removed: removed ? text : "", added: added ? text : "" });
    else {
      changes[changes.length - 1] = {
        same: last.same,
        removed: last.removed + (removed ? text : ""),
        added: last.added + (added ? text : ""),
      };
    }
  }
  return changes;
}

/** A stretch that is shorter than the changes on both of its sides only tears them apart: it joins them. */
function readable(changes: readonly Change[]): readonly Change[] {
  const result: Change[] = [];
  for (const change of changes) {
    const last = result.at(-1);
    const between = Math.min(weight(last), weight(change));
    if (
      last === undefined ||
      result.length + letters(change.same) === 0 ||
      letters(change.same) > between ||
      between === 0
    ) {
      result.push(change);
      continue;
    }
    result[result.length - 1] = {
      same: last.same,
      removed: last.removed + change.same + change.removed,
      added: last.added + change.same + change.added,
    };
  }
  return result.length < changes.length ? readable(result) : result;
}

function weight(change: Change | undefined): number {
  return change === undefined ? 0 : Math.max(letters(change.removed), letters(change.added));
}

function letters(text: string): number {
  return text.replaceAll(/\s+/g, "").length;
}

function wordsOf(changes: readonly Change[], side: (change: Change) => string): readonly Words[] {
  const result: Words[] = [];
  const add = (text: string, changed: boolean) => {
    const last = result.at(-1);
    if (text === "") return;
    if (last?.changed === changed) result[result.length - 1] = { text: last.text + text, changed };
    else result.push({ text, changed });
  };
  for (const change of changes) {
    add(change.same, false);
    add(side(change), true);
  }
  return result;
}

/** Long unchanged stretches cut down to about `keep` characters beside each change. */
export function elided(words: readonly Words[], keep: number): readonly Words[] {
  if (!words.some(({ changed }) => changed)) return words;
  return words.map((word, index) => {
    if (word.changed) return word;
    const [isFirst, isLast] = [index === 0, index === words.length - 1];
    const start = isFirst ? "" : `${beginning(word.text, keep)} `;
    const end = isLast ? "" : ` ${ending(word.text, keep)}`;
    const isLong = word.text.length > start.length + end.length + keep;
    return isLong ? { text: `${start}…${end}`, changed: false } : word;
  });
}

/** Cut between characters, not inside of one that takes two units. */
function beginning(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}

function ending(text: string, length: number): string {
  return text.slice(-length).replace(/^[\uDC00-\uDFFF]/, "");
}

/** True for two different texts that a reader cannot tell apart. */
export function lookAlike(one: string, other: string): boolean {
  return one !== other && look(one) === look(other);
}

/** The text with the characters written out that another one could be taken for. */
export function toldApart(text: string): string {
  const told = text.replaceAll(/\P{M}\p{M}+/gu, separate).replaceAll(/[^\0-\x7F]/gu, odd);
  return told === text && look(text) !== text ? spelled(text, /[^\0-\x7F]/gu) : told;
}

/** Marks that could be one with their letter. */
function separate(cluster: string): string {
  return cluster === cluster.normalize("NFC") ? cluster : spelled(cluster, /\p{M}/gu);
}

function odd(letter: string): string {
  return look(letter) === letter ? letter : spelled(letter, /./gsu);
}
