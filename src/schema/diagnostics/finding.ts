import { compareTexts } from "../../model/compare-texts.ts";
import type { Diagnostic, Severity } from "../../model/diagnostic.ts";
import { masked } from "./credentials/find.ts";
import { ruleOf } from "./diagnostics-table.ts";
import type { Finding } from "../../model/finding.ts";
import { lineAt, rangeOf } from "../../model/source.ts";

export function severityOf(code: string): Severity {
  return ruleOf(code)?.severity ?? "error";
}

/** The one way out: whatever a message quotes, no credential is repeated. */
export function diagnosticOf({ code, message, at, hint, address }: Finding): Diagnostic {
  return {
    code,
    severity: severityOf(code),
    message: masked(message),
    ...(at && { range: rangeOf(at) }),
    ...(hint !== undefined && { hint: masked(hint) }),
    ...(address !== undefined && { address }),
  };
}

/** In the order of files and of lines within them, each problem once. Problems without a place come first. */
export function inFileOrder(findings: readonly Finding[]): readonly Finding[] {
  const sorted = [...findings].sort(
    (a, b) =>
      compareTexts(a.at?.source.file ?? "", b.at?.source.file ?? "") ||
      (a.at?.start ?? 0) - (b.at?.start ?? 0) ||
      compareTexts(a.code, b.code) ||
      compareTexts(a.message, b.message),
  );
  return sorted.filter((finding, index) => {
    const before = sorted[index - 1];
    return (
      before === undefined ||
      before.code !== finding.code ||
      before.message !== finding.message ||
      before.at?.source !== finding.at?.source ||
      before.at?.start !== finding.at?.start
    );
  });
}

/** The lines, counted from 0, on which a comment silences the finding. */
export function silencingLines({
  at,
  within,
}: Finding): readonly { readonly file: string; readonly line: number }[] {
  return [at, within].flatMap((place) =>
    place === undefined ? [] : [{ file: place.source.file, line: lineAt(place.source, place.start) }],
  );
}
