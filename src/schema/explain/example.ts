import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Step } from "./find.ts";
import { isReferenceSchema, listAt, resolved, shapeOf, strings, type Branch, type Shape } from "./shape.ts";

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
    const entry = { ...place, schema: shape.entry ?? {}, sample: isList(sample) ? sample[0] : undefined };
    return [valueAt(entry, rest)];
  }
  if (step.to === "member") {
    const [key = "name", value] = isObject(sample) ? (Object.entries(sample)[0] ?? []) : [];
    return { [key]: valueAt({ ...place, schema: shape.member ?? {}, field: key, sample: value }, rest) };
  }
  if (step.to === "shape") throw new Error(`no shape ${step.tag}`);
  return mapping(place, shape, [step.name], (name) =>
    valueAt(child(place, shape, name), name === step.name ? rest : []),
  );
}

/** The place with its `$ref` followed, and with an example of its own where there is none from further up. */
function entered(place: Place): Place {
  const schema = resolved(place.root, place.schema);
  return { ...place, schema, sample: place.sample ?? listAt(schema, "examples")[0] };
}

function inBranch(place: Place, { variants }: Shape, { tag, schema }: Branch): Place {
  const fits = variants !== undefined && property(place.sample, variants.by) === tag;
  const inside = [...place.inside, place.schema["oneOf"] ?? null];
  return { ...place, schema, inside, sample: fits ? place.sample : undefined };
}

function sampled({ sample, schema }: Place): Json | undefined {
  // A mapping with fields is made up of the samples of its fields, so that what it requires is there.
  return isObject(sample) && isObject(schema["properties"]) && !isReferenceSchema(schema) ? undefined : sample;
}

function madeUp(place: Place): Json {
  const { schema, root, names } = place;
  const [kind] = strings(schema["x-reference"]);
  if (kind !== undefined) return { ref: `${kind}/${names.get(kind) ?? "example"}` };
  const value =
    schema["const"] ??
    listAt(schema, "enum").find((one) => one !== null) ??
    listAt(schema, "x-known-values")[0];
  if (value !== undefined) return value;
  const types = isList(schema["type"]) ? strings(schema["type"]) : strings([schema["type"] ?? ""]);
  const shape = shapeOf(root, schema);
  if (types.includes("array")) return [valueAt({ ...place, schema: shape.entry ?? {}, sample: undefined }, [])];
  if (types.includes("object")) return madeUpMapping(place, shape);
  if (types.includes("string")) return textFor(place);
  if (types.includes("boolean")) return schema["default"] !== true;
  return types.includes("number") || types.includes("integer") ? numberFor(schema) : textFor(place);
}

/** A value that changes something. */
function chosenValue(schema: JsonObject): Json | undefined {
  const values = listAt(schema, "enum").filter((one) => one !== null);
  return values.find((one) => one !== schema["default"]) ?? values[0];
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
  const names = new Set([...wanted, ...fields.filter(({ required }) => required).map(({ name }) => name)]);
  const exclusive = listAt(schema, "oneOf").flatMap((branch) => strings(property(branch, "required")));
  if (exclusive.length > 0 && !exclusive.some((name) => names.has(name))) names.add(exclusive[0] ?? "");
  const draft = Object.fromEntries([...names].map((name) => [name, of(name)]));
  const more = necessary(schema, draft);
  const whole = { ...draft, ...Object.fromEntries(more.map((name) => [name, draft[name] ?? of(name)])) };
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const value = whole[name];
      return value === undefined ? [] : [[name, longEnough(value, conditional(schema, whole), name)] as const];
    }),
  );
}

/** What the fields that are there demand beside them. */
function necessary(schema: JsonObject, value: JsonObject): readonly string[] {
  const dependencies = Object.entries(isObject(schema["dependencies"]) ? schema["dependencies"] : {});
  const others = dependencies.flatMap(([name, list]) => (Object.hasOwn(value, name) ? strings(list) : []));
  return [...others, ...strings(conditional(schema, value)?.["required"])];
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
  if (!strings(required).every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(isObject(properties) ? properties : {}).every(([name, sub]) => {
    const constant = property(sub, "const");
    return !Object.hasOwn(value, name) || constant === undefined || value[name] === constant;
  });
}

function longEnough(value: Json, rules: JsonObject | undefined, name: string): Json {
  const least = property(property(rules?.["properties"], name), "minItems");
  if (!isList(value) || typeof least !== "number" || value.length === 0) return value;
  return [...value, ...Array.from({ length: Math.max(0, least - value.length) }, () => value[0] ?? null)];
}

function numberFor(schema: JsonObject): Json {
  const above = schema["exclusiveMinimum"];
  const next = typeof above === "number" ? above + 1 : undefined;
  return schema["default"] ?? schema["minimum"] ?? next ?? schema["maximum"] ?? 1;
}

const TEXTS = [
  "front-desk",
  "ACME_VALUE",
  "https://acme.example",
  "Assistant/front-desk",
  "/spec/name",
  "refs/rollcall/acme",
  "+15550001111",
];

function textFor({ root, schema, field }: Place): string {
  const pattern = schema["pattern"];
  const form = new RegExp(typeof pattern === "string" ? pattern : "", "u");
  const borrowed = sameNamed(root, field).find((text) => form.test(text));
  if (borrowed !== undefined) return borrowed;
  if (typeof pattern === "string") return TEXTS.find((text) => form.test(text)) ?? "";
  if (schema["x-secret-identifier"] === true) return "acme-key";
  if (schema["x-multiline"] === true) return "Some text.";
  if (/(?:^|_)url$/.test(field)) return "https://acme.example";
  if (/^(?:to|from|destination)$/.test(field)) return "+15550001111";
  return field === "" ? "text" : field.replaceAll("_", "-");
}

const named = new WeakMap<JsonObject, ReadonlyMap<string, readonly string[]>>();

/** Examples of fields with the same name, or with a longer one: what `node_id` is, `start_node_id` tells. */
function sameNamed(root: JsonObject, field: string): readonly string[] {
  const known = named.get(root) ?? examplesByName(root);
  named.set(root, known);
  const longer = [...known].filter(([name]) => name.endsWith(`_${field}`));
  return [...(known.get(field) ?? []), ...longer.flatMap(([, texts]) => texts)];
}

function examplesByName(root: JsonObject): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const visit = (schema: Json): void => {
    const fields = property(schema, "properties");
    for (const [name, sub] of Object.entries(isObject(fields) ? fields : {}))
      for (const text of strings(property(sub, "examples"))) found.set(name, [...(found.get(name) ?? []), text]);
    if (isList(schema)) schema.forEach(visit);
    else if (isObject(schema)) Object.values(schema).forEach(visit);
  };
  visit(root);
  return found;
}
