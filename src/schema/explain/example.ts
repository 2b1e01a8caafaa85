import { exclusiveFields, listAt } from "../../model/json-schema.ts";
import {
  isList,
  isObject,
  membersOf,
  property,
  stringsIn,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import type { Step } from "./find.ts";
import { choiceFor, numberFor, textFor } from "./made-up.ts";
import { type Branch, isReferenceSchema, resolved, type Shape, shapeOf } from "./shape.ts";

/** Names of resources for references, by kind: those that the examples of the kinds use. */
export type Names = ReadonlyMap<string, string>;

interface Place {
  readonly root: JsonObject;
  readonly schema: JsonObject;
  readonly names: Names;
  /** The name of the field that the value stands in. */
  readonly field: string;
  /** What an example further up has at this place. */
  readonly sample?: Json | undefined;
  /** The one-ofs that this place is inside of: a tree that contains itself must end. */
  readonly inside: readonly Json[];
}

/**
 * A small value that is valid and leads to where the steps lead: examples of the schema where there are any, otherwise
 * what is required, made up from the types.
 */
export function exampleOf(root: JsonObject, steps: readonly Step[], names: Names): Json {
  return valueAt({ root, schema: root, names, field: "", inside: [] }, steps);
}

function valueAt(at: Place, steps: readonly Step[]): Json {
  const place = entered(at);
  const [step, ...rest] = steps;
  if (step === undefined) return sampled(place) ?? madeUp(place);
  const shape = shapeOf(place.root, place.schema);
  const sample = place.sample;
  if (shape.variants !== undefined) {
    const { branches, by } = shape.variants;
    const named = step.to === "shape" ? branches.filter(({ tag }) => tag === step.tag) : branches;
    return valueAt(inBranch(place, shape, chosenBranch(place, named, by)), step.to === "shape" ? rest : steps);
  }
  if (step.to === "entry") {
    const first = isList(sample) ? sample[0] : undefined;
    return [valueAt({ ...place, schema: shape.entry ?? {}, sample: first }, rest)];
  }
  if (step.to === "member") {
    const [key = "name", value] = isObject(sample) ? (Object.entries(sample)[0] ?? []) : [];
    return { [key]: valueAt({ ...place, schema: shape.member ?? {}, field: key, sample: value }, rest) };
  }
  if (step.to === "shape") throw new Error(`no shape ${step.tag}`);
  const value = mapping(place, shape, [step.name], (name) =>
    valueAt(child(place, shape, name), name === step.name ? rest : []),
  );
  return { ...value, ...besideOf(entered(child(place, shape, step.name)).schema, rest) };
}

/** What the lints demand beside a field, so that examples keep to it. */
function besideOf(schema: JsonObject, steps: readonly Step[]): JsonObject {
  const isBelow = (name: Json | undefined) =>
    steps.some(
      (step) => (step.to === "shape" ? step.tag : step.to === "field" ? step.name : undefined) === name,
    );
  const rules = listAt(schema, "x-example-beside")
    .filter(isObject)
    .filter(({ below }) => below === undefined || isBelow(below))
    .filter(({ unless }) => unless === undefined || !isBelow(unless));
  return Object.assign({}, ...rules.map(({ fields }) => fields)) as JsonObject;
}

/** The place with its `$ref` followed. If no example comes from further up, the place gets its own. */
function entered(place: Place): Place {
  const schema = resolved(place.root, place.schema);
  return { ...place, schema, sample: place.sample ?? ownExample(schema) };
}

/** Not one with a template, which makes sense only where its variable is declared; a secret is best as one. */
function ownExample(schema: JsonObject): Json | undefined {
  const fits = (one: Json) => typeof one !== "string" || !one.includes("{{") || schema["x-sensitive"] === true;
  return listAt(schema, "examples").find(fits);
}

function inBranch(place: Place, { variants }: Shape, { tag, schema }: Branch): Place {
  const isSampled = variants !== undefined && property(place.sample, variants.by) === tag;
  const inside = [...place.inside, place.schema["oneOf"] ?? null];
  return { ...place, schema, inside, sample: isSampled ? place.sample : undefined };
}

function sampled({ sample, schema }: Place): Json | undefined {
  // A mapping with fields is made up of the samples of its fields, so that what it requires is there.
  return isObject(sample) && isObject(schema["properties"]) && !isReferenceSchema(schema) ? undefined : sample;
}

function madeUp(place: Place): Json {
  const { schema, root, names, field } = place;
  const [kind] = stringsIn(schema["x-reference"]);
  if (kind !== undefined) return { ref: `${kind}/${names.get(kind) ?? "example"}` };
  const value = schema["const"] ?? choiceFor(schema) ?? listAt(schema, "x-known-values")[0];
  if (value !== undefined) return value;
  const types = isList(schema["type"]) ? stringsIn(schema["type"]) : stringsIn([schema["type"] ?? ""]);
  const shape = shapeOf(root, schema);
  if (types.includes("array")) return [valueAt({ ...place, schema: shape.entry ?? {}, sample: undefined }, [])];
  if (types.includes("object")) return madeUpMapping(place, shape);
  if (types.includes("string")) return textFor(root, schema, field);
  if (types.includes("boolean")) return schema["default"] !== true;
  return types.includes("number") || types.includes("integer")
    ? numberFor(schema)
    : textFor(root, schema, field);
}

function madeUpMapping(place: Place, shape: Shape): Json {
  const { variants, member, fields } = shape;
  if (variants !== undefined) {
    const branch = chosenBranch(place, variants.branches, variants.by);
    return valueAt(inBranch(place, shape, branch), []);
  }
  if (fields.length > 0) {
    const telling = tellingFields(place, shape);
    return mapping(place, shape, telling, (name) => valueAt(child(place, shape, name), []));
  }
  if (member === undefined) return { key: "value" };
  return { name: valueAt({ ...place, schema: member, field: "name", sample: undefined }, []) };
}

/** The one that the sample has; inside of itself one that does not go on. */
function chosenBranch({ sample, inside, schema }: Place, branches: readonly Branch[], by: string): Branch {
  const isSample = ({ tag }: Branch) => property(sample, by) === tag;
  const again = inside.includes(schema["oneOf"] ?? null);
  const ends = (branch: Branch) => !JSON.stringify(branch.schema).includes('"$ref"');
  const found = branches.find(isSample) ?? (again ? branches.find(ends) : undefined) ?? branches[0];
  if (found === undefined) throw new Error("a one-of without shapes");
  return found;
}

const MOST_TELLING = 3;

/** What the sample has, or a few fields with examples of their own; the first where there are none. */
function tellingFields({ sample }: Place, { fields }: Shape): readonly string[] {
  if (isObject(sample)) return fields.map(({ name }) => name).filter((name) => Object.hasOwn(sample, name));
  if (fields.some(({ required }) => required)) return [];
  const withExample = fields.filter(
    ({ schema }) => schema["examples"] !== undefined && schema["deprecated"] !== true,
  );
  return (withExample.length > 0 ? withExample.slice(0, MOST_TELLING) : fields.slice(0, 1)).map(
    ({ name }) => name,
  );
}

function child({ sample, ...place }: Place, { fields }: Shape, name: string): Place {
  const field = fields.find((one) => one.name === name);
  if (field === undefined) throw new Error(`no field ${name}`);
  return { ...place, schema: field.schema, field: name, sample: property(sample, name) };
}

/** A mapping with the wanted fields and all that they make necessary. */
function mapping(
  { schema }: Place,
  { fields }: Shape,
  wanted: readonly string[],
  of: (name: string) => Json,
): JsonObject {
  const required = fields.flatMap((field) => (field.required ? [field.name] : []));
  const draft = Object.fromEntries([...wanted, ...required].map((name) => [name, of(name)]));
  const more = demandedBy(schema, draft).map((name) => [name, draft[name] ?? of(name)] as const);
  const whole = { ...draft, ...Object.fromEntries(more) };
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const value = whole[name];
      return value === undefined ? [] : [[name, longEnough(value, name, schema, whole)] as const];
    }),
  );
}

/** The fields that the present fields require, and one of each group that needs one. */
function demandedBy(schema: JsonObject, value: JsonObject): readonly string[] {
  const dependencies = Object.entries(membersOf(schema["dependencies"]));
  const demanded = [
    ...dependencies.flatMap(([name, list]) => (Object.hasOwn(value, name) ? stringsIn(list) : [])),
    ...stringsIn(conditional(schema, value)?.["required"]),
  ];
  const exclusive = exclusiveFields(schema);
  const isThere = (name: string) => Object.hasOwn(value, name) || demanded.includes(name);
  return exclusive.some(isThere) ? demanded : [...demanded, ...exclusive.slice(0, 1)];
}

/** A list with as many entries as the other fields demand. */
function longEnough(value: Json, name: string, schema: JsonObject, whole: JsonObject): Json {
  const least = property(property(conditional(schema, whole)?.["properties"], name), "minItems");
  if (!isList(value) || typeof least !== "number" || value.length === 0) return value;
  return [...value, ...Array.from({ length: Math.max(0, least - value.length) }, () => value[0] ?? null)];
}

/** `then` or `else`, whichever speaks about the value. */
function conditional(schema: JsonObject, value: JsonObject): JsonObject | undefined {
  const condition = schema["if"];
  if (!isObject(condition)) return undefined;
  const branch = schema[holds(condition, value) ? "then" : "else"];
  return isObject(branch) ? branch : undefined;
}

/** As much of JSON Schema as conditions use. */
function holds({ not, required, properties }: JsonObject, value: JsonObject): boolean {
  if (isObject(not) && holds(not, value)) return false;
  if (!stringsIn(required).every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(membersOf(properties)).every(([name, sub]) => {
    const constant = property(sub, "const");
    return !Object.hasOwn(value, name) || constant === undefined || value[name] === constant;
  });
}
