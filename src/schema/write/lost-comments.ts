import { Parser } from "yaml";
import type { FileDiff } from "../../model/file-change.ts";
import { lineAt, sourceOf } from "../../model/source.ts";
import { commentsIn } from "../read/comments.ts";

export interface LostComment {
  readonly file: string;
  readonly line: number;
  /** From the `#` on. */
  readonly text: string;
}

/** Comments that stand in none of the files afterwards. */
export function lostComments(changes: readonly FileDiff[]): readonly LostComment[] {
  const yaml = changes.filter(({ file }) => /\.ya?ml$/i.test(file));
  const left = yaml.flatMap(({ after = "" }) => commentsOf(after).map(({ text }) => text));
  return yaml.flatMap(({ file, before = "" }) => {
    const source = sourceOf(file, before);
    return commentsOf(before).flatMap(({ text, offset }) => {
      const at = left.indexOf(text);
      if (at < 0) return [{ file, line: lineAt(source, offset) + 1, text: text.trimEnd() }];
      left.splice(at, 1);
      return [];
    });
  });
}

function commentsOf(text: string) {
  return commentsIn([...new Parser().parse(text)]);
}
