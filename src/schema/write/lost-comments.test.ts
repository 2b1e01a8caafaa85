import { expect, test } from "vitest";
import { lostComments } from "./lost-comments.ts";

test("a comment is lost if no file has it afterwards; equal comments are counted", () => {
  const lost = lostComments([
    { file: "a.yaml", before: "# one\na: 1 # two\nb: '# text'\n# two\n", after: "a: 1 # two\n" },
    { file: "b.yml", before: "# three\n- 1\n", after: undefined },
    { file: "c.yaml", before: undefined, after: "# one\nc: 1\n" },
    { file: "prompt.md", before: "# A heading\n", after: undefined },
  ]);
  expect(lost).toEqual([
    { file: "a.yaml", line: 4, text: "# two" },
    { file: "b.yml", line: 1, text: "# three" },
  ]);
});
