import ignore from "ignore";
import type { IsIgnored } from "../../model/ignored.ts";
import type { Kind } from "../../model/kind.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { startOf, type Place, type Source } from "../../model/source.ts";
import { didYouMean } from "../../model/suggest.ts";
import { MANIFEST_LIMIT, readSource } from "../read/read-file.ts";
import { isThere } from "../read/discover.ts";

/** In the root of a project: live objects that it leaves alone, in the syntax of .gitignore over `Kind/name`. */
export const IGNORE_FILE = ".rollcallignore";

/** What the file of the project names; nothing where there is none. Patterns that cannot fit are reported. */
export function liveIgnores(root: string, kinds: ReadonlyMap<string, Kind>, report: ReportFinding): IsIgnored {
  if (!isThere(root, IGNORE_FILE)) return NOTHING;
  const result = readSource(root, IGNORE_FILE, MANIFEST_LIMIT, [IGNORE_FILE]);
  if ("problem" in result) {
    const { code, message, hint, source, offset } = result.problem;
    const at = source === undefined ? undefined : { source, start: offset ?? 0, end: (offset ?? 0) + 1 };
    report({ code, message, hint, at: at ?? startOf({ file: IGNORE_FILE, text: "", lines: [0], digest: "" }) });
    return NOTHING;
  }
  checkPatterns(result.source, [...kinds.keys()], report);
  return ignoresOf(result.source.text);
}

const NOTHING: IsIgnored = () => false;
let last: { readonly text: string; readonly isIgnored: IsIgnored } | undefined;

/** The same text gives the same function, so that a program which plans again sees that nothing has changed. */
function ignoresOf(text: string): IsIgnored {
  if (last?.text === text) return last.isIgnored;
  // Names are compared as they are: names of two cases are two names.
  const patterns = ignore({ ignorecase: false }).add(text.replace(/^\uFEFF/, ""));
  last = { text, isIgnored: (kind, name) => patterns.ignores(`${kind}/${name.normalize("NFC")}`) };
  return last.isIgnored;
}

const WILDCARD = /[*?[\\]/;

function checkPatterns(source: Source, kinds: readonly string[], report: ReportFinding): void {
  source.lines.forEach((start, line) => {
    const raw = source.text.slice(start, source.lines[line + 1] ?? source.text.length).replace(/[\r\n]+$/, "");
    const text = raw.replace(/^\uFEFF/, "").replace(/(?<!\\)\s+$/, "");
    if (text === "" || text.startsWith("#")) return;
    const at: Place = {
      source,
      start: start + raw.length - raw.replace(/^\uFEFF/, "").length,
      end: start + raw.trimEnd().length,
    };
    const pattern = text.replace(/^!/, "");
    const [kind = "", ...rest] = pattern.replace(/^\//, "").split("/");
    if (/(?<!\\)(?:\\\\)*\\$/.test(pattern))
      report({ code: "RC4017", message: "the pattern ends in a backslash", at, hint: "remove it" });
    else if (rest.length > 0 && !WILDCARD.test(kind) && !kinds.includes(kind)) {
      const hint = didYouMean(kind, kinds) ?? `a pattern is Kind/name: ${kinds[0] ?? "Kind"}/legacy-*`;
      report({ code: "RC4017", message: `there is no kind ${kind}`, at, hint });
    }
  });
}
