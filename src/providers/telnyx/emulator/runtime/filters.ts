import { isObject, type Json, type JsonObject } from "../../../../model/json.ts";
import { badRequest } from "../errors.ts";

/** Fields to filter and order conversations by, besides those of the metadata. */
const COLUMNS: ReadonlySet<string> = new Set(["id", "name", "created_at", "last_message_at"]);
const METADATA = /^metadata->>?(.+)$/;
const CONDITION = /^(not\.)?(eq|neq|gt|gte|lt|lte|like|ilike|in|is)\.(.*)$/s;
const NESTED = /^([^.]+)\.(.*)$/s;

type Test = (row: JsonObject) => boolean;

/** Applies a query in the style of PostgREST: conditions, `or`, `order` and `limit`. */
export function matching(
  { order, limit, ...conditions }: Readonly<Record<string, string>>,
  rows: readonly JsonObject[],
): readonly JsonObject[] {
  const tests = Object.entries(conditions).map(([key, text]) =>
    key === "or" ? anyOf(text) : testOf(key, text),
  );
  const found = rows.filter((row) => tests.every((test) => test(row)));
  const ordered = order === undefined ? found : inOrder(found, order);
  return limit === undefined ? ordered : ordered.slice(0, countOf(limit));
}

function countOf(limit: string): number {
  if (!/^\d+$/.test(limit)) throw badRequest(`limit '${limit}' is not a number`);
  return Number(limit);
}

/** Reads the value of a column. */
function reader(column: string): (row: JsonObject) => Json | undefined {
  const [, key] = METADATA.exec(column) ?? [];
  if (key !== undefined)
    return ({ metadata }) => (isObject(metadata) && Object.hasOwn(metadata, key) ? metadata[key] : undefined);
  if (!COLUMNS.has(column)) throw badRequest(`column '${column}' does not exist`);
  return (row) => row[column];
}

function testOf(column: string, condition: string): Test {
  const read = reader(column);
  const [, not, operator = "", operand = ""] = CONDITION.exec(condition) ?? [];
  if (operator === "") throw badRequest(`'${column}=${condition}' is not a filter: it takes operator.value`);
  const holds = comparison(operator, operand, column.endsWith("_at"));
  // As in SQL, a missing value matches only `is`.
  return (row) => {
    const value = read(row);
    if (value === undefined && operator !== "is") return false;
    return holds(value === undefined ? null : String(value)) !== (not !== undefined);
  };
}

function comparison(operator: string, operand: string, isTime: boolean): (value: string | null) => boolean {
  const sort = (text: string) => (isTime ? Date.parse(text) : text);
  const compared = (value: string | null) => compare(sort(value ?? ""), sort(operand));
  switch (operator) {
    case "eq":
      return (value) => compared(value) === 0;
    case "neq":
      return (value) => compared(value) !== 0;
    case "gt":
      return (value) => compared(value) > 0;
    case "gte":
      return (value) => compared(value) >= 0;
    case "lt":
      return (value) => compared(value) < 0;
    case "lte":
      return (value) => compared(value) <= 0;
    case "in": {
      const among = operand.replace(/^\(|\)$/g, "").split(",");
      return (value) => among.includes(value ?? "");
    }
    case "is":
      return (value) => (operand === "null" ? value === null : value === operand);
    default: {
      const pattern = likePattern(operand, operator === "ilike" ? "isu" : "su");
      return (value) => pattern.test(value ?? "");
    }
  }
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : Number(a > b));

/** `%` and `*` stand for any text, `_` for any character. */
function likePattern(operand: string, flags: string): RegExp {
  const source = operand
    .replaceAll(/[\\^$.|?+()[\]{}/]/g, String.raw`\$&`)
    .replaceAll(/[%*]/g, ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${source}$`, flags);
}

/** `(created_at.gte.2025-04-01,name.eq.x)`. */
function anyOf(text: string): Test {
  const inner = /^\((.*)\)$/s.exec(text)?.[1];
  if (inner === undefined) throw badRequest(`or '${text}' must be in parentheses`);
  const tests = inner.split(/,(?![^(]*\))/).map((part) => {
    const [, column = "", condition = ""] = NESTED.exec(part) ?? [];
    return testOf(column, condition);
  });
  return (row) => tests.some((test) => test(row));
}

/** `created_at.desc,name`. */
function inOrder(rows: readonly JsonObject[], order: string): readonly JsonObject[] {
  const keys = order.split(",").map((part) => {
    const [column = "", direction = "asc"] = part.split(".");
    if (direction !== "asc" && direction !== "desc") throw badRequest(`order '${part}' is not asc or desc`);
    return { read: reader(column), sign: direction === "desc" ? -1 : 1 };
  });
  return rows.toSorted((a, b) => {
    for (const { read, sign } of keys) {
      const difference = compare(String(read(a) ?? ""), String(read(b) ?? ""));
      if (difference !== 0) return difference * sign;
    }
    return 0;
  });
}
