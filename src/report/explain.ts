import type { DiagnosticRule } from "../model/diagnostic.ts";
import type { Explanation, FieldGroup, FieldSummary } from "../model/explanation.ts";
import type { Json } from "../model/json.ts";
import { columns, hanging, pad, widest } from "./layout.ts";
import { visibleLines } from "../model/visible.ts";
import type { Style } from "./style.ts";
import type { Line } from "./text/diff.ts";
import { heading, toText } from "./text/sections.ts";
import { inline } from "./value.ts";

/** Wide enough for a table, narrow enough to read. */
const WIDEST = 100;

/** The pages about a path, one for each of its meanings. */
export function explainText(explanations: readonly Explanation[], style: Style): string {
  const narrow = { ...style, width: Math.min(style.width, WIDEST) };
  return explanations.map((one) => page(one, narrow)).join("\n");
}

/** Every kind with what it is. */
export function kindsText(
  kinds: readonly { readonly kind: string; readonly description: string }[],
  style: Style,
): string {
  const rows = kinds.map(({ kind, description }) => ({ label: kind, text: description }));
  const more: Line = [{ text: "More about one of them, or about a field: ", tone: "faint" }, { text: USAGE }];
  return toText([labelled(rows, style), [more]], style);
}

/** The page about one code of `validate`. */
export function codeText(rule: DiagnosticRule, style: Style): string {
  const { code, severity, title, explanation, remedy, example, ignorable } = rule;
  const narrow = { ...style, width: Math.min(style.width, WIDEST) };
  const kind = severity === "info" ? "note" : severity;
  return toText(
    [
      [
        [
          { text: `${code}: ${title}`, tone: "title" },
          { text: `   ${kind}`, tone: "faint" },
        ],
      ],
      wrapped(explanation, narrow),
      [...heading("What to do"), ...wrapped(remedy, narrow)],
      [...heading("Example"), ...visibleLines(example).map((text): Line => [{ text: `  ${text}` }])],
      ignorable === true ? silenceLines(code) : [],
    ],
    style,
  );
}

function silenceLines(code: string): readonly Line[] {
  return [
    ...heading("To silence it, at the end of the line or on the line above"),
    [{ text: `  # rollcall-ignore ${code}: reason` }],
  ];
}

const USAGE = "rollcall explain Assistant.spec.voice_settings";

function page(explanation: Explanation, style: Style): string {
  const { path, when, description, deprecated } = explanation;
  const title: Line = [
    { text: path, tone: "title" },
    { text: `   ${explanation.type}`, tone: "faint" },
  ];
  const only = when.length === 0 ? [] : [[{ text: `Only with ${when.join(", ")}`, tone: "faint" as const }]];
  const old = deprecated ? [[{ text: "  Deprecated.", tone: "risk" as const }]] : [];
  return toText(
    [
      [title, ...only],
      [...wrapped(sentence(description), style), ...old],
      factLines(explanation, style),
      explanation.notes.flatMap((note) => hanging({ text: "  - " }, [{ text: note }], style.width)),
      ...explanation.groups.map((group) => groupLines(group, style)),
      exampleLines(explanation),
      legend(explanation),
    ],
    style,
  );
}

function isKind({ path }: Explanation): boolean {
  return !path.includes(".");
}

function wrapped(text: string, style: Style): readonly Line[] {
  return hanging({ text: "  " }, [{ text }], style.width);
}

function sentence(text: string): string {
  return text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
}

interface Labelled {
  readonly label: string;
  readonly text: string;
}

function factLines(explanation: Explanation, style: Style): readonly Line[] {
  const { limits, allowed, known, refersTo } = explanation;
  const rows: readonly Labelled[] = [
    ...(isKind(explanation) ? [] : [{ label: "Required", text: explanation.required ? "yes" : "no" }]),
    ...limits.map((text, index) => ({ label: index === 0 ? "Limits" : "", text })),
    ...(explanation.default === undefined ? [] : [{ label: "Default", text: value(explanation.default) }]),
    ...(allowed === undefined ? [] : [{ label: "Allowed", text: values(allowed) }]),
    ...(known === undefined ? [] : [{ label: "Known", text: `${values(known)}; others pass with a warning` }]),
    ...(refersTo.length === 0 ? [] : [{ label: "Refers to", text: refersTo.join(" or ") }]),
  ];
  return labelled(rows, style);
}

function labelled(rows: readonly Labelled[], style: Style): readonly Line[] {
  const width = widest(rows.map(({ label }) => label));
  return rows.flatMap(({ label, text }) =>
    hanging({ text: `  ${pad(label, width)}   `, tone: "faint" }, [{ text }], style.width),
  );
}

function values(list: readonly Json[]): string {
  return list.map(value).join(", ");
}

function value(one: Json): string {
  return one === "" ? '""' : inline(one, {});
}

/** Longer names stand on a line of their own, so that one of them does not push all descriptions aside. */
const WIDEST_NAME = 26;
const widestType = ({ width }: Style) => (width < WIDEST ? 16 : 22);

function groupLines({ title, description, fields }: FieldGroup, style: Style): readonly Line[] {
  const name = Math.min(WIDEST_NAME, widest(fields.map(nameOf)));
  const type = Math.min(widestType(style), widest(fields.map((field) => field.type)));
  const about: Line = [
    { text: title, tone: "title" },
    ...(description === undefined ? [] : [{ text: `   ${description}`, tone: "faint" as const }]),
  ];
  return [about, ...fields.flatMap((field) => fieldLines(field, { name, type }, style))];
}

function nameOf({ name, required }: FieldSummary): string {
  return required ? `${name} *` : name;
}

interface Widths {
  readonly name: number;
  readonly type: number;
}

function fieldLines(field: FieldSummary, widths: Widths, style: Style): readonly Line[] {
  const name = nameOf(field);
  const details = field.details.length === 0 ? "" : ` (${field.details.join("; ")})`;
  const text: Line = [{ text: field.description }, { text: details, tone: "faint" }];
  const isLong = columns(name) > widths.name || columns(field.type) > widths.type;
  const head = `  ${pad(name, widths.name)}   ${pad(field.type, widths.type)}   `;
  if (!isLong) return tinted(name, hanging({ text: head }, text, style.width));
  const margin = " ".repeat(widths.name + widths.type + 8);
  return [
    ...tinted(name, [[{ text: `  ${pad(name, widths.name)}   ${field.type}` }]]),
    ...hanging({ text: margin }, text, style.width),
  ];
}

/** The name is what the eye looks for. */
function tinted(name: string, [first = [], ...rest]: readonly Line[]): readonly Line[] {
  const [head, ...others] = first;
  if (head === undefined) return [first, ...rest];
  const at = 2 + name.length;
  const start: Line = [
    { text: head.text.slice(0, at), tone: "title" },
    { text: head.text.slice(at), tone: "faint" },
  ];
  return [[...start, ...others], ...rest];
}

function exampleLines({ example }: Explanation): readonly Line[] {
  if (example === undefined) return [];
  const lines = visibleLines(example.yaml.trimEnd());
  return [...heading("Example").slice(0, 1), ...lines.map((text): Line => [{ text: `  ${text}` }])];
}

function legend({ groups, path }: Explanation): readonly Line[] {
  const hasRequired = groups.some(({ fields }) => fields.some(({ required }) => required));
  const star: Line = [{ text: "* is required.", tone: "faint" }];
  const below: Line = [
    { text: "More about a field: ", tone: "faint" },
    { text: `rollcall explain ${path}.spec.…` },
  ];
  return [...(hasRequired ? [star] : []), ...(path.includes(".") ? [] : [below])];
}
