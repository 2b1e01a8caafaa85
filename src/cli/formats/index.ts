import { format, type FormatRow } from "./format.ts";
import { chat, tests, validation } from "./text-checks.ts";

/**
 * Every format of `--format` and `--report`. A new one is a file that exports its renderers, and a row here: help,
 * completion and the commands read this table.
 */
export const FORMATS: readonly FormatRow[] = [
  format(
    "text",
    ["plan", "apply", "drift", "pull", "migration", "imported", "cloned"],
    () => import("./text.ts"),
  ),
  // Apart from the text for plans, which `validate` does not need. What it needs is loaded with the program anyway.
  format("text", ["validation", "tests", "chat"], async () => ({ validation, tests, chat })),
  format("mermaid", ["graph"], async () => ({ graph: (await import("../../report/graph.ts")).mermaid })),
  format("dot", ["graph"], async () => ({ graph: (await import("../../report/graph.ts")).dot })),
  format(
    "json",
    [
      "plan",
      "apply",
      "drift",
      "validation",
      "tests",
      "chat",
      "graph",
      "pull",
      "migration",
      "imported",
      "cloned",
    ],
    () => import("./json.ts"),
  ),
  format("markdown", ["plan", "apply", "drift", "chat"], () => import("./markdown.ts")),
  format("html", ["plan", "apply", "drift"], () => import("./html.ts")),
  format("gitlab", ["plan"], () => import("./gitlab.ts")),
  format("junit", ["tests", "chat"], async () => ({
    tests: (await import("../../report/tests.ts")).testsJunit,
    chat: (await import("../../report/transcript.ts")).transcriptJunit,
  })),
  format("github", ["validation"], () => import("./github.ts"), { isForRunner: true }),
  format("sarif", ["validation"], () => import("./sarif.ts")),
];
