import { equal, isList, isObject, type Json } from "../../../../model/json.ts";
import { instantOf } from "./instant.ts";
import type { Shape } from "./shape.ts";

/** One entry of a FastAPI 422 body. */
export interface Problem {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

type Path = readonly (string | number)[];

/** The value as the server stores it: without unknown keys, and with defaults. Problems are collected. */
export function accept(shape: Shape, value: Json, path: Path, problems: Problem[]): Json {
  const say = (type: string, msg: string) => problems.push({ type, loc: path, msg });
  if (value === null && shape.is !== "either" && shape.is !== "any") {
    if (shape.nullable !== true) say(`${typeName(shape)}_type`, `Input should be a valid ${typeName(shape)}`);
    return null;
  }
  switch (shape.is) {
    case "later":
      return accept(shape.of(), value, path, problems);
    case "any":
      return value;
    case "free":
      if (!isObject(value)) say("dict_type", "Input should be a valid dictionary");
      return value;
    case "flag":
      if (typeof value !== "boolean") say("bool_type", "Input should be a valid boolean");
      return value;
    case "text":
      return acceptText(shape, value, say);
    case "integer":
    case "number":
      return acceptNumber(shape, value, say);
    case "map":
      return acceptMap(shape, value, path, problems);
    case "list":
      return acceptList(shape, value, path, problems);
    case "record":
      return acceptRecord(shape, value, path, problems);
    case "either":
      return acceptEither(shape, value, path, problems);
    case "tagged":
      return acceptTagged(shape, value, path, problems);
  }
}

type Say = (type: string, msg: string) => void;
type Of<K extends Shape["is"]> = Extract<Shape, { readonly is: K }>;

function typeName(shape: Shape): string {
  const names: Partial<Record<Shape["is"], string>> = {
    text: "string",
    integer: "int",
    number: "float",
    flag: "bool",
    list: "list",
  };
  return names[shape.is] ?? "dict";
}

function acceptText(shape: Of<"text">, value: Json, say: Say): Json {
  if (typeof value !== "string") {
    say("string_type", "Input should be a valid string");
    return value;
  }
  const length = [...value].length;
  if (shape.among !== undefined && !shape.among.includes(value))
    say("enum", `Input should be ${shape.among.map((one) => `'${one}'`).join(" or ")}`);
  if (shape.min !== undefined && length < shape.min)
    say("string_too_short", `String should have at least ${shape.min} characters`);
  if (shape.max !== undefined && length > shape.max)
    say("string_too_long", `String should have at most ${shape.max} characters`);
  if (shape.pattern !== undefined && !shape.pattern.test(value))
    say("string_pattern_mismatch", `String should match pattern '${shape.pattern.source}'`);
  if (shape.format === "date-time" && instantOf(value) === undefined)
    say("datetime_parsing", "Input should be a valid datetime");
  return value;
}

function acceptNumber(shape: Of<"integer" | "number">, value: Json, say: Say): Json {
  const wanted = shape.is === "integer" ? "integer" : "number";
  if (typeof value !== "number" && typeof value !== "bigint") {
    say(shape.is === "integer" ? "int_type" : "float_type", `Input should be a valid ${wanted}`);
    return value;
  }
  if (shape.is === "integer" && typeof value === "number" && !Number.isInteger(value))
    say("int_from_float", "Input should be a valid integer, got a number with a fractional part");
  if (shape.min !== undefined && value < shape.min)
    say("greater_than_equal", `Input should be greater than or equal to ${shape.min}`);
  if (shape.max !== undefined && value > shape.max)
    say("less_than_equal", `Input should be less than or equal to ${shape.max}`);
  if (shape.step !== undefined && !isMultiple(Number(value), shape.step))
    say("multiple_of", `Input should be a multiple of ${shape.step}`);
  return value;
}

function isMultiple(value: number, step: number): boolean {
  const times = value / step;
  return Math.abs(times - Math.round(times)) < 1e-9;
}

function acceptList(shape: Of<"list">, value: Json, path: Path, problems: Problem[]): Json {
  if (!isList(value)) {
    problems.push({ type: "list_type", loc: path, msg: "Input should be a valid list" });
    return value;
  }
  if (shape.min !== undefined && value.length < shape.min)
    problems.push({ type: "too_short", loc: path, msg: `List should have at least ${shape.min} item` });
  if (shape.unique === true && value.some((item, index) => value.slice(0, index).some((a) => equal(a, item))))
    problems.push({ type: "value_error", loc: path, msg: "Value error, items must be unique" });
  return value.map((item, index) => accept(shape.of, item, [...path, index], problems));
}

function acceptMap(shape: Of<"map">, value: Json, path: Path, problems: Problem[]): Json {
  if (!isObject(value)) {
    problems.push({ type: "dict_type", loc: path, msg: "Input should be a valid dictionary" });
    return value;
  }
  const entries = Object.entries(value).map(([key, one]): [string, Json] => [
    key,
    accept(shape.of, one, [...path, key], problems),
  ]);
  return Object.fromEntries(entries);
}

function acceptRecord(shape: Of<"record">, value: Json, path: Path, problems: Problem[]): Json {
  if (!isObject(value)) {
    problems.push({ type: "dict_type", loc: path, msg: "Input should be a valid dictionary or object" });
    return value;
  }
  const kept: [string, Json][] = [];
  for (const [key, given] of Object.entries(value)) {
    const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    if (field !== undefined) kept.push([key, accept(field, given, [...path, key], problems)]);
    else if (shape.others === "keep") kept.push([key, given]);
    else if (shape.others === "forbid")
      problems.push({ type: "extra_forbidden", loc: [...path, key], msg: "Extra inputs are not permitted" });
  }
  for (const [key, field] of Object.entries(shape.fields)) {
    if (Object.hasOwn(value, key)) continue;
    if (field.fill !== undefined) kept.push([key, field.fill]);
    else if (field.required === true)
      problems.push({ type: "missing", loc: [...path, key], msg: "Field required" });
  }
  return Object.fromEntries(kept);
}

/** The first alternative without a problem; if there is none, the problems of the first one. */
function acceptEither(shape: Of<"either">, value: Json, path: Path, problems: Problem[]): Json {
  if (value === null && shape.nullable === true) return null;
  let first: readonly Problem[] | undefined;
  for (const one of shape.of) {
    const complaints: Problem[] = [];
    const accepted = accept(one, value, path, complaints);
    if (complaints.length === 0) return accepted;
    first ??= complaints;
  }
  problems.push(...(first ?? []));
  return value;
}

function acceptTagged(shape: Of<"tagged">, value: Json, path: Path, problems: Problem[]): Json {
  const tag = isObject(value) ? (value["type"] ?? shape.untagged) : undefined;
  if (typeof tag !== "string") {
    const msg = "Unable to extract tag using discriminator 'type'";
    problems.push({ type: "union_tag_not_found", loc: path, msg });
    return value;
  }
  const variant = Object.hasOwn(shape.variants, tag) ? shape.variants[tag] : shape.unknown;
  if (variant === undefined) {
    const expected = Object.keys(shape.variants)
      .map((one) => `'${one}'`)
      .join(", ");
    const msg = `Input tag '${tag}' found using 'type' does not match any of the expected tags: ${expected}`;
    problems.push({ type: "union_tag_invalid", loc: path, msg });
    return value;
  }
  return accept(variant, value, path, problems);
}
