import ignore from "ignore";
import type { IsIgnored } from "../../model/ignored.ts";
import type { Kind } from "../../model/kind.ts";
import { kindNamed } from "../../model/kind-words.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { startOf, type Place, type Source } from "../../model/source.ts";
import { didYouMean } from "../../model/suggest.ts";
import { MANIFEST_LIMIT, readSource } from "../read/read-file.ts";
import { isThere } from "../read/discover.ts";

/** In the root of a project: live objects that it leaves alone, in the syntax of .gitignore over `Kind/name`. */
export const IGNORE_FILE = ".rollcallignore";

/** What the ignore file of the project names; empty if there is no file. Patterns that cannot match are reported. */
export function liveIgnores(root: string, kinds: ReadonlyMap<string, Kind>, report: ReportFinding): IsIgnored {
  if (!isThere(root, IGNORE_FILE)) return NOTHING;
  const result = readSource(root, IGNORE_FILE, MANIFEST_LIMIT, [IGNORE_FILE]);
  if ("problem" in result) {
    const { code, message, hint, source, offset } = result.problem;
    const at = source === undefined ? undefined : { source, start: offset ?? 0, end: (offset ?? 0) + 1 };
    report({ code, message, hint, at: at ?? startOf({ file: IGNORE_FILE, text: "", lines: [0], digest: "" }) });
    return NOTHING;
  }
  checkPatterns(result.source, kinds, report);
  return ignoresOf(result.source.text, kinds);
}

const NOTHING: IsIgnored = () => false;
let last: { readonly text: string; readonly isIgnored: IsIgnored } | undefined;

/** The same text gives the same function, so that a program which plans again sees that nothing has changed. */
function ignoresOf(source: string, kinds: ReadonlyMap<string, Kind>): IsIgnored {
  const lines = source.replace(/^\uFEFF/, "").split("\n");
  const text = lines.map((line) => withKind(line, kinds)).join("\n");
  if (last?.text === text) return last.isIgnored;
  // Names are compared as they are: names of two cases are two names.
  const patterns = ignore({ ignorecase: false }).add(text);
  last = { text, isIgnored: (kind, name) => patterns.ignores(`${kind}/${name.normalize("NFC")}`) };
  return last.isIgnored;
}

/** Every word for a kind stands for its name, as on the command line: `assistants/x`. */
function withKind(line: string, kinds: ReadonlyMap<string, Kind>): string {
  const [, start = "", word = "", rest = ""] = /^(!?\/?)([^/]*)(\/.*)$/s.exec(line) ?? [];
  const kind = kindNamed(word, kinds.values());
  return kind === undefined ? line : `${start}${kind.kind}${rest}`;
}

const WILDCARD = /[*?[\\]/;

function checkPatterns(source: Source, known: ReadonlyMap<string, Kind>, report: ReportFinding): void {
  const kinds = [...known.keys()];
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
    else if (rest.length > 0 && !WILDCARD.test(kind) && kindNamed(kind, known.values()) === undefined) {
      const hint = didYouMean(kind, kinds) ?? `a pattern is Kind/name: ${kinds[0] ?? "Kind"}/legacy-*`;
      report({ code: "RC4017", message: `there is no kind ${kind}`, at, hint });
    }
  });
}
