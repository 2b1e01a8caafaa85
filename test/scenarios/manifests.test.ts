import { join } from "node:path";
import { expect, test } from "vitest";
import { formatDiagnostics } from "../../src/report/diagnostics.ts";
import { CASE_NAMES, CASES, loadCase } from "./manifest-cases.ts";

/**
 * `expected.txt` holds what a user is told about a case, and `options.json`, where the case is about more than files,
 * how it is loaded. `vitest run -u` writes `expected.txt` anew; read it as a user would.
 */
test.each(CASE_NAMES)("%s", async (name) => {
  const project = await loadCase(name);
  const style = { colour: false, width: 110 };
  const text = formatDiagnostics(project.diagnostics, project.sourceText, style).replaceAll(CASES, "");
  await expect(text === "" ? "no problems\n" : text).toMatchFileSnapshot(join(CASES, name, "expected.txt"));
});
