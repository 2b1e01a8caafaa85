import { bracketScanner, LIST, OBJECT } from "./brackets.ts";
import { isList, isObject, mapItems, mapMembers, type Json } from "./json.ts";
import { NestingError, parseUnchecked } from "./parse-json.ts";

export interface JsonReader {
  add(piece: string): void;
  /** The value; `undefined` for a text without any. Throws `NestingError` and `SyntaxError`. */
  end(): Json | undefined;
  /** The text so far, except for elements that are read. */
  frame(): string;
}

interface Reading {
  depth: number;
  /** The brackets around everything, and around the members of an object. */
  readonly outer: number[];
  /** The pieces of the text; in the place of each element stands a list with its number. */
  readonly frame: string[];
  /** The pieces of the element that is being read, and the depth at which it stands. */
  element: { readonly pieces: string[]; readonly depth: number } | undefined;
  readonly elements: Json[];
  failure: SyntaxError | undefined;
}

/**
 * Reads a JSON text that comes in pieces. The elements of a list are parsed one by one, if the list is the text itself or
 * a member of its object: the text of a large list is never held as a whole. Apart from that it is `parseJson`.
 */
export function jsonReader(deepest: number): JsonReader {
  const reading: Reading = {
    depth: 0,
    outer: [],
    frame: [],
    element: undefined,
    elements: [],
    failure: undefined,
  };
  const scan = bracketScanner();
  return {
    add(piece) {
      let from = 0;
      const keep = (to: number): void => {
        if (from < to && reading.failure === undefined)
          (reading.element?.pieces ?? reading.frame).push(piece.slice(from, to));
        from = to;
      };
      scan(piece, (bracket, at) => {
        if (bracket === LIST || bracket === OBJECT) {
          if (isElement(reading)) {
            keep(at);
            reading.element = { pieces: [], depth: reading.depth };
          }
          open(reading, bracket, deepest);
          return;
        }
        reading.depth -= 1;
        if (reading.element?.depth !== reading.depth) return;
        keep(at + 1);
        endElement(reading);
      });
      keep(piece.length);
    },
    end: () => ended(reading),
    frame: () => reading.frame.join(""),
  };
}

/** True where what begins now is an element that is read by itself. */
function isElement({ element, depth, outer: [first, second] }: Reading): boolean {
  if (element !== undefined) return false;
  return (depth === 1 && first === LIST) || (depth === 2 && first === OBJECT && second === LIST);
}

function open(reading: Reading, bracket: number, deepest: number): void {
  if (reading.depth < 2) reading.outer[reading.depth] = bracket;
  reading.depth += 1;
  if (reading.depth > deepest && !(reading.failure instanceof NestingError))
    reading.failure = new NestingError(deepest);
}

function endElement(reading: Reading): void {
  const { element, elements, frame, failure } = reading;
  reading.element = undefined;
  if (failure !== undefined) return;
  try {
    const count = elements.push(parseUnchecked((element?.pieces ?? []).join("")));
    frame.push(`[${count - 1}]`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // What follows is looked at all the same: text that is nested too deep is told first.
    reading.failure = error;
  }
}

function ended({ failure, frame, elements }: Reading): Json | undefined {
  if (failure !== undefined) throw failure;
  const text = frame.join("");
  if (text.trim() === "") return undefined;
  const value = parseUnchecked(text);
  const filled = (list: readonly Json[]) =>
    mapItems(list, (item) => (isList(item) ? (elements[Number(item[0])] ?? null) : item));
  if (isList(value)) return filled(value);
  return isObject(value) ? mapMembers(value, (member) => (isList(member) ? filled(member) : member)) : value;
}
