/** One piece of a path: `.name`, or `[inside]` after a list, a mapping or a one-of. */
export interface Piece {
  readonly text: string;
  readonly bracketed: boolean;
}

/** `Assistant.spec.tools[webhook].webhook` in pieces; `undefined` where brackets or dots do not fit together. */
export function piecesOf(path: string): readonly Piece[] | undefined {
  if (!/^[^.[\]]+(?:\.[^.[\]]+|\[[^[\]]*\])*$/.test(path)) return undefined;
  return [...path.matchAll(/\[([^[\]]*)\]|([^.[\]]+)/g)].map(([, inside, name]) => ({
    text: inside ?? name ?? "",
    bracketed: inside !== undefined,
  }));
}
