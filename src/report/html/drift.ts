import type { Plan } from "../../model/plan.ts";
import { driftViews, isDrift, uncomparedViews, type DriftView } from "../drift-view.ts";
import { counted } from "../phrases.ts";
import type { TitledRows } from "../row.ts";
import { driftSummary, foreignText } from "../summary.ts";
import { filtersOf } from "./filters.ts";
import { itemSection, kindOf, type Item, type Tone } from "./items.ts";
import { markup, type Markup } from "./markup.ts";
import { htmlPage, type HtmlOptions } from "./page.ts";
import { hasDiff, rowList } from "./rows.ts";
import { table } from "./table.ts";
import { hasNoLedger } from "../../model/plan-states.ts";

/** What was changed outside Git, as one file for a browser. */
export function driftHtml(plan: Plan, options: HtmlOptions = {}): string {
  const views = driftViews(plan);
  const [found, different] = [views.filter(isDrift), uncomparedViews(plan)];
  const [verdict, ...next] = driftSummary(plan, found, different);
  const drift = driftItems(found);
  const uncompared = different.map((view, index) =>
    itemOf(view, { id: `u${index}`, tag: "without a baseline", tone: "keep" }),
  );
  const informal = informalItems(views);
  const foreign = foreignText(plan);
  const rows = [
    ...views.flatMap(({ rows, unmanaged }) => [rows, unmanaged]),
    ...different.map(({ rows }) => rows),
  ];
  return htmlPage(
    {
      command: "drift",
      plan,
      title: `What changed outside Git in ${plan.environment}`,
      verdict,
      tone: drift.length + uncompared.length === 0 ? "good" : "calm",
      remarks: foreign === undefined ? next : [...next, foreign],
      tallies: [],
      filters: filtersOf([...drift, ...uncompared, ...informal]),
      hasDiffs: rows.some(hasDiff),
      sections: [
        itemSection({ id: "drift", title: "Changed outside Git since the last apply", items: drift }),
        uncomparedSection(plan, uncompared),
        informalSection(informal),
        foreignTable(plan),
      ],
    },
    options,
  );
}

function informalItems(views: readonly DriftView[]): readonly Item[] {
  return views
    .filter(({ unmanaged }) => unmanaged.length > 0)
    .map(({ address, unmanaged }, index) =>
      itemOf(
        { address, title: `${address} ${counted(unmanaged.length, "field")}`, rows: unmanaged },
        { id: `n${index}`, tag: "not declared", tone: "keep" },
      ),
    );
}

function uncomparedSection(plan: Plan, items: readonly Item[]): Markup | undefined {
  const without = hasNoLedger(plan);
  return itemSection({
    id: "uncompared",
    title: without ? "Without a ledger" : "Different from the manifest",
    intro: without
      ? "It is not known whether these were changed."
      : "Without a baseline it is not known who changed these.",
    items,
  });
}

function informalSection(items: readonly Item[]): Markup | undefined {
  return itemSection({
    id: "informal",
    title: "For information",
    intro: "Changes to undeclared fields. Apply does not change them.",
    items,
  });
}

function foreignTable({ foreignObjects = [] }: Plan): Markup | undefined {
  return table({
    id: "foreign",
    title: "Not managed by this project",
    heads: ["Id", "Kind", "Name"],
    lines: foreignObjects.map(({ kind, id, name }) => [markup`<code class="v">${id}</code>`, kind, name]),
  });
}

const TAGS: Readonly<Record<DriftView["what"], string>> = {
  changed: "drifted",
  deleted: "deleted live",
  appeared: "undeclared",
};

const TONES: Readonly<Record<DriftView["what"], Tone>> = {
  changed: "mod",
  deleted: "del",
  appeared: "add",
};

export function driftItems(views: readonly DriftView[]): readonly Item[] {
  const isShut = views.length > MOST_OPEN;
  return views.map((view, index) =>
    itemOf(view, { id: `d${index}`, tag: TAGS[view.what], tone: TONES[view.what], isShut }),
  );
}

/** So many stand open from the start. */
const MOST_OPEN = 12;
const MOST_OPEN_ROWS = 30;

export function itemOf(
  { address, title, rows }: TitledRows,
  { isShut = false, ...as }: Pick<Item, "id" | "tag" | "tone"> & { readonly isShut?: boolean },
): Item {
  return {
    ...as,
    address,
    kind: kindOf(address),
    outcome: title.slice(address.length + 1),
    isOpen: !isShut && rows.length > 0 && rows.length <= MOST_OPEN_ROWS,
    body: [rowList(rows, address)],
  };
}
