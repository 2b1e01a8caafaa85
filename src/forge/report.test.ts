import { expect, test } from "vitest";
import type { Forge } from "./forge.ts";
import { markedReport, signed } from "./report.ts";

const MARKER = "<!-- rollcall plan acme%2Dvoice production id=1f -->\n";

function forge(more: Partial<Forge> = {}): Forge {
  const nowhere = () => {
    throw new Error("not asked for");
  };
  return {
    name: "GitHub",
    change: 1,
    run: "https://github.com/acme/voice/actions/runs/7",
    commit: "0123456789abcdef",
    comments: nowhere,
    issues: nowhere,
    proposals: nowhere,
    ...more,
  };
}

test("the first line names the subject; the key does not change from run to run", () => {
  const report = markedReport(`${MARKER}## Plan\n`, "plan.md");
  expect(report).toMatchObject({ command: "plan", project: "acme-voice", environment: "production" });
  expect(report.key).toBe("<!-- rollcall plan acme%2Dvoice production ");
  expect(report.created).toEqual([]);
});

test.each(["", "## Plan\n", "<!-- another plan a b -->\n", `\n${MARKER}`])("%j is not a report", (text) => {
  expect(() => markedReport(text, "plan.md")).toThrow(/plan\.md is not a report/);
});

test("the last line names commit and run", () => {
  expect(signed(markedReport(`${MARKER}## Plan\n`, "plan.md"), forge())).toBe(
    `${MARKER}## Plan\n\n<sub>Commit 0123456789ab · [the run, with the whole report](https://github.com/acme/voice/actions/runs/7)</sub>\n`,
  );
});

test("text that is not a URL or a commit is left out", () => {
  const strange = forge({ run: "https://x.example/](javascript:1)", commit: "a b<script>" });
  expect(signed(markedReport(`${MARKER}## Plan\n`, "plan.md"), strange)).toBe(`${MARKER}## Plan\n`);
});

test("a report is not longer than a comment may be", () => {
  const long = markedReport(`${MARKER}${"x".repeat(65_480)}\n`, "plan.md");
  expect(signed(long, forge())).toBe(long.text);
});
