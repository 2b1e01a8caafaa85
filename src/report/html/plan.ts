import type { Plan } from "../../model/plan.ts";
import { sentence } from "../phrases.ts";
import { visible } from "../safe.ts";
import { adoptionText, foreignText, ledgerText, observedText, outcomeText, unmanagedText } from "../summary.ts";
import { isEmpty, tally } from "../tally.ts";
import { refusalTitle, untilText, verbOf } from "../plan-verb.ts";
import { OBSERVED, viewOf, WRITTEN_FIRST, type PlanView, type RefusalView } from "../view.ts";
import { driftItems, itemOf } from "./drift.ts";
import { filtersOf } from "./filters.ts";
import { graphSection } from "./graph/picture.ts";
import { itemSection, kindOf, type Item } from "./items.ts";
import { markup, type Markup } from "./markup.ts";
import { htmlPage, type HtmlOptions, type Tally } from "./page.ts";
import { resourceItems } from "./resources.ts";
import { riskSection } from "./risks.ts";
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
      remarks: remarksOf(plan, view),
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

function remarksOf(plan: Plan, view: PlanView): readonly string[] {
  const texts = [
    adoptionText(plan),
    ledgerText(plan),
    observedText(plan),
    unmanagedText(view),
    foreignText(plan),
  ];
  return texts.filter((text) => text !== undefined);
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
