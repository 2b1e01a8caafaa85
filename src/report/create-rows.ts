import type { Address } from "../model/address.ts";
import { isList, isObject, type Json } from "../model/json.ts";
import type { Plan, ResourceChange } from "../model/plan.ts";
import { pointer } from "../model/pointer.ts";
import { isReference } from "../model/resource.ts";
import { counted } from "./phrases.ts";
import type { Body, Row } from "./row.ts";
import { changeRow } from "./rows.ts";
import { visible } from "../model/visible.ts";
import { stepsAt } from "./steps-at.ts";
import { block, gist, inline, outline, type Names } from "./value.ts";

/** The declared fields in short: a reader of a creation has the manifest beside it. */
export function createRows(change: ResourceChange, plan: Plan): readonly Row[] {
  const later = secondStep(change.address, plan);
  const { after = {}, inherits } = change;
  return Object.entries(after).flatMap(([key, value]) => {
    if (inherits !== undefined && pointer([key]) === inherits.into)
      return inherits.changes.map((one) => changeRow(one, plan.names));
    const file = change.changes.find(({ path }) => path === pointer([key]))?.file;
    const isLater = later?.keys.includes(key) === true;
    return [
      {
        sign: "+" as const,
        label: visible(key),
        body: valueBody(value, plan.names),
        note: isLater ? `in a second step, after ${later.after}` : linesNote(value),
        file: file === undefined ? undefined : visible(file),
      },
    ];
  });
}

function linesNote(value: Json): string | undefined {
  return isText(value) ? counted(gist(trimmed(value)).lines, "line") : undefined;
}

function valueBody(value: Json, names: Names): Body {
  const about = outline(value, names);
  const all = () => block(isText(value) ? trimmed(value) : value, names);
  const text = isText(value) ? gist(value).first : inline(value, names);
  const lines = isWorthLines(value, about) ? all() : [];
  const whole = { lines: all, isText: typeof value === "string", hasText: hasText(value) };
  return {
    type: "value",
    text,
    lines,
    outline: about,
    ...(lines.length > 0 && !whole.hasText ? {} : { whole }),
  };
}

/** The end of the last line does not begin another one. */
function trimmed(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function hasText(value: Json): boolean {
  if (isList(value)) return value.some(hasText);
  if (isObject(value)) return Object.values(value).some(hasText);
  return isText(value);
}

function isText(value: Json): value is string {
  return typeof value === "string" && value.includes("\n");
}

/** More than this is an outline. */
const MOST_VALUES = 20;

/** A list without names for its elements, and a short mapping of plain values, whose values are what matters. */
function isWorthLines(value: Json, about: string | undefined): boolean {
  if (isList(value)) return about === undefined;
  if (!isObject(value) || isReference(value)) return false;
  const members = Object.values(value);
  return members.length <= MOST_VALUES && members.every((one) => typeof one !== "object" || one === null);
}

/** Where a cycle is broken: what is left out at first, and what it waits for. */
function secondStep(address: Address, plan: Plan) {
  const own = stepsAt(plan, address);
  const keys = own.find(({ action }) => action === "create")?.omit ?? [];
  if (keys.length === 0) return undefined;
  const needs = own.find(({ action }) => action === "complete")?.needs ?? [];
  const others = plan.steps.filter((step) => needs.includes(step.id) && step.address !== address);
  const [first, ...more] = others.map((step) => visible(step.address));
  const after = more.length === 0 ? first : `${first ?? ""} and ${counted(more.length, "other")}`;
  return { keys, after: after ?? "the others" };
}
