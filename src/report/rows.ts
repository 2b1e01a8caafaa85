import { isList, isObject, type Json } from "../model/json.ts";
import type { PathChange } from "../model/plan.ts";
import type { Body, Row, Sign } from "./row.ts";
import { visible } from "../model/visible.ts";
import { textDiff, type TextDiff } from "./text-diff.ts";
import { besideEachOther, textOf, wordDiff } from "./words.ts";
import { block, inline, NOT_SET, SENSITIVE, type Names } from "./value.ts";

/** What apply does at a path. */
export function changeRow(change: PathChange, names: Names): Row {
  if (change.class === "released") {
    return row(
      "=",
      change,
      valueBody(change, change.before, names),
      "no longer declared; kept live, no longer managed",
    );
  }
  if (change.class === "unmanaged") return row("=", change, valueBody(change, change.before, names));
  const note = NOTES[change.class];
  if (change.class === "drift") return row("~", change, { type: "none" }, note);
  if (change.class === "conflict") return row("~", change, conflictBody(change, names), note);
  if (change.before === undefined) return row("+", change, valueBody(change, change.after, names), note);
  if (change.after === undefined) return row("-", change, valueBody(change, change.before, names), note);
  return row("~", change, changeBody(change, names), note);
}

export const RESTORED = "restored to the last applied value, see above";

const NOTES: Readonly<Partial<Record<PathChange["class"], string>>> = {
  drift: RESTORED,
  conflict: "conflict",
  unset: "no longer declared",
  "no-baseline": "no baseline: compared with live only",
};

/** What happened outside Git at a path: from last applied to live. */
export function driftRow(change: PathChange, names: Names): Row {
  if (isSetElement(change, change.before ?? change.baseline)) {
    return row(change.before === undefined ? "-" : "+", change, { type: "none" });
  }
  return row("~", change, sidesBody(change, names, change.class === "unmanaged" ? SEEN_SIDES : DRIFT_SIDES));
}

/** The three pictures of a path that was changed on both sides. */
export function conflictRow(change: PathChange, names: Names): Row {
  return row("~", change, conflictBody(change, names));
}

/** Manifest against live, where there is no baseline, or nothing brings the two together. */
export function twoWayRow(change: PathChange, names: Names): Row {
  return row("~", change, sidesBody(change, names, [MANIFEST, LIVE]));
}

function row(sign: Sign, change: PathChange, body: Body, note?: string): Row {
  return {
    sign,
    ...(change.class === "conflict" ? { conflict: true as const } : {}),
    label: labelOf(change),
    body,
    note:
      [note, change.unknown === true ? "id known after apply" : undefined].filter(Boolean).join(", ") ||
      undefined,
    file: change.file === undefined || body.type === "none" ? undefined : visible(change.file),
  };
}

function labelOf(change: PathChange): string {
  return visible(change.label)
    .replace(/\[order\]$/, " order")
    .replaceAll(/\[[A-Z]\w*\/([^[\]]+)\]/g, "[$1]");
}

function valueBody(change: PathChange, value: Json | undefined, names: Names): Body {
  if (change.sensitive === true) return { type: "value", text: SENSITIVE, lines: [] };
  if (value === undefined || isSetElement(change, value)) return { type: "none" };
  if (isText(change, value)) return { type: "text", diffs: [{ diff: diffOf(undefined, value, names) }] };
  return { type: "value", text: inline(value, names), lines: block(value, names) };
}

function changeBody(change: PathChange, names: Names): Body {
  const { before, after } = change;
  if (change.sensitive === true) return { type: "value", text: SENSITIVE, lines: [] };
  if (isText(change, before) || isText(change, after))
    return { type: "text", diffs: [{ diff: diffOf(before, after, names) }] };
  const isBlock = isObject(before) || isObject(after) || isList(before) || isList(after);
  return {
    ...textChange(inline(before, names), inline(after, names)),
    ...(isBlock ? { diff: diffOf(before, after, names) } : {}),
  };
}

/** Two texts of one line, safe to print. */
export function textChange(before: string, after: string): Extract<Body, { type: "change" }> {
  const words = wordDiff(before, after);
  return { type: "change", before: textOf(words.before), after: textOf(words.after), words };
}

type Picture = readonly [name: string, of: (change: PathChange) => Json | undefined];

const LAST_APPLIED: Picture = ["last applied", ({ baseline }) => baseline];
const LIVE: Picture = ["live", ({ before }) => before];
const MANIFEST: Picture = ["manifest", ({ after }) => after];
const LAST_SEEN: Picture = ["last seen", ({ baseline }) => baseline];
const DRIFT_SIDES = [LAST_APPLIED, LIVE];
const SEEN_SIDES = [LAST_SEEN, LIVE];

function conflictBody(change: PathChange, names: Names): Body {
  return sidesBody(change, names, [LAST_APPLIED, LIVE, MANIFEST]);
}

/** Short values one under the other; text as a diff of each later picture against the first. */
function sidesBody(change: PathChange, names: Names, pictures: readonly Picture[]): Body {
  const sides = pictures.map(([name, of]) => ({ name, value: of(change) }));
  const [first, ...others] = sides;
  if (change.sensitive !== true && first !== undefined && sides.some(({ value }) => isText(change, value))) {
    return {
      type: "text",
      diffs: others.map(({ name, value }) => ({
        caption: `${first.name} → ${name}`,
        diff: diffOf(first.value, value, names),
      })),
    };
  }
  const text = (value: Json | undefined) => {
    if (value === undefined) return NOT_SET;
    if (change.sensitive === true) return SENSITIVE;
    return isSetElement(change, value) ? "present" : inline(value, names);
  };
  const texts = besideEachOther(sides.map(({ value }) => text(value)));
  return { type: "sides", sides: sides.map(({ name }, index) => ({ name, text: texts[index] ?? "" })) };
}

function diffOf(before: Json | undefined, after: Json | undefined, names: Names): TextDiff {
  const lines = (value: Json | undefined) => (value === undefined || value === "" ? [] : block(value, names));
  return textDiff(lines(before), lines(after));
}

function isText(change: PathChange, value: Json | undefined): boolean {
  return change.sensitive !== true && typeof value === "string" && value.includes("\n");
}

/** An element of a set is only there or not. */
function isSetElement(change: PathChange, value: Json | undefined): boolean {
  return value === true && change.label.endsWith("]");
}
