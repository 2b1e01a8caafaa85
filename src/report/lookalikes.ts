import { look } from "../model/name.ts";
import { spelled } from "./safe.ts";

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
