import type { Action } from "../../model/plan.ts";
import { counted, sentence } from "../phrases.ts";
import type { ResourceView } from "../resource-view.ts";
import { untouchedText } from "../summary.ts";
import type { Item, Tone } from "./items.ts";
import { markup, type Content } from "./markup.ts";
import { rowList } from "./rows.ts";

/** So many resources stand open from the start. */
const MOST_OPEN = 12;

/** `prefix` tells the ids of several lists on a page apart. */
export function resourceItems(resources: readonly ResourceView[], prefix: string): readonly Item[] {
  const isOpen = resources.length <= MOST_OPEN;
  return resources.map((view, index) => ({
    id: `${prefix}${index}`,
    address: view.address,
    kind: view.kind,
    tag: tagOf(view),
    tone: TONES[view.action],
    outcome: outcomeOf(view),
    risks: view.risks,
    isOpen: isOpen && view.rows.length > 0,
    body: bodyOf(view),
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
  observe: "keep",
  "no-op": "keep",
};

/** What is adopted and updated, too, is found under `adopted`. */
function tagOf({ outcome, action }: ResourceView): string {
  return action === "no-op" ? "unchanged" : (outcome.split(" ")[0] ?? outcome);
}

const COUNTED: ReadonlySet<Action> = new Set(["update", "replace", "adopt", "move", "observe"]);

function outcomeOf({ outcome, action, rows }: ResourceView): string {
  const fields = rows.filter(({ sign }) => sign !== "=").length;
  return !COUNTED.has(action) || fields === 0 ? outcome : `${outcome}: ${counted(fields, "field")}`;
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
