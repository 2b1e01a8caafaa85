import type { Action } from "../../model/plan.ts";
import { markup, type Content, type Markup } from "./markup.ts";

/** One thing that can be opened, searched and filtered. */
export interface Item {
  /** Unique on the page; made by the report. */
  readonly id: string;
  readonly address: string;
  readonly kind: string;
  /** What the filter calls it: `updated`, `drifted`. */
  readonly tag: string;
  readonly tone: Tone;
  /** In a few words: `updated: 3 fields`. */
  readonly outcome: string;
  readonly risks?: readonly string[];
  readonly isOpen: boolean;
  readonly body: readonly Content[];
}

export type Tone = "add" | "mod" | "del" | "keep" | "stop";

/** The tone of what a plan does with a resource. */
export const TONE_OF: Readonly<Record<Action, Tone>> = {
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

const SIGNS: Readonly<Record<Tone, string>> = { add: "+", mod: "~", del: "−", keep: "=", stop: "!" };

/** A section with a heading; left out when it has no items. */
export interface ItemSection {
  readonly id: string;
  readonly title: string;
  readonly intro?: Content;
  readonly items: readonly Item[];
}

export function itemSection({ id, title, intro, items }: ItemSection): Markup | undefined {
  if (items.length === 0) return undefined;
  return markup`<section class="items" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${intro === undefined ? undefined : markup`<p class="intro">${intro}</p>`}${items.map(itemMarkup)}</section>
`;
}

/** The target of a link stands inside, so that a browser opens the item when it goes there. */
function itemMarkup({ id, address, kind, tag, tone, outcome, risks = [], isOpen, body }: Item): Markup {
  const state = isOpen ? markup` open` : undefined;
  const head = markup`<span class="sign" aria-hidden="true">${SIGNS[tone]}</span><h3>${addressMarkup(address)}</h3><span class="outcome">${outcome}</span>${risks.map(riskMarkup)}`;
  const isEmpty = body.every((part) => part === undefined);
  if (isEmpty) {
    return markup`<div class="item ${tone}" data-tag="${tag}" data-kind="${kind}"><div class="head" id="${id}">${head}</div></div>
`;
  }
  return markup`<details class="item ${tone}" data-tag="${tag}" data-kind="${kind}"${state}>
<summary>${head}</summary>
<div class="body" id="${id}">${body}</div></details>
`;
}

function riskMarkup(risk: string): Markup {
  return markup`<span class="risk">${risk}</span>`;
}

/** The kind is fainter than the name. */
export function addressMarkup(address: string): Markup {
  const slash = address.indexOf("/");
  if (slash < 1) return markup`<span class="address">${address}</span>`;
  return markup`<span class="address"><span class="kind">${address.slice(0, slash + 1)}</span>${address.slice(slash + 1)}</span>`;
}

export function kindOf(address: string): string {
  return address.slice(0, Math.max(0, address.indexOf("/")));
}

/** A list of places on this page. */
export function links(items: readonly { readonly id: string; readonly address: string }[]): Content {
  return items.map(({ id, address }) => markup`<li><a href="#${id}">${addressMarkup(address)}</a></li>`);
}
