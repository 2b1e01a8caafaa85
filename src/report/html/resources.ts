import { isList, isObject, type Json } from "../../model/json.ts";
import type { Action, Plan, ResourceChange } from "../../model/plan.ts";
import { columns } from "../layout.ts";
import { counted, sentence } from "../phrases.ts";
import type { ResourceView } from "../resource-view.ts";
import type { Row } from "../row.ts";
import { visible } from "../safe.ts";
import { untouchedText } from "../summary.ts";
import { block, inline } from "../value.ts";
import type { PlanView } from "../view.ts";
import type { Item, Tone } from "./items.ts";
import { markup, type Content } from "./markup.ts";
import { foldedBlock, rowList, WIDEST_VALUE } from "./rows.ts";

/** So many resources stand open from the start. */
const MOST_OPEN = 12;

export function resourceItems({ resources }: PlanView, plan: Plan): readonly Item[] {
  const changes = new Map(plan.changes.map((change) => [visible(change.address), change]));
  const isOpen = resources.length <= MOST_OPEN;
  return resources.map((view, index) => ({
    id: `c${index}`,
    address: view.address,
    kind: view.kind,
    tag: tagOf(view),
    tone: TONES[view.action],
    outcome: outcomeOf(view),
    risks: view.risks,
    isOpen: isOpen && view.rows.length > 0,
    body: bodyOf(view, changes.get(view.address), plan),
  }));
}

const TONES: Readonly<Record<Action, Tone>> = {
  create: "add",
  update: "mod",
  replace: "del",
  delete: "del",
  adopt: "keep",
  move: "keep",
  forget: "keep",
  "no-op": "keep",
};

/** What is adopted and updated, too, is found under `adopted`. */
function tagOf({ outcome, action }: ResourceView): string {
  return action === "no-op" ? "left as it is" : (outcome.split(" ")[0] ?? outcome);
}

const COUNTED: ReadonlySet<Action> = new Set(["update", "replace", "adopt", "move"]);

function outcomeOf({ outcome, action, rows }: ResourceView): string {
  const fields = rows.filter(({ sign }) => sign !== "=").length;
  return !COUNTED.has(action) || fields === 0 ? outcome : `${outcome}: ${counted(fields, "field")}`;
}

function bodyOf(view: ResourceView, change: ResourceChange | undefined, plan: Plan): readonly Content[] {
  const { address, title, notes, rows, untouched, action } = view;
  const isSaid = rows.length + notes.length + untouched > 0;
  return [
    isSaid ? undefined : markup`<p class="note">${sentence(withoutAddress(title, address))}</p>`,
    ...notes.map((note) => markup`<p class="note">${sentence(note)}</p>`),
    rowList(rows, address, action === "create" ? inFull(rows, change, plan) : []),
    untouched === 0 ? undefined : markup`<p class="untouched">${untouchedText(untouched)}.</p>`,
  ];
}

function withoutAddress(title: string, address: string): string {
  return title.startsWith(`${address} `) ? title.slice(address.length + 1) : title;
}

/** A creation is told in short, one row a field; its prompts are to be read as well. */
function inFull(rows: readonly Row[], change: ResourceChange | undefined, { names }: Plan): readonly Content[] {
  return Object.values(change?.after ?? {}).map((value, index) => {
    const body = rows[index]?.body;
    const isCut = columns(inline(value, names)) > WIDEST_VALUE || hasLines(value);
    if (!isCut || body?.type !== "value" || body.lines.length > 0) return undefined;
    const lines = block(value, names);
    return foldedBlock(lines, `All ${counted(lines.length, "line")}`, typeof value === "string");
  });
}

function hasLines(value: Json): boolean {
  if (isList(value)) return value.some(hasLines);
  if (isObject(value)) return Object.values(value).some(hasLines);
  return typeof value === "string" && value.includes("\n");
}
