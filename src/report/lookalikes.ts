import { spelled } from "./safe.ts";

/** Letters of other scripts, and hyphens, that look like those of every keyboard, which stand below them. */
const OTHERS = "АВЕКМНОРСТУХІЈЅаеорсухіјѕԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧον‐‑";
const COMMON = "ABEKMHOPCTYXIJSaeopcyxijsdqwhABEZHIKMNOPTYXov--";
const SAME_LOOK: ReadonlyMap<string, string> = new Map(
  Array.from(OTHERS, (letter, index) => [letter, COMMON[index] ?? letter]),
);

/** What a reader sees: the same for texts that differ in how they are composed, in kinds of blanks, or in script. */
function look(text: string): string {
  const common = (letter: string) => (/\p{Zs}/u.test(letter) ? " " : (SAME_LOOK.get(letter) ?? letter));
  return Array.from(text.normalize("NFC"), common).join("");
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
