import type { Json, JsonObject } from "../../../model/json.ts";
import type { Problem } from "./check/accept.ts";
import { invalid, type Refusal, type Reply } from "./errors.ts";
import { type Call, ok } from "./world.ts";

export interface PageBounds {
  readonly max: number;
  /** How a page that is out of bounds is refused. */
  readonly refuse?: (problems: readonly Problem[]) => Refusal;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly meta: JsonObject;
}

const DEFAULT_SIZE = 20;

/** The page of `items` that the query asks for, by `page[number]` and `page[size]`. */
export function pageOf<T>(call: Call, items: readonly T[], bounds: PageBounds = { max: 100 }): Page<T> {
  const problems: Problem[] = [];
  const number = readNumber(call, "page[number]", { max: Number.MAX_SAFE_INTEGER, fallback: 1 }, problems);
  const size = readNumber(call, "page[size]", { max: bounds.max, fallback: DEFAULT_SIZE }, problems);
  if (problems.length > 0) throw (bounds.refuse ?? ((found) => invalid(...found)))(problems);
  return {
    items: items.slice((number - 1) * size, number * size),
    meta: {
      total_pages: Math.ceil(items.length / size),
      total_results: items.length,
      page_number: number,
      page_size: size,
    },
  };
}

/** The response with that page; `view` makes each item. */
export function paged<T>(call: Call, items: readonly T[], view: (item: T) => Json, bounds?: PageBounds): Reply {
  const page = pageOf(call, items, bounds);
  return ok({ data: page.items.map(view), meta: page.meta });
}

/** Whether a record has the values that the query asks for: `fields` has the name of a field for each parameter. */
export function askedFor(
  { query }: Call,
  fields: Readonly<Record<string, string>>,
): (record: JsonObject) => boolean {
  const asked = Object.entries(fields).filter(([parameter]) => query[parameter] !== undefined);
  return (record) => asked.every(([parameter, field]) => record[field] === query[parameter]);
}

function readNumber(
  call: Call,
  name: string,
  { max, fallback }: { readonly max: number; readonly fallback: number },
  problems: Problem[],
): number {
  const given = call.query[name];
  if (given === undefined) return fallback;
  const loc = ["query", name];
  const value = Number(given);
  if (given.trim() === "" || !Number.isInteger(value))
    problems.push({ type: "int_parsing", loc, msg: "Input should be a valid integer" });
  else if (value < 1)
    problems.push({ type: "greater_than_equal", loc, msg: `Input should be greater than or equal to 1` });
  else if (value > max)
    problems.push({ type: "less_than_equal", loc, msg: `Input should be less than or equal to ${max}` });
  return value;
}
