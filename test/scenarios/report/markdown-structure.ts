import { expect } from "vitest";

/** Code spans as the report writes them; what stands in them is inert. */
const CODE = /`[^`\n]+`|<code>(?:[\p{L}\p{M}\p{N} .,;()'/=-]|&#\d+;)*<\/code>/gu;
/** What the report itself writes around text. */
const OWN_MARKUP =
  /^<!-- rollcall (?:plan|drift|apply)(?: [\w%.!'()*~=]*)* -->$|^<details(?: open)?>$|^<details><summary>\d+ lines?<\/summary>$|^<summary><b>|<\/b><\/summary>$|^<\/details>$|^#{2,4} |^> (?:⛔|✂️) |^\| .* \|$|^- |\*\*|<br>|^_|_$|_<br>$| <https:\/\/[\w./?=&%:+-]+>$/g;
const IN_FENCE = /^(?:[-+](?: {3}| +\d+(?: {3}|$)|$)| {4}| +\d+(?: {3}|$)| +⋮)/;

/**
 * Holds a page to the few shapes that the report uses: whatever else a line might contain, it can neither end a block
 * nor begin one, and outside of code there is no character that Markdown or a forge would read.
 */
export function expectIntact(page: string): void {
  let inFence = false;
  let depth = 0;
  for (const line of page.split("\n")) {
    if (inFence) {
      inFence = line !== "```";
      if (inFence) expect(line).toMatch(IN_FENCE);
      continue;
    }
    if (line === "```diff") {
      inFence = true;
      continue;
    }
    expect(line).not.toMatch(/^\s|^```|^~~~/);
    const bare = line.replaceAll(CODE, "x");
    depth += (bare.match(/<details/g) ?? []).length - (bare.match(/<\/details>/g) ?? []).length;
    expect(depth).toBeGreaterThanOrEqual(0);
    const text = bare.replaceAll(OWN_MARKUP, "");
    if (!line.startsWith("| :--")) expect(text).not.toMatch(/[<>`@#*_~[\]\\{}$&]|:\/\/|www\.|\bGH-\d/);
    if (line.startsWith("|")) expect(bare).toMatch(/^\|(?: [^|]* \|)+$/);
  }
  expect(inFence).toBe(false);
  expect(depth).toBe(0);
}
