import { badCharacter, INCLUDE_LIMIT } from "../read/read-file.ts";

/** Whether a file can hold the text so that it is included as it is. */
export function fitsFile(text: string): boolean {
  if (text.trim() === "" || /\r(?!\n)/.test(text) || text.startsWith("\uFEFF")) return false;
  return badCharacter(text) === undefined && Buffer.byteLength(text) < INCLUDE_LIMIT;
}

/** The text as a file: one line end at its end is no part of it. */
export function fileText(text: string): string {
  return `${text}\n`;
}

const MANY_LINES = 20;
const MANY_CHARACTERS = 2000;

/** Better read in a file of its own. */
export function isLongText(text: string): boolean {
  return text.length > MANY_CHARACTERS || text.split("\n").length > MANY_LINES;
}
