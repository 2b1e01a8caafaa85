import type { ApplyResult } from "../../model/event.ts";
import type { Plan } from "../../model/plan.ts";
import { applyView, type ApplyView, type WaitingView } from "../apply-view.ts";
import type { FailureView } from "../failure.ts";
import { duration, sentence } from "../phrases.ts";
import { applySummary } from "../summary.ts";
import { verbOf } from "../plan-verb.ts";
import { filtersOf } from "./filters.ts";
import { addressMarkup, itemSection, kindOf, type Item } from "./items.ts";
import { markup, type Markup } from "./markup.ts";
import { htmlPage, type HtmlOptions, type Tally } from "./page.ts";
import { rowList } from "./rows.ts";
import { table } from "./table.ts";

export interface ApplyHtmlOptions extends HtmlOptions {
  /** How long each step took, by its id. */
  readonly milliseconds?: ReadonlyMap<string, number>;
}

/** What apply did and did not do, as one file for a browser. */
export function applyHtml(result: ApplyResult, plan: Plan, options: ApplyHtmlOptions = {}): string {
  const view = applyView(result, plan);
  const [verdict, ...remarks] = applySummary(view, plan);
  const failed = view.failed.map(failureItem);
  return htmlPage(
    {
      command: verbOf(plan),
      plan,
      title: `What ${verbOf(plan)} did in ${plan.environment}`,
      verdict,
      tone: view.complete ? "good" : "bad",
      remarks,
      tallies: talliesOf(view),
      filters: filtersOf(failed),
      hasDiffs: false,
      sections: [
        itemSection({ id: "failed", title: "Failed", items: failed }),
        waitingTable("blocked", "Blocked", view.blocked),
        waitingTable("waiting", "Not started", view.notStarted),
        doneTable(view, options),
      ],
    },
    options,
  );
}

function talliesOf({ added, changed, destroyed, failed, blocked, notStarted }: ApplyView): readonly Tally[] {
  const open = blocked.length + notStarted.length;
  return [
    { count: added, words: "added", tone: "add" },
    { count: changed, words: "changed", tone: "mod" },
    { count: destroyed, words: "destroyed", tone: "del" },
    ...(failed.length === 0
      ? []
      : [{ count: failed.length, words: "failed", tone: "stop", to: "failed" } as const]),
    ...(open === 0 ? [] : [{ count: open, words: "not done", tone: "keep" } as const]),
  ];
}

function failureItem({ address, verb, lines, rows, next }: FailureView, index: number): Item {
  return {
    id: `f${index}`,
    address,
    kind: kindOf(address),
    tag: verb,
    tone: "stop",
    outcome: `${verb} failed`,
    isOpen: true,
    body: [
      lines.map((line) => markup`<p>${sentence(line)}</p>`),
      rowList(rows, address),
      markup`<p class="next"><b>What to do</b> ${sentence(next)}</p>`,
    ],
  };
}

function waitingTable(id: string, title: string, waiting: readonly WaitingView[]): Markup | undefined {
  const lines = waiting.map(({ address, verb, because }) => [addressMarkup(address), verb, because]);
  return table({ id, title, heads: ["Resource", "To do", "Why"], lines });
}

function doneTable({ done }: ApplyView, { milliseconds }: ApplyHtmlOptions): Markup | undefined {
  const lines = done.map(({ step, address, verb, detail, verified }) => {
    const time = milliseconds?.get(step);
    return [
      addressMarkup(address),
      verb,
      detail === "" ? "" : markup`<code class="v">${detail}</code>`,
      time === undefined ? "" : duration(time),
      verified ? markup`<span class="verified">verified</span>` : "",
    ];
  });
  return table({ id: "done", title: "Done", heads: ["Resource", "Was", "What", "Took", "Read back"], lines });
}
