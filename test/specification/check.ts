import { Ajv } from "ajv";
import { OWN_KEYWORDS } from "../../src/model/json-schema.ts";
import { isList, isObject, property, type Json, type JsonObject } from "../../src/model/json.ts";
import { pointer, segments, type Pointer } from "../../src/model/pointer.ts";
import { branches, fieldsOf, objectAt, reference, resolve, tagOf } from "./fields.ts";

/** What is wrong with a value: `/rules/0/serve oneOf`. The empty list when nothing is. */
export type Check = (value: Json) => readonly string[];

/** A validator that knows no other keywords than those of JSON Schema and ours. */
export function checkOf(schema: JsonObject): Check {
  const ajv = new Ajv({
    allErrors: true,
    discriminator: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    keywords: [...OWN_KEYWORDS],
  });
  const validate = ajv.compile(schema);
  return (value) => {
    validate(value);
    // `if` only repeats that its `then` or `else` failed.
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== "if");
    return errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
  };
}

/**
 * What is wrong, where, the value put there (`undefined`: taken away), and the one error that follows, seen from
 * there: `minimum` in that place, `/ref pattern` below it, `^required` in the object around it.
 */
export type Mistake = readonly [what: string, at: Pointer, value: Json | undefined, error: string];

/** The error of a `Mistake` as a `Check` has it. */
export function errorAt(at: Pointer, error: string): string {
  const around = error.startsWith("^");
  const rest = error.slice(around ? 1 : 0);
  const base = around ? at.slice(0, at.lastIndexOf("/")) : at;
  return rest.startsWith("/") ? `${base}${rest}` : `${base} ${rest}`;
}

/** A copy with another value at the path; without a value, with nothing there. */
export function changed(value: Json, at: Pointer, to?: Json): Json {
  const [key, ...rest] = segments(at);
  if (key === undefined) return to ?? {};
  if (isList(value)) {
    const next = changedMember(value[Number(key)], rest, to);
    return next === undefined ? value.toSpliced(Number(key), 1) : value.with(Number(key), next);
  }
  if (!isObject(value)) throw new Error(`${at} leads into ${typeof value}`);
  const next = changedMember(property(value, key), rest, to);
  const others = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(next === undefined ? others : [...others, [key, next]]);
}

function changedMember(
  value: Json | undefined,
  rest: readonly string[],
  to: Json | undefined,
): Json | undefined {
  return rest.length === 0 ? to : changed(value ?? {}, pointer(rest), to);
}

/** The fields of the schema that none of the values has. */
export function unusedFields(schema: JsonObject, values: readonly Json[]): readonly string[] {
  const used = new Set(values.flatMap((value) => visits(schema, value).map(({ path }) => path)));
  return [...fieldsOf(schema).keys()].filter((path) => !used.has(path));
}

export interface Visit {
  /** The field of the schema. */
  readonly path: string;
  /** Where it is in the value. */
  readonly at: Pointer;
}

/** Every place of a value that the schema describes. Inside a tree that contains itself, paths begin anew. */
export function visits(schema: JsonObject, value: Json): readonly Visit[] {
  return within(schema, value, "", "", new Map());

  function within(
    raw: JsonObject,
    item: Json,
    path: string,
    at: Pointer,
    entered: ReadonlyMap<string, string>,
  ): readonly Visit[] {
    const target = reference(raw);
    const start = (target !== undefined && entered.get(target)) || path;
    const inside = target === undefined ? entered : new Map([...entered, [target, start]]);
    const node = resolve(raw, schema);
    const here = path === "" || path.endsWith(">") ? [] : [{ path, at }];
    if (node["x-reference"] !== undefined) return here;
    return [...here, ...below(node, item, start, at, inside)];
  }

  function below(
    node: JsonObject,
    item: Json,
    path: string,
    at: Pointer,
    entered: ReadonlyMap<string, string>,
  ): readonly Visit[] {
    const items = property(node, "items");
    if (isList(item)) {
      return isObject(items)
        ? item.flatMap((element, i) => within(items, element, `${path}[]`, `${at}/${i}`, entered))
        : [];
    }
    if (!isObject(item)) return [];
    const fields = Object.entries(objectAt(node, "properties")).flatMap(([name, child]) => {
      const member = property(item, name);
      if (member === undefined || !isObject(child)) return [];
      return within(child, member, path === "" ? name : `${path}.${name}`, `${at}/${name}`, entered);
    });
    const variant = [...branches(node), ...branches(objectAt(node, "then"))].find(
      (branch) => tagOf(branch) !== undefined && tagOf(branch) === property(item, "type"),
    );
    const more = variant && within(variant, item, `${path}<${tagOf(variant)}>`, at, entered);
    return [...fields, ...(more ?? [])];
  }
}
