import { counted } from "../phrases.ts";
import type { Item } from "./items.ts";
import { markup, type Markup } from "./markup.ts";

/** What a reader can choose from, with how many items each choice has. */
export interface Filters {
  readonly tags: ReadonlyMap<string, number>;
  readonly kinds: ReadonlyMap<string, number>;
  readonly total: number;
}

export function filtersOf(items: readonly Item[]): Filters {
  return {
    tags: counts(items.map(({ tag }) => tag)),
    kinds: counts(items.map(({ kind }) => kind).filter((kind) => kind !== "")),
    total: items.length,
  };
}

function counts(names: readonly string[]): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  for (const name of names) result.set(name, (result.get(name) ?? 0) + 1);
  return result;
}

/** A page with little on it needs no filter. */
const FEWEST_TO_FILTER = 2;

/** How diffs look is a matter of style alone; whatever needs the script is hidden until it runs. */
export function filterBar({ tags, kinds, total }: Filters, hasDiffs: boolean): Markup | undefined {
  const isFiltered = total >= FEWEST_TO_FILTER;
  if (!isFiltered && !hasDiffs) return undefined;
  return markup`<div class="bar" role="search" aria-label="Filter and view"><div class="wide">
${isFiltered ? search() : undefined}${hasDiffs ? diffSwitches() : undefined}${openingButtons()}
${isFiltered ? markup`<output class="scripted" id="shown" hidden>${counted(total, "item")}</output>` : undefined}
${isFiltered ? markup`<div class="choices scripted" hidden>${choices("Outcome", "tag", tags)}${choices("Kind", "kind", kinds)}</div>` : undefined}</div></div>`;
}

function search(): Markup {
  const text = "Search names, fields and text";
  return markup`<label class="search scripted" hidden><span class="vh">${text}</span><input type="search" id="search" placeholder="${text}" autocomplete="off" spellcheck="false"></label>
`;
}

function openingButtons(): Markup {
  return markup`<span class="scripted" hidden><button type="button" id="expand">Expand all</button> <button type="button" id="collapse">Collapse all</button></span>`;
}

/** Shown by the script when no item is left. */
export function nothingFound({ total }: Filters): Markup | undefined {
  if (total < FEWEST_TO_FILTER) return undefined;
  return markup`<p class="empty" id="none" hidden>No matches. <button type="button" id="clear">Clear the filter</button></p>
`;
}

function choices(legend: string, name: string, values: ReadonlyMap<string, number>): Markup | undefined {
  if (values.size < 2) return undefined;
  return markup`<fieldset class="chips"><legend>${legend}</legend>${[...values].map(
    ([value, count]) =>
      markup`<label><input type="checkbox" name="${name}" value="${value}"><span>${value} <b>${count}</b></span></label>`,
  )}</fieldset>
`;
}

function diffSwitches(): Markup {
  return markup`<fieldset class="switch layout"><legend class="vh">Diffs</legend><label><input type="radio" name="layout" id="inline" checked><span>Inline</span></label><label><input type="radio" name="layout" id="split"><span>Side by side</span></label></fieldset>
<label class="check"><input type="checkbox" id="marks" checked> Mark changed words</label>`;
}
