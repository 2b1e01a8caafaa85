/** A name as it is compared: composed (NFC), without blanks around it. Two names of one key are one name. */
export function nameKey(name: string): string {
  return name.normalize("NFC").trim();
}

/** Letters of other scripts, and hyphens, that look like those of every keyboard, which stand below them. */
const OTHERS = "АВЕКМНОРСТУХІЈЅаеорсухіјѕԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧον‐‑";
const COMMON = "ABEKMHOPCTYXIJSaeopcyxijsdqwhABEZHIKMNOPTYXov--";
const SAME_LOOK: ReadonlyMap<string, string> = new Map(
  Array.from(OTHERS, (letter, index) => [letter, COMMON[index] ?? letter]),
);

/** What a reader sees: the same for texts that differ in how they are composed, in kinds of blanks, or in script. */
export function look(text: string): string {
  const common = (letter: string) => (/\p{Zs}/u.test(letter) ? " " : (SAME_LOOK.get(letter) ?? letter));
  return text.normalize("NFC").replaceAll(/[^\0-\x7F]/gu, common);
}

const INVISIBLE = /[\u00AD\u200B-\u200F\u2060\uFEFF]/gu;

/** The same for names that are easily taken for each other: by case, width, blanks, hidden characters or script. */
export function roughName(name: string): string {
  const visible = look(name.replaceAll(INVISIBLE, "").normalize("NFKC"));
  return visible.toLowerCase().replaceAll(/\s+/g, " ").trim();
}
