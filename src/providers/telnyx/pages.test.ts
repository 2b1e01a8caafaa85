import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../model/json.ts";
import { ProviderError } from "../../model/provider.ts";
import { listAll, listFirst, type Query, unwrap } from "./pages.ts";

const things = (count: number): JsonObject[] =>
  Array.from({ length: count }, (_, index) => ({ id: `t${index}` }));

/** A list that is served in one of the envelopes; tells which pages were asked for. */
function server(items: readonly JsonObject[], form: "data" | "meta" | "bare", largest = 100) {
  const asked: Query[] = [];
  const get = async (query: Query): Promise<Json> => {
    asked.push(query);
    const size = Math.min(largest, Number(query["page[size]"] ?? 20));
    const number = Number(query["page[number]"] ?? 1);
    const page = items.slice((number - 1) * size, number * size);
    if (form === "bare") return page;
    if (form === "data") return { data: page };
    const total_pages = Math.ceil(items.length / size);
    return {
      data: page,
      meta: { total_pages, total_results: items.length, page_number: number, page_size: size },
    };
  };
  return { asked, get };
}

test("every list is read completely, whatever its envelope and page size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(450),
      fc.constantFrom("data" as const, "meta" as const, "bare" as const),
      fc.constantFrom(100, 50, 20),
      async (count, form, largest) => {
        const { get } = server(things(count), form, largest);
        expect(await listAll("/x", "paged", "id", get)).toEqual(things(count));
      },
    ),
  );
});

test("pages have 100 elements, and a known number of pages needs no further request", async () => {
  const { asked, get } = server(things(250), "meta");
  await listAll("/x", "paged", "id", get);
  expect(asked).toEqual([1, 2, 3].map((page) => ({ "page[number]": String(page), "page[size]": "100" })));
});

test("pages of a bare array are read until one is empty", async () => {
  const { asked, get } = server(things(100), "bare");
  await listAll("/x", "paged", "id", get);
  expect(asked).toHaveLength(2);
});

test("an unpaged list is read once, without a query", async () => {
  const asked: Query[] = [];
  const found = await listAll("/x", "whole", "id", async (query) => {
    asked.push(query);
    return { data: things(300) };
  });
  expect([found.length, asked]).toEqual([300, [{}]]);
});

test("a list that became paged is still read completely", async () => {
  const { get } = server(things(250), "meta");
  expect(await listAll("/x", "whole", "id", get)).toHaveLength(250);
});

test("a server that repeats the same page ends the list", async () => {
  const same = { data: things(100) };
  expect(await listAll("/x", "paged", "id", async () => same)).toHaveLength(100);
  expect(await listAll("/x", "paged", "id", async () => same.data)).toHaveLength(100);
});

test("an object that moves to the next page during the read is listed once", async () => {
  const pages = [things(3), [{ id: "t2" }, { id: "t9" }]];
  const get = async (query: Query) => ({
    data: pages[Number(query["page[number]"]) - 1] ?? [],
    meta: { total_pages: 2 },
  });
  expect((await listAll("/x", "paged", "id", get)).map(({ id }) => id)).toEqual(["t0", "t1", "t2", "t9"]);
});

test.each([
  ["made", (items: readonly JsonObject[]) => [{ id: "new" }, ...items]],
  ["deleted", (items: readonly JsonObject[]) => items.slice(1)],
])("a list of which an element is %s between two pages is read again", async (_, change) => {
  const items = { now: things(250) as readonly JsonObject[] };
  let requests = 0;
  const get = async (query: Query) => {
    requests += 1;
    if (requests === 2) items.now = change(items.now);
    return server(items.now, "meta").get(query);
  };
  expect(await listAll("/x", "paged", "id", get)).toEqual(items.now);
  expect(requests).toBe(6);
});

test("a list that changes all the time ends", async () => {
  let count = 250;
  const get = (query: Query) => server(things((count += 1)), "meta").get(query);
  expect((await listAll("/x", "paged", "id", get)).length).toBeGreaterThan(250);
  expect(count).toBe(259);
});

test.each([0, 1, 2])("page %d of 3 may be empty: what follows is read all the same", async (empty) => {
  const pages = [things(2), [{ id: "t7" }], [{ id: "t8" }]].map((page, index) => (index === empty ? [] : page));
  const get = async (query: Query) => ({
    data: pages[Number(query["page[number]"]) - 1] ?? [],
    meta: { total_pages: 3 },
  });
  const all = pages.flat().map(({ id }) => id);
  expect((await listAll("/x", "paged", "id", get)).map(({ id }) => id)).toEqual(all);
  expect((await listFirst("/x", 100, get)).map(({ id }) => id)).toEqual(all);
});

test("the first elements of a list end where a server repeats its page, or has no more", async () => {
  const same = { data: things(100) };
  expect(await listFirst("/x", 500, async () => same)).toHaveLength(100);
  expect(await listFirst("/x", 500, server(things(250), "bare").get)).toHaveLength(250);
  expect(await listFirst("/x", 150, server(things(250), "meta").get)).toHaveLength(150);
});

test.each<[string, Json | undefined]>([
  ["nothing", undefined],
  ["no list", { data: {} }],
  ["an error with status 200", { errors: [] }],
  ["elements that are not objects", ["a"]],
  ["elements without an id", [{ name: "x" }]],
  ["too many pages", { data: things(1), meta: { total_pages: 100_000 } }],
])("%s is an error and not an empty list", async (_, body) => {
  const failure = await listAll("/x", "paged", "id", async () => body).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ProviderError);
  expect((failure as ProviderError).failure).toMatchObject({ reason: "protocol", effect: "no", path: "/x" });
});

test("an endless list is an error", async () => {
  let page = 0;
  const get = async () => [{ id: `t${(page += 1)}` }];
  await expect(listAll("/x", "paged", "id", get)).rejects.toThrow(/more than 1000 pages/);
});

test("envelopes of single objects", () => {
  expect(unwrap({ data: { id: "x" } })).toEqual({ id: "x" });
  expect(unwrap({ data: { id: "x" }, meta: {} })).toEqual({ id: "x" });
  expect(unwrap({ id: "x", data: { y: 1 } })).toEqual({ id: "x", data: { y: 1 } });
  expect(unwrap({ id: "x" })).toEqual({ id: "x" });
  expect(unwrap([])).toBeUndefined();
  expect(unwrap(undefined)).toBeUndefined();
});
