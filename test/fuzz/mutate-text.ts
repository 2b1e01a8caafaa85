import type { Chance } from "./chance.ts";
import { anyText } from "./values.ts";

type Mutation = (text: string, chance: Chance) => string;

/** A text that was changed in one to four places. */
export function mutatedText(text: string, chance: Chance): string {
  let changed = text;
  for (let left = 1 + chance.below(4); left > 0; left -= 1) changed = chance.pick(MUTATIONS)(changed, chance);
  return changed;
}

/** Bytes that no longer need to be UTF-8. */
export function mutatedBytes(bytes: Buffer, chance: Chance): Buffer {
  const changed = Buffer.from(bytes);
  for (let left = 1 + chance.below(8); left > 0 && changed.length > 0; left -= 1)
    changed[chance.below(changed.length)] = chance.below(256);
  return chance.oneIn(3) ? changed.subarray(0, chance.below(changed.length + 1)) : changed;
}

const lines =
  (change: (all: string[], at: number, chance: Chance) => void): Mutation =>
  (text, chance) => {
    const all = text.split("\n");
    change(all, chance.below(all.length), chance);
    return all.join("\n");
  };

const SIGNS = [
  "{",
  "}",
  "[",
  "]",
  "&a ",
  "*a",
  "!!binary ",
  "|",
  ">-",
  "---\n",
  "...",
  "<<: ",
  "? ",
  "- ",
  "#",
  "\t",
  "'",
  '"',
];

const MUTATIONS: readonly Mutation[] = [
  lines((all, at) => void all.splice(at, 1)),
  lines((all, at) => void all.splice(at, 0, all[at] ?? "")),
  lines(
    (all, at, chance) => void all.splice(at, 0, ...all.splice(chance.below(all.length), 1 + chance.below(5))),
  ),
  lines((all, at, chance) => void (all[at] = " ".repeat(chance.below(9)) + (all[at] ?? "").trimStart())),
  lines((all, at, chance) => void (all[at] = (all[at] ?? "").replace(/:.*$/s, () => `: ${anyText(chance)}`))),
  lines(
    (all, at, chance) =>
      void (all[at] = (all[at] ?? "").replace(/:.*$/s, () => `: ${JSON.stringify(anyText(chance))}`)),
  ),
  lines(
    (all, at, chance) =>
      void (all[at] = (all[at] ?? "").replace(/[\w-]+:/, () => `${JSON.stringify(anyText(chance))}:`)),
  ),
  lines(
    (all, at, chance) => void all.splice(at, 0, ...Array<string>(chance.pick([10, 1000])).fill(all[at] ?? "")),
  ),
  (text, chance) => inserted(text, anyText(chance), chance),
  (text, chance) => inserted(text, chance.pick(SIGNS), chance),
  (text, chance) => inserted(text, chance.pick(["[", "{a: ", "- "]).repeat(chance.pick([30, 3000])), chance),
  (text, chance) => text.slice(0, chance.below(text.length + 1)),
  (text, chance) => text.slice(chance.below(text.length + 1)),
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => `${text}\n---\n${text}`,
  (text) => `${aliases()}\n${text}`,
];

function inserted(text: string, part: string, chance: Chance): string {
  const at = chance.below(text.length + 1);
  return text.slice(0, at) + part + text.slice(at);
}

/** Each line is ten of the line before it. */
function aliases(): string {
  const levels = ["b", "c", "d", "e", "f", "g", "h"];
  const line = (name: string, before: string) =>
    `${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`;
  return ["a: &a [x]", ...levels.map((name, at) => line(name, levels[at - 1] ?? "a"))].join("\n");
}
