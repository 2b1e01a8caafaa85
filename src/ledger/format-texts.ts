import { isList, sorted, stringify, type Json, type JsonObject } from "../model/json.ts";

/*
 * JSON with sorted keys in pieces: a ledger of ten thousand entries is never held as one text to be hashed or written.
 * A value is taken apart `levels` deep; what stands below is one piece.
 */

/** On one line: the form that is hashed. */
export function* compactPieces(value: Json, levels: number): Generator<string> {
  if (levels === 0 || typeof value !== "object" || value === null) {
    yield stringify(sorted(value));
    return;
  }
  yield isList(value) ? "[" : "{";
  let comma = "";
  for (const [key, member] of membersOf(value)) {
    yield key === undefined ? comma : `${comma}${JSON.stringify(key)}:`;
    yield* compactPieces(member, levels - 1);
    comma = ",";
  }
  yield isList(value) ? "]" : "}";
}

/** On many lines: the form that is saved. `margin` is that of its first line; `keys` are in an order of their own. */
export function* prettyPieces(
  value: Json,
  levels: number,
  margin = 0,
  keys?: readonly string[],
): Generator<string> {
  const members = typeof value === "object" && value !== null ? membersOf(value, keys) : [];
  const [inner, outer] = [" ".repeat(margin + 2), " ".repeat(margin)];
  if (levels === 0 || members.length === 0) {
    // No string in JSON contains a line end.
    yield stringify(sorted(value), 2).replaceAll("\n", `\n${outer}`);
    return;
  }
  yield isList(value) ? "[" : "{";
  let comma = "";
  for (const [key, member] of members) {
    yield `${comma}\n${inner}${key === undefined ? "" : `${JSON.stringify(key)}: `}`;
    yield* prettyPieces(member, levels - 1, margin + 2);
    comma = ",";
  }
  yield `\n${outer}${isList(value) ? "]" : "}"}`;
}

type Member = readonly [string | undefined, Json];

function membersOf(value: readonly Json[] | JsonObject, keys?: readonly string[]): readonly Member[] {
  if (isList(value)) return value.map((item) => [undefined, item]);
  return (keys ?? Object.keys(value).sort()).flatMap((key): readonly Member[] => {
    const member: Json | undefined = value[key];
    return member === undefined ? [] : [[key, member]];
  });
}
