import { equal, isList, isObject, type Json, type JsonObject, property } from "../../model/json.ts";
import { ProviderError } from "../../model/provider.ts";

/** How a list is asked for: in pages of 100, or as a whole. */
export type Paging = "paged" | "whole";

export type Query = Readonly<Record<string, string>>;

type Get = (query: Query) => Promise<Json | undefined>;

interface Page {
  readonly items: readonly JsonObject[];
  readonly totalPages?: number;
}

const PAGE_SIZE = 100;
/** A list that goes on beyond this does not end. */
const MAX_PAGES = 1_000;

/**
 * All elements of a list, whatever its envelope: a bare array, `{data}`, or `{data, meta}`. Elements are told apart by
 * `idKey`, so that a page that is sent twice does no harm. With a known number of pages they are fetched side by side.
 */
export async function listAll(
  path: string,
  paging: Paging,
  idKey: string,
  get: Get,
): Promise<readonly JsonObject[]> {
  const first = pageOf(path, await get(paging === "paged" ? pageQuery(1) : {}));
  // A list that is documented as a whole and is paged all the same: asked for again, in pages of a known size.
  if (paging === "whole" && (first.totalPages ?? 1) > 1) return listAll(path, "paged", idKey, get);
  const found = new Map<string, JsonObject>();
  collect(path, idKey, first, found);
  if (paging === "whole" || found.size === 0) return [...found.values()];
  const { totalPages } = first;
  if (totalPages === undefined) await collectUntilEmpty(path, idKey, get, found);
  else for (const page of await pagesAfterFirst(path, get, totalPages)) collect(path, idKey, page, found);
  return [...found.values()];
}

/**
 * The first elements of a paged list, `limit` at most. Nothing is known of their ids: a server that does not page shows
 * itself by a page that is the same as the one before it.
 */
export async function listFirst(path: string, limit: number, get: Get): Promise<readonly JsonObject[]> {
  const size = Math.min(limit, PAGE_SIZE);
  const found: JsonObject[] = [];
  let before: Page | undefined;
  for (let number = 1; found.length < limit; number += 1) {
    if (number > MAX_PAGES) throw endless(path);
    const page = pageOf(path, await get(pageQuery(number, size)));
    const isRepeated = before !== undefined && equal([...page.items], [...before.items]);
    if (isRepeated) break;
    found.push(...page.items);
    const isLast = page.totalPages === undefined ? page.items.length < size : number >= page.totalPages;
    if (isLast || page.items.length === 0) break;
    before = page;
  }
  return found.slice(0, limit);
}

async function pagesAfterFirst(path: string, get: Get, total: number) {
  if (total > MAX_PAGES) throw endless(path);
  const rest = Array.from({ length: Math.max(0, total - 1) }, (_, index) => index + 2);
  return Promise.all(rest.map(async (number) => pageOf(path, await get(pageQuery(number)))));
}

/** A page without anything new ends the list: the server does not page, or starts over. */
async function collectUntilEmpty(
  path: string,
  idKey: string,
  get: Get,
  found: Map<string, JsonObject>,
): Promise<void> {
  for (let number = 2; number <= MAX_PAGES; number += 1) {
    if (collect(path, idKey, pageOf(path, await get(pageQuery(number))), found) === 0) return;
  }
  throw endless(path);
}

function pageQuery(number: number, size = PAGE_SIZE): Query {
  return { "page[number]": String(number), "page[size]": String(size) };
}

/** The number of elements that were not there before. */
function collect(path: string, idKey: string, page: Page, found: Map<string, JsonObject>): number {
  const before = found.size;
  for (const item of page.items) {
    const id = property(item, idKey);
    if (typeof id !== "string" || id === "") throw unreadable(path, `an element of the list has no ${idKey}`);
    found.set(id, item);
  }
  return found.size - before;
}

function pageOf(path: string, body: Json | undefined): Page {
  const items = isList(body) ? body : property(body, "data");
  if (!isList(items)) throw unreadable(path, "the answer is not a list");
  if (!items.every(isObject)) throw unreadable(path, "an element of the list is not an object");
  const total = property(property(body, "meta"), "total_pages");
  return { items, ...(typeof total === "number" && Number.isInteger(total) && { totalPages: total }) };
}

/** The object itself or the one in its `{data}` envelope. */
export function unwrap(body: Json | undefined): JsonObject | undefined {
  if (!isObject(body)) return undefined;
  const inner = property(body, "data");
  const isEnvelope = isObject(inner) && Object.keys(body).every((key) => key === "data" || key === "meta");
  return isEnvelope ? inner : body;
}

function endless(path: string): ProviderError {
  return unreadable(path, `the list has more than ${MAX_PAGES} pages`);
}

function unreadable(path: string, what: string): ProviderError {
  return new ProviderError({
    reason: "protocol",
    method: "GET",
    path,
    effect: "no",
    message: what,
  });
}
