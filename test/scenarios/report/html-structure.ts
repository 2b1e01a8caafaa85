import { expect } from "vitest";

const VOID = new Set(["meta", "input", "wbr"]);
/** Everything that the report writes; whatever else stands in a page came from somewhere else. */
const ELEMENTS = new Set(
  (
    "wbr html head meta title style body a header div p span fieldset legend label input button output main h1 h2 h3 ul li b " +
    "section details summary code dl dt dd del ins mark figure figcaption i pre table thead tbody tr th td footer script " +
    "svg defs marker path g rect text"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  (
    "lang charset http-equiv content name class href tabindex id type value checked hidden placeholder autocomplete spellcheck " +
    "role aria-label aria-labelledby aria-hidden open data-tag data-kind data-name data-node data-ends download scope " +
    "width height viewBox x y rx d refX refY markerWidth markerHeight orient marker-start marker-end"
  ).split(" "),
);
const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*)(\/?)>/g;
const ATTRIBUTE = / ([a-zA-Z-]+)(?:="([^"]*)")?/g;
/** Invisible, or able to reorder what stands around it; line ends are the page's own. */
const HIDDEN = /(?!\n|\uFE0E|\uFE0F|\u200D)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const HREF = /^#[a-z0-9-]+$|^data:application\/gzip;base64,[A-Za-z0-9+/=]*$/;
const ID = /^[a-z]+[a-z0-9-]*$/;

/** Holds a page to the elements and attributes that the report uses, each closed where it was opened. */
export function expectWhole(page: string): void {
  expect(page).not.toMatch(HIDDEN);
  const own = page.replace(/<style>[^<]*<\/style>/, "").replace(/<script>"use strict";\n[\s\S]*?<\/script>\n<\/body>/, "</body>");
  expect(own.startsWith("<!doctype html>\n")).toBe(true);
  const open: string[] = [];
  // Collected, because a page has thousands of tags and each `expect` takes longer than all that is checked of one.
  const faults: string[] = [];
  const text = own.slice("<!doctype html>".length).replaceAll(TAG, (tag, closing: string, name: string, attributes: string, alone: string) => {
    if (!ELEMENTS.has(name)) faults.push(`no element of the report: ${tag}`);
    if (closing === "/") {
      const opened = open.pop();
      if (opened !== name) faults.push(`${tag} closes ${opened}`);
    } else if (!VOID.has(name) && alone === "") open.push(name);
    for (const [, attribute = "", value = ""] of attributes.matchAll(ATTRIBUTE)) {
      if (!isOwn(attribute, value)) faults.push(`no attribute of the report: ${tag}`);
    }
    return "";
  });
  expect(faults).toEqual([]);
  expect(open).toEqual([]);
  expect(text).not.toMatch(/[<>]/);
}

function isOwn(attribute: string, value: string): boolean {
  if (attribute === "href") return HREF.test(value);
  if (attribute === "id") return ID.test(value);
  return ATTRIBUTES.has(attribute);
}
