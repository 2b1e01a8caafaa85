import anyAscii from "any-ascii";
import { nameKey } from "../../model/name.ts";

const LONGEST = 60;
const PICTURES = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200D|\uFE0F|\u20E3/gu;
/** Names that Windows keeps for devices, whatever extension they have. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** The same with more after a dot, and the name of the project file. */
const RESERVED_FILE = /^(?:(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)|rollcall$)/i;

/** A local name as the name of a new file, without its extension: free on any file system, and no project file. */
export function fileNameOf(name: string): string {
  return name.replace(RESERVED_FILE, "$&-1");
}

/**
 * A name in small letters, digits and hyphens, as it may stand in an address and in a path on any file system; empty
 * where nothing of it can be written so. Pictures count only where there is nothing else.
 */
export function slugOf(name: string): string {
  const slug = slugOfAll(name.replaceAll(PICTURES, " ")) || slugOfAll(name);
  return DEVICE.test(slug) ? `${slug}-1` : slug;
}

function slugOfAll(name: string): string {
  const words = anyAscii(nameKey(name).normalize("NFKC"))
    .toLowerCase()
    .replaceAll(/['’]/g, "")
    .replaceAll(/[^a-z0-9]+/g, "-");
  return cutTo(LONGEST, words.replaceAll(/^-+|-+$/g, ""));
}

/** Cut between words where that leaves enough. */
export function cutTo(longest: number, words: string): string {
  if (words.length <= longest) return words;
  const end = words.lastIndexOf("-", longest);
  return words.slice(0, end > longest / 2 ? end : longest);
}

/** The name with the first number, from 2, that makes it free. */
export function numbered(name: string, isFree: (name: string) => boolean): string {
  for (let number = 2; ; number += 1) {
    const next = `${name}-${number}`;
    if (isFree(next)) return next;
  }
}
