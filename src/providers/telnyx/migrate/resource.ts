import { withValue } from "../../../model/at-path.ts";
import { isList, isObject, type Json } from "../../../model/json.ts";
import { pointer, segments, type Pointer } from "../../../model/pointer.ts";

/** Stands where a person has to fill something in: validation refuses it. */
export const TODO = "TODO";

/** A resource in the making. */
export interface Making {
  readonly kind: string;
  readonly key: string;
  readonly name: string;
  readonly spec: Record<string, Json>;
  readonly remarks: Map<Pointer, string>;
}

export function making(kind: string, key: string, name: string): Making {
  return { kind, key, name, spec: {}, remarks: new Map() };
}

/** Puts a value at a place; blocks around it are made. */
export function put(resource: Pick<Making, "spec">, at: Pointer, value: Json): void {
  const { spec } = resource;
  Object.assign(spec, withValue(spec, segments(at), value));
}

/** Adds a comment. */
export function remark({ remarks }: Pick<Making, "remarks">, at: Pointer, text: string): void {
  const before = remarks.get(at);
  remarks.set(at, before === undefined ? text : `${before}\n${text}`);
}

/** Leaves a value to a person, with what is known about it. */
export function leave(resource: Making, at: Pointer, what: string): void {
  put(resource, at, TODO);
  remark(resource, at, `TODO: ${what}`);
}

/** What a person has to fill in, by the name of the field. */
const WANTED: Readonly<Record<string, string>> = {
  from: "the number or SIP URI that places the call.",
  id: "the assistant that takes over; no file has it.",
  value: "name an integration secret: {{#integration_secret}}name{{/integration_secret}}.",
  url: "the address of your server.",
  description: "when the model uses the tool.",
};

/** Comments for what the user still has to do and what has no comment yet. */
export function explainTodos(
  resource: Making,
  value: Json = resource.spec,
  path: readonly string[] = [],
): void {
  const at = pointer(path);
  if (value === TODO && !resource.remarks.has(at)) {
    const name = path.at(-1) ?? "";
    remark(resource, at, `TODO: ${Object.hasOwn(WANTED, name) ? WANTED[name] : "fill this in."}`);
  }
  if (isList(value) || isObject(value))
    for (const [key, member] of Object.entries(value)) explainTodos(resource, member as Json, [...path, key]);
}
