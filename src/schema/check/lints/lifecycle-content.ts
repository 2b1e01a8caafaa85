import type { LintSubject } from "../../../model/kind.ts";
import { nodeAt, textOf, type Node } from "../../../model/node.ts";

/** The texts of a list below `lifecycle`, with their places. */
export function entriesAt(
  { root }: LintSubject,
  field: string,
): readonly { readonly text: string; readonly node: Node }[] {
  const list = nodeAt(root, ["lifecycle", field]);
  if (list?.type !== "list") return [];
  return list.items.flatMap((node) => {
    const text = textOf(node);
    return text === undefined ? [] : [{ text, node }];
  });
}
