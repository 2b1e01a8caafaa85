import type { Plan, Risk } from "../../model/plan.ts";
import { capital } from "../phrases.ts";
import { RISKS } from "../resource-view.ts";
import { visible } from "../safe.ts";
import { links, type Item } from "./items.ts";
import { markup, type Markup } from "./markup.ts";

/** What cannot be undone goes first. */
const ORDER: readonly Risk[] = [
  "deletes",
  "protected",
  "reaches-callers",
  "canary-reset",
  "wider-rollout",
  "shared-object",
];

/** More than this are not read one by one. */
const MOST_LINKS = 12;

/** What a reviewer must not overlook, with the places to look at. */
export function riskSection(plan: Plan, items: readonly Item[]): Markup | undefined {
  const risksOf = new Map(plan.changes.map(({ address, risks }) => [visible(address), risks]));
  const groups = ORDER.map((risk) => ({
    risk,
    found: items.filter(({ address }) => risksOf.get(address)?.includes(risk) === true),
  })).filter(({ found }) => found.length > 0);
  if (groups.length === 0) return undefined;
  return markup`<section aria-labelledby="risks"><h2 id="risks">Look at these first</h2><ul class="risks">${groups.map(riskMarkup)}</ul></section>
`;
}

function riskMarkup({ risk, found }: { readonly risk: Risk; readonly found: readonly Item[] }): Markup {
  const rest = found.slice(MOST_LINKS);
  return markup`<li><h3>${capital(RISKS[risk])}</h3> <span class="note">${found.length}</span><ul>${links(found.slice(0, MOST_LINKS))}</ul>${
    rest.length === 0
      ? undefined
      : markup`<details class="more"><summary>${rest.length} more</summary><ul>${links(rest)}</ul></details>`
  }</li>
`;
}
