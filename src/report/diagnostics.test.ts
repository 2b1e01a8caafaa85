import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../model/diagnostic.ts";
import { countLine, diagnosticsJson, formatDiagnostics, githubAnnotations, sarif } from "./diagnostics.ts";

const STYLE = { colour: false, width: 80 };

function at(line: number, column: number, length = 1, file = "a.yaml"): NonNullable<Diagnostic["range"]> {
  const start = { line, column, offset: 0 };
  return { file, start, end: { line, column: column + length, offset: length } };
}

const unknown: Diagnostic = {
  code: "RC2004",
  severity: "error",
  message: 'unknown field "greting" in Assistant.spec',
  range: at(2, 3, 7),
  hint: 'did you mean "greeting"?',
};

describe("text", () => {
  test("has position, message, line with carets, help and count", () => {
    expect(formatDiagnostics([unknown], () => "spec:\n  greting: Hi\n", STYLE)).toBe(
      [
        'error[RC2004]: a.yaml:2:3: unknown field "greting" in Assistant.spec',
        "  2 |   greting: Hi",
        "    |   ^^^^^^^",
        'help: did you mean "greeting"?',
        "",
        "1 error in 1 file",
        "",
      ].join("\n"),
    );
  });

  test("is empty without diagnostics", () => {
    expect(formatDiagnostics([], () => "", STYLE)).toBe("");
  });

  test("has no excerpt without a position or a source", () => {
    const general: Diagnostic = { code: "RC4001", severity: "warning", message: "no such thing" };
    expect(formatDiagnostics([general], () => undefined, STYLE)).toBe(
      "warning[RC4001]: no such thing\n\n1 warning\n",
    );
    expect(formatDiagnostics([unknown], () => undefined, STYLE)).not.toContain("|");
  });

  test("cuts a long line around the position, and aligns carets with wide characters", () => {
    const line = `${"x".repeat(200)}HERE${"y".repeat(200)}`;
    const text = formatDiagnostics([{ ...unknown, range: at(1, 201, 4) }], () => line, STYLE).split("\n");
    expect(text[1]?.length).toBeLessThanOrEqual(82);
    expect(text[2]?.indexOf("^")).toBe(text[1]?.indexOf("HERE"));
    const wide = formatDiagnostics([{ ...unknown, range: at(1, 3, 1) }], () => "日本x", STYLE).split("\n");
    expect(wide[2]).toBe("    |     ^");
  });

  test("escapes characters that move the cursor or reorder the line", () => {
    const hostile: Diagnostic = { ...unknown, message: "found \u001B[2J\u202E", range: at(1, 1, 1) };
    const text = formatDiagnostics([hostile], () => "a\u001B[31mred\u0007", STYLE);
    // oxlint-disable-next-line no-control-regex -- that is what it looks for
    expect(text).not.toMatch(/[\u001B\u0007\u202E]/);
    expect(text).toContain("\\u001b");
  });

  test("marks a range of several lines to the end of the first line", () => {
    const range = { ...at(1, 3), end: { line: 3, column: 2, offset: 9 } };
    expect(formatDiagnostics([{ ...unknown, range }], () => "a: [1,\n2\n]", STYLE)).toContain("    |   ^^^^");
  });

  test("colours show the severity", () => {
    const text = formatDiagnostics([unknown], () => "", { colour: true, width: 80 });
    expect(text).toContain("\u001B[1;31merror[RC2004]");
  });
});

test("the count names every severity and the files", () => {
  const warning: Diagnostic = { ...unknown, severity: "warning", range: at(1, 1, 1, "b.yaml") };
  const note: Diagnostic = { code: "RC3011", severity: "info", message: "x" };
  expect(countLine([unknown, unknown, warning, note])).toBe("2 errors, 1 warning and 1 note in 2 files");
});

test("JSON is the plain array", () => {
  expect(JSON.parse(diagnosticsJson([unknown]))).toEqual([unknown]);
});

describe("GitHub annotations", () => {
  test("have one line per diagnostic, with file, line and columns", () => {
    expect(githubAnnotations([unknown])).toBe(
      '::error file=a.yaml,line=2,endLine=2,col=3,endColumn=10,title=RC2004::unknown field "greting" in Assistant.spec; did you mean "greeting"?\n',
    );
  });

  test("messages and paths cannot end the command or begin another", () => {
    const hostile: Diagnostic = {
      ...unknown,
      message: "100%\n::error::forged\r\n",
      range: at(1, 1, 1, "a,b:c%\n.yaml"),
    };
    const text = githubAnnotations([hostile]);
    expect(text.trimEnd().split("\n")).toHaveLength(1);
    expect(text).toContain("file=a%2Cb%3Ac%25%0A.yaml,");
    expect(text).toContain("100%25");
  });

  test("use GitHub's names for severities", () => {
    const severities = (["error", "warning", "info"] as const).map(
      (severity) => githubAnnotations([{ code: "RC1", severity, message: "x" }]).split(" ")[0],
    );
    expect(severities).toEqual(["::error", "::warning", "::notice"]);
  });
});

describe("SARIF", () => {
  const rules = [
    { code: "RC1001", title: "path not found", explanation: "It is not there." },
    { code: "RC2004", title: "unknown field", explanation: "Telnyx drops it." },
  ];

  test("has results with rule and position", () => {
    const log = JSON.parse(sarif([unknown], rules, "1.2.3")) as {
      version: string;
      runs: { tool: { driver: { rules: unknown[] } }; results: unknown[] }[];
    };
    expect(log.version).toBe("2.1.0");
    expect(log.runs[0]?.tool.driver.rules).toEqual([
      {
        id: "RC2004",
        shortDescription: { text: "unknown field" },
        fullDescription: { text: "Telnyx drops it." },
      },
    ]);
    expect(log.runs[0]?.results).toEqual([
      {
        ruleId: "RC2004",
        ruleIndex: 0,
        level: "error",
        message: { text: 'unknown field "greting" in Assistant.spec; did you mean "greeting"?' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "a.yaml", uriBaseId: "ROOT" },
              region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 10 },
            },
          },
        ],
      },
    ]);
  });

  test("has a run without results if there are no problems", () => {
    expect(JSON.parse(sarif([], rules, "1.2.3"))).toMatchObject({ runs: [{ results: [] }] });
  });
});
