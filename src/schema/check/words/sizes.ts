import { isList } from "../../../model/json.ts";
import type { Finding } from "../../../model/finding.ts";
import { nodeAt } from "../../../model/node.ts";
import { mustBe, shown } from "../../diagnostics/shown.ts";
import { described, labelOf, placeOfKey, placeOfValue, schemasOf, valueAt, type Context } from "./context.ts";

const BOUNDS: Readonly<Record<string, string>> = {
  ">=": "at least",
  "<=": "at most",
  ">": "more than",
  "<": "less than",
};

export function outOfBounds(context: Context): Finding {
  const { comparison, limit, multipleOf } = context.params;
  const allowed =
    multipleOf === undefined
      ? (boundsShown(context) ?? `${BOUNDS[String(comparison)] ?? ""} ${String(limit)}`)
      : `a multiple of ${String(multipleOf)}`;
  const message = mustBe(labelOf(context), allowed, described(context, valueAt(context)));
  return { code: "RC2007", message, at: placeOfValue(context) };
}

function boundsShown(context: Context): string | undefined {
  const both = schemasOf(context).find(
    ({ minimum, maximum }) => minimum !== undefined && maximum !== undefined,
  );
  return both === undefined ? undefined : `between ${String(both["minimum"])} and ${String(both["maximum"])}`;
}

export function wrongLength(context: Context): Finding {
  const found = valueAt(context);
  const length = typeof found === "string" ? [...found].length : 0;
  const limit = Number(context.params["limit"]);
  const few = length < limit;
  const unit = limit === 1 ? "character" : "characters";
  const what = length === 0 ? "an empty string" : `${length} characters`;
  return {
    code: "RC2008",
    message: `${labelOf(context)}: must have at ${few ? "least" : "most"} ${limit} ${unit} (got ${what})`,
    at: placeOfValue(context),
  };
}

export function wrongCount(context: Context): Finding {
  const found = valueAt(context);
  const count = isList(found) ? found.length : Object.keys(found ?? {}).length;
  const limit = Number(context.params["limit"]);
  const unit = limit === 1 ? "entry" : "entries";
  const bound = count < limit ? "least" : "most";
  const message = `${labelOf(context)}: must have at ${bound} ${limit} ${unit} (got ${count === 0 ? "none" : count})`;
  return { code: "RC2010", message, at: placeOfKey(context) };
}

export function repeated(context: Context): Finding {
  const { i, j } = context.params;
  const [first, second] = [Number(i), Number(j)].sort((a, b) => a - b);
  const path = [...context.path, String(second)];
  const found = valueAt({ ...context, path });
  return {
    code: "RC2011",
    message: `${labelOf(context)}: ${shown(found)} is repeated (entries ${Number(first) + 1} and ${Number(second) + 1})`,
    at: nodeAt(context.node, path),
  };
}

/** Forms that are common enough to have words. */
const FORMS: Readonly<Record<string, string>> = {
  "\\S": "a string that is not blank",
  "^https?://": "a string that begins with http:// or https://",
  "^[a-zA-Z0-9_-]+$": 'letters, digits, "_" and "-" only',
  "^[a-zA-Z0-9._-]+$": 'letters, digits, ".", "_" and "-" only',
  "^[A-Za-z_][A-Za-z0-9_]*$": "the name of an environment variable",
};

export function wrongForm(context: Context): Finding {
  const pattern = String(context.params["pattern"]);
  // A schema may say it better than its pattern does.
  const words = schemasOf(context).find((schema) => schema["pattern"] === pattern)?.["x-form"];
  const allowed = typeof words === "string" ? words : (FORMS[pattern] ?? `a string that matches ${pattern}`);
  return {
    code: "RC2009",
    message: mustBe(labelOf(context), allowed, described(context, valueAt(context))),
    at: placeOfValue(context),
  };
}
