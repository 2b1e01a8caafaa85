import fc from "fast-check";
import { expect, test } from "vitest";
import { hiddenPart, isGitFolder } from "./paths.ts";

test("a name of letters, digits, dots and dashes is hidden only if it begins with a dot", () => {
  const name = fc.stringMatching(/^[\w.-]{1,12}$/).filter((text) => text !== "." && text !== "..");
  fc.assert(
    fc.property(name, (text) => {
      expect(hiddenPart(text) !== undefined).toBe(text.startsWith("."));
      expect(isGitFolder(text) && !text.startsWith(".")).toBe(false);
    }),
  );
});

test.each(["GIT~1", "git~12", "\u200C.git", "a/.b", "a\\.git", "\u00AD.x"])("%j is hidden", (path) => {
  expect(hiddenPart(path)).toBeDefined();
});
