import { stringify } from "../../model/json.ts";
import { codeText, explainText, kindsText } from "../../report/explain.ts";
import { plain } from "../../report/json/plain.ts";
import type { Style } from "../../report/style.ts";
import { ruleOf } from "../../schema/diagnostics/diagnostics-table.ts";
import { explain, explainableKinds } from "../../schema/explain/explain.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { print, styleOf, type Io } from "../io.ts";
import { KINDS } from "../project.ts";

export interface ExplainOptions {
  readonly format: "text" | "json";
  readonly color: boolean;
}

/** The documentation of a kind, a field or a diagnostic; without a path, the kinds. */
export async function explainCommand(
  io: Io,
  path: string | undefined,
  { format, color }: ExplainOptions,
): Promise<ExitCode> {
  const style = styleOf(io, color);
  if (path === undefined) {
    const kinds = explainableKinds(KINDS);
    await print(io, format === "json" ? stringify({ kinds: kinds.map(plain) }, 2) : kindsText(kinds, style));
    return 0;
  }
  if (/^rc\d+$/i.test(path)) {
    await print(io, codePage(path.toUpperCase(), format, style));
    return 0;
  }
  const found = explain(KINDS, path);
  if ("missing" in found) throw new UsageError(found.missing.message, found.missing.hint);
  const { explanations } = found;
  await print(
    io,
    format === "json"
      ? stringify({ explanations: explanations.map(plain) }, 2)
      : explainText(explanations, style),
  );
  return 0;
}

/** What a diagnostic means, and what to do about it. */
function codePage(code: string, format: ExplainOptions["format"], style: Style): string {
  const rule = ruleOf(code);
  if (rule === undefined)
    throw new UsageError(`there is no diagnostic ${code}`, "every code is in docs/diagnostics.md");
  return format === "json" ? stringify({ diagnostics: [plain(rule)] }, 2) : codeText(rule, style);
}
