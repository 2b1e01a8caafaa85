import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { kinds } from "../../../test/memory/kinds.ts";
import type { Finding } from "../../model/finding.ts";
import { IGNORE_FILE, liveIgnores } from "./live-ignores.ts";

const root = mkdtempSync(join(tmpdir(), "rollcall-ignore-"));
const known = new Map(kinds.map((kind) => [kind.kind, kind]));

afterAll(() => rmSync(root, { recursive: true }));

function read(...lines: readonly string[]) {
  writeFileSync(join(root, IGNORE_FILE), lines.join("\n"));
  const findings: Finding[] = [];
  const isIgnored = liveIgnores(root, known, (finding) => void findings.push(finding));
  return { isIgnored, findings };
}

test.each<[readonly string[], readonly string[], readonly string[]]>([
  [["Robot/legacy-*"], ["Robot/legacy-", "Robot/legacy-x", "Robot/legacy-x/y"], ["Robot/x", "Part/legacy-x"]],
  [["Robot/*", "!Robot/mine"], ["Robot/x"], ["Robot/mine", "Part/x"]],
  [["/Part"], ["Part/x"], ["Robot/Part-x"]],
  [["old-*"], ["Robot/old-1", "Part/old-2"], ["Robot/bold-1"]],
  [["*/demo"], ["Robot/demo", "Part/demo"], ["Robot/demo2"]],
  [["# Robot/x", "", "  ", "Robot/y"], ["Robot/y"], ["Robot/x"]],
  [["Robot/a b\\ "], ["Robot/a b "], ["Robot/a b"]],
  [["Robot/[ab]?"], ["Robot/a1"], ["Robot/c1", "Robot/a"]],
  [["Robot/Legacy"], ["Robot/Legacy"], ["Robot/legacy"]],
  [["\uFEFFRobot/x\r", "Robot/y\r"], ["Robot/x", "Robot/y"], ["Robot/z"]],
])("%j", (lines, ignored, others) => {
  const { isIgnored, findings } = read(...lines);
  expect(findings).toEqual([]);
  const of = (path: string) => isIgnored(path.slice(0, path.indexOf("/")), path.slice(path.indexOf("/") + 1));
  expect(ignored.filter((path) => !of(path))).toEqual([]);
  expect(others.filter(of)).toEqual([]);
});

test("any name can be listed, and `Kind/*` matches all names", () => {
  const { isIgnored } = read("Robot/*");
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
      expect(isIgnored("Robot", name)).toBe(true);
      expect(isIgnored("Part", name)).toBe(false);
    }),
  );
});

test("every line with an unknown kind is reported with its position", () => {
  const { findings } = read("Robot/x", "Robbot/x", "!Nothing/y");
  expect(findings.map(({ code, at }) => [code, at?.source.text.slice(at.start, at.end)])).toEqual([
    ["RC4017", "Robbot/x"],
    ["RC4017", "!Nothing/y"],
  ]);
});
