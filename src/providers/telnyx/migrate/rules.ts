import type { Json } from "../../../model/json.ts";
import type { Loss } from "../../../model/migration.ts";
import { isBelow, pointer, segments, type Pointer } from "../../../model/pointer.ts";
import { put, remark, type Making } from "./resource.ts";
import { leftovers, use, valueAt, type Source } from "./source.ts";

/** One row of the table of a provider: where a field goes, or why it is not migrated. */
export type Rule =
  | {
      readonly from: Pointer;
      readonly to: Pointer;
      /** The value as Telnyx has it; `undefined` where there is none for it. */
      readonly as?: (value: Json) => Json | undefined;
      /** Why some values do not come along. */
      readonly why?: string;
    }
  | { readonly from: Pointer; readonly why: string; readonly near?: Pointer }
  /** Of no meaning elsewhere, such as an id or a date: not listed. */
  | { readonly from: Pointer; readonly own: true };

export const NO_COUNTERPART = "Telnyx has no counterpart";

/** Fields of no meaning elsewhere. */
export function own(...names: readonly string[]): readonly Rule[] {
  return names.map((name) => ({ from: `/${name}`, own: true }));
}

/** A limit of a call, which Telnyx has in whole seconds. `perSecond` is 1000 for one in milliseconds. */
export function callLimit(from: Pointer, name: string, least: number, perSecond = 1): Rule {
  const range = least === 0 ? "" : ` from ${least} to ${LONGEST_CALL}`;
  return {
    from,
    to: `/telephony_settings/${name}`,
    as: seconds(least, perSecond),
    why: `Telnyx takes whole seconds${range}`,
  };
}

/** Fills a resource by a table. */
export function fill(resource: Making, source: Source, rules: readonly Rule[]): void {
  for (const rule of rules) {
    const value = valueAt(source, rule.from);
    if (value === undefined) continue;
    if ("own" in rule) use(source, rule.from);
    if (!("to" in rule)) continue;
    const converted = rule.as === undefined ? value : rule.as(value);
    if (converted === undefined) continue;
    use(source, rule.from);
    put(resource, rule.to, converted);
  }
}

/** What was not used of the source: as a list, and as comments in the resource. */
export function losses(resource: Making, source: Source, rules: readonly Rule[]): readonly Loss[] {
  return leftovers(source).map((at) => {
    const path = segments(at).slice(source.path.length);
    const rule = rules.find(
      (one) =>
        "why" in one &&
        one.why !== undefined &&
        (isBelow(path, [one.from]) || isBelow(segments(one.from), [pointer(path)])),
    );
    const why = rule !== undefined && "why" in rule ? (rule.why ?? NO_COUNTERPART) : NO_COUNTERPART;
    const near = rule === undefined ? "" : "near" in rule ? (rule.near ?? "") : "to" in rule ? rule.to : "";
    remark(
      resource,
      near,
      `Not migrated: ${path.join(".")}${shown(path, valueAt(source, pointer(path)))}: ${why}.`,
    );
    return { file: source.file, at, why };
  });
}

const TELLING = /key|token|secret|pass|auth|url|header/i;
const LONGEST = 40;
/** Seconds. */
const LONGEST_CALL = 14_400;

/** A short value, unless it may be a secret. */
function shown(path: readonly string[], value: Json | undefined): string {
  if (typeof value === "number" || typeof value === "boolean") return ` (${String(value)})`;
  if (path.some((segment) => TELLING.test(segment))) return "";
  const isShort = typeof value === "string" && value.length <= LONGEST && /^[\w .,:/+-]*$/.test(value);
  return isShort ? ` (${value})` : "";
}

export function text(value: Json): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function flag(value: Json): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

export function number(value: Json): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function seconds(least: number, perSecond: number): (value: Json) => number | undefined {
  return (value) => {
    const result = typeof value === "number" ? value / perSecond : Number.NaN;
    return Number.isInteger(result) && result >= least && result <= LONGEST_CALL ? result : undefined;
  };
}

export function between(from: number, to: number): (value: Json) => number | undefined {
  return (value) => (typeof value === "number" && value >= from && value <= to ? value : undefined);
}

/** Words to listen for, as one text. */
export function keyterm(value: Json): string | undefined {
  const words = Array.isArray(value) ? value.filter((word) => typeof word === "string") : [];
  return words.length > 0 ? words.join(",") : undefined;
}
