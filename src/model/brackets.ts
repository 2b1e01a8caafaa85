const [QUOTE, BACKSLASH] = [0x22, 0x5c];
export const [LIST, OBJECT] = [0x5b, 0x7b];
const [LIST_END, OBJECT_END] = [0x5d, 0x7d];

/** Told the code of each bracket, and where it stands in the piece. */
type Visit = (bracket: number, at: number) => void;

/** Finds the brackets of a JSON text that comes in pieces; those in strings are none. The text need not be JSON. */
export function bracketScanner(): (piece: string, visit: Visit) => void {
  let isInString = false;
  /** A backslash at the end of a piece: the next character is a part of the string. */
  let isEscaped = false;
  const endOfString = (piece: string, from: number): number => {
    const start = isEscaped ? from + 1 : from;
    let end = piece.indexOf('"', start);
    while (end >= 0 && hasBackslash(piece, start, end)) end = piece.indexOf('"', end + 1);
    isInString = end < 0;
    isEscaped = isInString && hasBackslash(piece, start, piece.length);
    return isInString ? piece.length : end;
  };
  return (piece, visit) => {
    if (piece === "") return;
    for (let at = isInString ? endOfString(piece, 0) + 1 : 0; at < piece.length; at += 1) {
      const unit = piece.charCodeAt(at);
      if (unit === QUOTE) at = endOfString(piece, at + 1);
      else if (unit === LIST || unit === OBJECT || unit === LIST_END || unit === OBJECT_END) visit(unit, at);
    }
  };
}

/** An odd number of backslashes stands before `end`. */
function hasBackslash(piece: string, start: number, end: number): boolean {
  let first = end;
  while (first > start && piece.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (end - first) % 2 === 1;
}
