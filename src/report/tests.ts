import { grouped } from "../model/grouped.ts";
import type { JsonObject } from "../model/json.ts";
import type { TestResult } from "../model/test-run.ts";
import { envelope, type JsonOptions } from "./json/envelope.ts";
import { plain } from "./json/plain.ts";
import { requestJson } from "./json/request.ts";
import { pad, widest } from "./layout.ts";
import { counted, duration, listed } from "./phrases.ts";
import { visible } from "../model/visible.ts";
import { paint, type Span, type Style, type Tone } from "./style.ts";
import { xml } from "./xml.ts";

const TONES: Readonly<Record<TestResult["verdict"], Tone>> = {
  passed: "success",
  failed: "failure",
  unjudged: "risk",
};

/** One line a test, the criteria that did not pass under it, and a summary. */
export function testsText(results: readonly TestResult[], style: Style): string {
  const width = widest(results.map(({ address }) => visible(address)));
  const lines = results.flatMap((result): readonly (readonly Span[])[] => [
    [
      { text: `  ${pad(visible(result.address), width)}  ` },
      { text: pad(result.verdict, 8), tone: TONES[result.verdict] },
      { text: `  ${duration(result.milliseconds)}`, tone: "faint" },
    ],
    ...missed(result).map(({ name, status }) => [{ text: `      ${visible(name)}: ${status}` }]),
    ...(result.problem === undefined ? [] : [[{ text: `      ${visible(result.problem)}` }]]),
  ]);
  return [...lines.map((line) => paint(line, style)), "", testsSummary(results)].join("\n");
}

/** `Tests: 10 passed, 1 failed, 1 could not be judged.` */
function testsSummary(results: readonly TestResult[]): string {
  const count = (verdict: TestResult["verdict"]) =>
    results.filter((result) => result.verdict === verdict).length;
  const parts = [
    `${count("passed")} passed`,
    ...(count("failed") === 0 ? [] : [`${count("failed")} failed`]),
    ...(count("unjudged") === 0 ? [] : [`${count("unjudged")} could not be judged`]),
  ];
  return `${counted(results.length, "test")}: ${listed(parts)}.`;
}

export function testsJson(results: readonly TestResult[], options: JsonOptions): JsonObject {
  return { ...envelope(options), results: results.map(resultJson) };
}

function resultJson({ failure, ...result }: TestResult): JsonObject {
  return plain({ ...result, failure: failure && requestJson(failure) });
}

/** JUnit's XML, a suite of the project for each test suite. */
export function testsJunit(results: readonly TestResult[]): string {
  const suites = grouped(results, suiteOf);
  const body = [...suites].map(([name, tests]) => {
    const [failures, errors] = [
      tests.filter(({ verdict }) => verdict === "failed"),
      tests.filter(({ verdict }) => verdict === "unjudged"),
    ];
    const attributes = `name="${xml(name)}" tests="${tests.length}" failures="${failures.length}" errors="${errors.length}" time="${seconds(tests)}"`;
    return `  <testsuite ${attributes}>\n${tests.map(testCase).join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${body.join("")}</testsuites>\n`;
}

function testCase(result: TestResult): string {
  const open = `    <testcase name="${xml(result.address)}" classname="${xml(suiteOf(result))}" time="${seconds([result])}"`;
  if (result.verdict === "passed") return `${open}/>\n`;
  const [element, message] =
    result.verdict === "failed"
      ? [
          "failure",
          missed(result)
            .map(({ name, status }) => `${name}: ${status}`)
            .join("; ") || "it failed",
        ]
      : ["error", result.problem ?? "it could not be judged"];
  const logs = result.run?.logs ?? "";
  return `${open}>\n      <${element} message="${xml(message)}">${xml(logs)}</${element}>\n    </testcase>\n`;
}

function missed({ run }: TestResult) {
  return (run?.criteria ?? []).filter(({ status }) => status !== "passed");
}

function suiteOf({ suite }: TestResult): string {
  return suite ?? "without a suite";
}

function seconds(results: readonly TestResult[]): string {
  return (results.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(3);
}
