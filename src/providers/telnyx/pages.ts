import { equal, isList, isObject, type Json, type JsonObject, property } from "../../model/json.ts";
import { ProviderError } from "../../model/provider.ts";

/** How a list is asked for: in pages of 100, or as a whole. */
export type Paging = "paged" | "whole";

export type Query = Readonly<Record<string, string>>;

type Get = (query: Query) => Promise<Json | undefined>;

interface Page {
  readonly items: readonly JsonObject[];
  readonly totalPages?: number;
  /** How many elements the whole list has. */
  readonly total?: number;
}

const PAGE_SIZE = 100;
/** A list with more pages than this is an error. */
const MAX_PAGES = 1_000;
/** How often a list is read that changes meanwhile. */
const MOST_READS = 3;

/**
 * All elements of a list, whatever its envelope: a bare array, `{data}`, or `{data, meta}`. Elements are told apart by
 * `idKey`, so that a page that is sent twice does no harm. A list of which an element was made or deleted between two pages
 * is read again: another element can have moved from one page to the one before it.
 */
export async function listAll(
  path: string,
  paging: Paging,
  idKey: string,
  get: Get,
): Promise<readonly JsonObject[]> {
  for (let reads = 1; ; reads += 1) {
    const reading: Reading = { path, idKey, get, found: new Map(), totals: new Set() };
    await readPages(reading, paging);
    if (reading.totals.size < 2 || reads >= MOST_READS) return [...reading.found.values()];
  }
}

/** One reading of a list. */
interface Reading {
  readonly path: string;
  readonly idKey: string;
  readonly get: Get;
  /** The elements so far, by id. */
  readonly found: Map<string, JsonObject>;
  /** How many elements the pages say that the list has. */
  readonly totals: Set<number>;
}

/** With a known number of pages they are fetched side by side. */
async function readPages(reading: Reading, paging: Paging): Promise<void> {
  const { path, get } = reading;
  const first = pageOf(path, await get(paging === "paged" ? pageQuery(1) : {}));
  // A list that is documented as a whole and is paged all the same: asked for again, in pages of a known size.
  if (paging === "whole" && (first.totalPages ?? 1) > 1) return readPages(reading, "paged");
  collect(first, reading);
  const { items, totalPages } = first;
  // Elements that were deleted meanwhile can leave a page empty while others follow.
  const isEmpty = items.length === 0 && (totalPages ?? 1) <= 1;
  if (paging === "whole" || isEmpty) return;
  if (totalPages === undefined) return readUntilEmpty(reading);
  for (const page of await pagesAfterFirst(path, get, totalPages)) collect(page, reading);
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
    const isRepeated =
      page.items.length > 0 && before !== undefined && equal([...page.items], [...before.items]);
    if (isRepeated) break;
    found.push(...page.items);
    const isLast = page.totalPages === undefined ? page.items.length < size : number >= page.totalPages;
    if (isLast) break;
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
async function readUntilEmpty(reading: Reading): Promise<void> {
  const { path, get } = reading;
  for (let number = 2; number <= MAX_PAGES; number += 1) {
    const page = pageOf(path, await get(pageQuery(number)));
    if (page.items.every((item) => reading.found.has(idOf(item, reading)))) return;
    collect(page, reading);
  }
  throw endless(path);
}

function pageQuery(number: number, size = PAGE_SIZE): Query {
  return { "page[number]": String(number), "page[size]": String(size) };
}

function collect({ items, total }: Page, reading: Reading): void {
  if (total !== undefined) reading.totals.add(total);
  for (const item of items) reading.found.set(idOf(item, reading), item);
}

function idOf(item: JsonObject, { path, idKey }: Reading): string {
  const id = property(item, idKey);
  if (typeof id === "string" && id !== "") return id;
  throw unreadable(path, `an element of the list has no ${idKey}`);
}

function pageOf(path: string, body: Json | undefined): Page {
  const items = isList(body) ? body : property(body, "data");
  if (!isList(items)) throw unreadable(path, "the answer is not a list");
  if (!items.every(isObject)) throw unreadable(path, "an element of the list is not an object");
  const [totalPages, total] = ["total_pages", "total_results"].map((key) =>
    property(property(body, "meta"), key),
  );
  return {
    items,
    ...(typeof totalPages === "number" && Number.isInteger(totalPages) && { totalPages }),
    ...(typeof total === "number" && Number.isInteger(total) && { total }),
  };
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
