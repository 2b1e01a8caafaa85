/**
 * Writes `docs/diagnostics.md` from the table of diagnostics. `--check` writes nothing and fails when the page is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { DiagnosticRule } from "../src/model/diagnostic.ts";
import { DIAGNOSTIC_RULES } from "../src/schema/diagnostics/diagnostics-table.ts";

const FILE = resolve(import.meta.dirname, "../docs/diagnostics.md");

const GROUPS = [
  { prefix: "RC1", title: "Files and YAML" },
  { prefix: "RC2", title: "Shape" },
  { prefix: "RC3", title: "Meaning" },
  { prefix: "RC4", title: "Project and environments" },
];

function page(): string {
  const rules: readonly DiagnosticRule[] = DIAGNOSTIC_RULES;
  const groups = GROUPS.map(({ prefix, title }) => {
    const own = rules.filter(({ code }) => code.startsWith(prefix));
    return `## ${title}\n\n${own.map(entry).join("\n")}`;
  });
  return `${INTRODUCTION}\n${groups.join("\n")}`;
}

const INTRODUCTION = `# Diagnostics

<!-- Made by scripts/generate-diagnostics-page.ts from src/schema/diagnostics/diagnostics-table.ts; do not edit. -->

The problems that \`rollcall validate\`, and every command that loads a project, can report. Codes keep their meaning.

A problem marked *can be silenced* is silenced for one line by a comment at the end of the line or on the line above. The
reason is required, and a comment that silences nothing is reported:

\`\`\`yaml
greeting: Hello {{name}} # rollcall-ignore RC3007: the caller's system sets it
\`\`\`
`;

function entry({ code, severity, title, explanation, remedy, example, ignorable }: DiagnosticRule): string {
  const silence = ignorable === true ? ", can be silenced" : "";
  return `### ${code}: ${title}\n\n*${severity === "info" ? "note" : severity}${silence}*\n\n${explanation}\n\n**What to do:** ${remedy}\n\n\`\`\`yaml\n${example}\n\`\`\`\n`;
}

const text = page();
if (process.argv.includes("--check")) {
  if (readFileSync(FILE, "utf8") !== text) {
    console.error("docs/diagnostics.md is stale: run scripts/generate-diagnostics-page.ts");
    process.exitCode = 1;
  }
} else writeFileSync(FILE, text);
