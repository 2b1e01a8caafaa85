import type { ApplyResult } from "../../model/event.ts";
import type { Plan } from "../../model/plan.ts";
import type { RequestCount } from "../../model/provider.ts";
import { applyView, type ApplyView, type DoneView, type WaitingView } from "../apply-view.ts";
import type { FailureView } from "../failure.ts";
import { cut, hanging, pad, widest } from "../layout.ts";
import { counted, duration, listed } from "../phrases.ts";
import type { Style } from "../style.ts";
import { applySummary } from "../summary.ts";
import type { Line } from "./diff.ts";
import { rowLines } from "./rows.ts";
import { heading, remark, spaced, toText } from "./sections.ts";

export interface ApplyTextOptions {
  readonly style: Style;
  /** How long each step took, by its id. */
  readonly milliseconds?: ReadonlyMap<string, number>;
  /** What it took, from the first look to the last. */
  readonly effort?: Effort;
}

export interface Effort {
  readonly requests: RequestCount;
  readonly seconds: number;
}

/** What apply did, and what it did not do. */
export function applyText(result: ApplyResult, plan: Plan, options: ApplyTextOptions): string {
  const { style } = options;
  const view = applyView(result, plan);
  return toText(
    [
      doneLines(view.done, options),
      view.failed.length === 0
        ? []
        : [...heading("Failed"), ...spaced(view.failed.map((one) => failureLines(one, style)))],
      waitingLines("Blocked", view.blocked, style),
      waitingLines("Not started", view.notStarted, style),
      summary(view, plan, options.effort),
    ],
    style,
  );
}

const WIDEST_ADDRESS = 48;

function doneLines(done: readonly DoneView[], { milliseconds, style }: ApplyTextOptions): readonly Line[] {
  const times = done.map(({ step }) => {
    const time = milliseconds?.get(step);
    return time === undefined ? "" : duration(time);
  });
  const address = Math.min(WIDEST_ADDRESS, widest(done.map((one) => one.address)));
  const verb = widest(done.map((one) => one.verb));
  const time = widest(times);
  const room = Math.max(16, style.width - address - verb - time - "verified".length - 8);
  const details = done.map(({ detail }) => cut(detail, room));
  const widths = { address, verb, detail: widest(details), time };
  return done.map(({ address, verb, verified }, index): Line => [
    { text: `  ${pad(address, widths.address)}  ` },
    { text: pad(verb, widths.verb), tone: "success" },
    { text: `  ${pad(details[index] ?? "", widths.detail)}  ` },
    { text: (times[index] ?? "").padStart(widths.time), tone: "faint" },
    { text: verified ? `${widths.time > 0 ? "  " : ""}verified` : "", tone: "faint" },
  ]);
}

function failureLines({ address, verb, lines, rows, next }: FailureView, style: Style): readonly Line[] {
  const wrapped = (text: string) => hanging({ text: "    " }, [{ text }], style.width);
  return [
    [{ text: `  ${address}` }, { text: `  ${verb}`, tone: "failure" }],
    ...lines.flatMap(wrapped),
    ...rowLines(rows, style),
    ...hanging({ text: "    → " }, [{ text: next }], style.width),
  ];
}

function waitingLines(title: string, waiting: readonly WaitingView[], style: Style): readonly Line[] {
  if (waiting.length === 0) return [];
  const addresses = Math.min(WIDEST_ADDRESS, widest(waiting.map(({ address }) => address)));
  const verbs = widest(waiting.map(({ verb }) => verb));
  const lines = waiting.flatMap(({ address, verb, because }) =>
    hanging(
      { text: `  ${pad(address, addresses)}  ${pad(verb, verbs)}  ` },
      [{ text: because, tone: "faint" }],
      style.width,
    ),
  );
  return [...heading(title), ...lines];
}

function summary(view: ApplyView, plan: Plan, effort: Effort | undefined): readonly Line[] {
  const [outcome, ...next] = applySummary(view, plan);
  return [
    [{ text: outcome, tone: view.complete ? "success" : "failure" }],
    ...next.map((text) => [{ text }]),
    ...remark(effort && effortText(effort), "faint"),
  ];
}

/** `65 requests, of which 44 writes and 3 repeated, in 2.1 s.` */
function effortText({ requests: { reads, writes, repeated }, seconds }: Effort): string {
  const parts = [counted(writes, "write"), ...(repeated === 0 ? [] : [`${repeated} repeated`])];
  return `${counted(reads + writes, "request")}, of which ${listed(parts)}, in ${seconds.toFixed(1)} s.`;
}
