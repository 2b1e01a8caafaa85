import type { Plan, Risk } from "../../model/plan.ts";
import { capital, sentence } from "../phrases.ts";
import { refusalTitle, untilText, verbOf } from "../plan-verb.ts";
import { countedOutcome, type ResourceView, RISKS } from "../resource-view.ts";
import { visible } from "../../model/visible.ts";
import { otherRemarks, outcomeText, planRemarks, untouchedText } from "../summary.ts";
import { isEmpty, tally } from "../tally.ts";
import { OBSERVED, type PlanView, type RefusalView, viewOf, WRITTEN_FIRST } from "../view.ts";
import { driftItems, itemOf } from "./drift.ts";
import { filtersOf } from "./filters.ts";
import { graphSection } from "./graph/picture.ts";
import { type Item, itemSection, kindOf, links, TONE_OF } from "./items.ts";
import { type Content, markup, type Markup } from "./markup.ts";
import { type HtmlOptions, htmlPage, type Tally } from "./page.ts";
import { hasDiff, rowList } from "./rows.ts";

export interface PlanHtmlOptions extends HtmlOptions {
  /** Lists the live values that nobody declares. */
  readonly showUnmanaged?: boolean;
}

/** What apply would do, as one file for a browser. */
export function planHtml(plan: Plan, options: PlanHtmlOptions = {}): string {
  const view = viewOf(plan, { showUnmanaged: options.showUnmanaged ?? false });
  const drift = driftItems(view.drift);
  const refusals = view.refusals.map((one, index) => refusalItem(one, plan, index));
  const adoptions = view.adoptions.map((one, index) =>
    itemOf(one, { id: `a${index}`, tag: "adopted into the manifest", tone: "keep" }),
  );
  const resources = resourceItems(view.resources, "c");
  const observed = resourceItems(view.observed, "o");
  return htmlPage(
    {
      command: "plan",
      plan,
      title: `What ${verbOf(plan)} ${refusals.length === 0 ? "will" : "would"} do in ${plan.environment}`,
      verdict: outcomeText(plan, view),
      tone: isEmpty(plan) ? "good" : "calm",
      remarks: [...planRemarks(plan), ...otherRemarks(plan, view)],
      tallies: talliesOf(plan, view),
      filters: filtersOf([...drift, ...refusals, ...adoptions, ...resources, ...observed]),
      hasDiffs: Object.values(view).some(hasDiffs),
      sections: [
        refusalNotice(plan, view),
        riskSection(plan, resources),
        itemSection({ id: "drift", title: "Changed outside Git since the last apply", items: drift }),
        itemSection({ id: "refused", title: refusalTitle(plan), items: refusals }),
        itemSection({ id: "adoptions", title: WRITTEN_FIRST, items: adoptions }),
        itemSection({ id: "changes", title: changesTitle(view), items: resources }),
        itemSection({ id: "observed", title: OBSERVED, items: observed }),
        graphSection(plan, new Map(resources.map(({ address, id }) => [address, id]))),
      ],
    },
    options,
  );
}

function hasDiffs(section: PlanView[keyof PlanView]): boolean {
  return typeof section !== "number" && section.some(({ rows }) => hasDiff(rows));
}

function talliesOf(plan: Plan, { drift, refusals }: PlanView): readonly Tally[] {
  const { add, change, destroy } = tally(plan.changes);
  return [
    { count: add, words: "to add", tone: "add" },
    { count: change, words: "to change", tone: "mod" },
    { count: destroy, words: "to destroy", tone: "del" },
    { count: drift.length, words: "changed outside Git", tone: "mod", to: "drift" },
    ...(refusals.length === 0
      ? []
      : [{ count: refusals.length, words: "refused", tone: "stop", to: "refused" } as const]),
  ];
}

function changesTitle({ refusals }: PlanView): string {
  return refusals.length === 0 ? "Changes by resource" : "Changes by resource, once this is resolved";
}

function refusalNotice(plan: Plan, { refusals }: PlanView): Markup | undefined {
  if (refusals.length === 0) return undefined;
  const points = refusals.length === 1 ? "1 point is" : `${refusals.length} points are`;
  return markup`<p class="unresolved">${untilText(plan)} <a href="#refused">${points} resolved</a>.</p>
`;
}

function refusalItem({ title, message, rows, hint }: RefusalView, plan: Plan, index: number): Item {
  const at = plan.refusals[index]?.address;
  const address = at === undefined ? title : visible(at);
  return {
    id: `f${index}`,
    address,
    kind: at === undefined ? "" : kindOf(address),
    tag: "refused",
    tone: "stop",
    outcome: at === undefined ? "" : title.slice(address.length + 2),
    isOpen: true,
    body: [
      markup`<p>${sentence(message)}</p>`,
      rowList(rows, address),
      hint === undefined ? undefined : markup`<p class="next"><b>What to do</b> ${sentence(hint)}</p>`,
    ],
  };
}

/** What cannot be undone goes first. */
const ORDER: readonly Risk[] = [
  "deletes",
  "protected",
  "reaches-callers",
  "child-reset",
  "wider-rollout",
  "shared-object",
];

/** More than this are not read one by one. */
const MOST_LINKS = 12;

/** What a reviewer must not overlook, with the places to look at. */
function riskSection(plan: Plan, items: readonly Item[]): Markup | undefined {
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

/** So many resources stand open from the start. */
const MOST_OPEN = 12;

/** `prefix` tells the ids of several lists on a page apart. */
function resourceItems(resources: readonly ResourceView[], prefix: string): readonly Item[] {
  const isOpen = resources.length <= MOST_OPEN;
  return resources.map((view, index) => ({
    id: `${prefix}${index}`,
    address: view.address,
    kind: view.kind,
    tag: tagOf(view),
    tone: TONE_OF[view.action],
    outcome: countedOutcome(view),
    risks: view.risks,
    isOpen: isOpen && view.rows.length > 0,
    body: bodyOf(view),
  }));
}

/** What is adopted and updated, too, is found under `adopted`. */
function tagOf({ outcome, action }: ResourceView): string {
  return action === "no-op" ? "unchanged" : (outcome.split(" ")[0] ?? outcome);
}

function bodyOf(view: ResourceView): readonly Content[] {
  const { address, title, notes, rows, untouched } = view;
  const isSaid = rows.length + notes.length + untouched > 0;
  return [
    isSaid ? undefined : markup`<p class="note">${sentence(withoutAddress(title, address))}</p>`,
    ...notes.map((note) => markup`<p class="note">${sentence(note)}</p>`),
    rowList(rows, address),
    untouched === 0 ? undefined : markup`<p class="untouched">${untouchedText(untouched)}.</p>`,
  ];
}

function withoutAddress(title: string, address: string): string {
  return title.startsWith(`${address} `) ? title.slice(address.length + 1) : title;
}
