import type { Address } from "../model/address.ts";
import type { Diagnostic, Severity } from "../model/diagnostic.ts";
import { masked } from "./credentials/find.ts";
import { ruleOf, type Code } from "./diagnostics-table.ts";
import { lineAt, rangeOf, type Place } from "./source.ts";

/** A problem as it is found, before its place is turned into lines and columns. */
export interface Finding {
  readonly code: Code;
  readonly message: string;
  readonly at?: Place | undefined;
  readonly hint?: string | undefined;
  readonly address?: Address | undefined;
  /** Where the value begins in the manifest, for problems inside of it: a comment there silences them too. */
  readonly within?: Place | undefined;
  /** What is not to be quoted: the place of a credential, or all of a text that spells it otherwise. */
  readonly secret?: Place | undefined;
}

export type Report = (finding: Finding) => void;

/** More findings of one sort in one place than anyone reads: then the search for what was meant stops. */
export const ENOUGH = 100;

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
      compare(a.at?.source.file ?? "", b.at?.source.file ?? "") ||
      (a.at?.start ?? 0) - (b.at?.start ?? 0) ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
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

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
