import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Plan } from "../../model/plan.ts";
import type { Verb } from "../plan-verb.ts";
import { hostOf } from "../summary.ts";
import { filterBar, type Filters, nothingFound } from "./filters.ts";
import type { Tone } from "./items.ts";
import { type Content, markup, type Markup, own, pageText } from "./markup.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

export interface HtmlOptions {
  /** Replaces the default heading of the page. */
  readonly title?: string;
  /** The result as JSON, for download. */
  readonly json?: string;
  /** The digest of the plan. */
  readonly planId?: string;
}

export interface Page {
  readonly command: "plan" | "drift" | Verb;
  readonly plan: Plan;
  readonly title: string;
  /** Tells in one line how it stands. */
  readonly verdict: string;
  readonly tone: "good" | "bad" | "calm";
  readonly remarks: readonly string[];
  readonly tallies: readonly Tally[];
  readonly filters: Filters;
  readonly hasDiffs: boolean;
  readonly sections: readonly (Markup | undefined)[];
}

/** A number at the top; `to` is the section with the details. */
export interface Tally {
  readonly count: number;
  readonly words: string;
  readonly tone: Tone;
  readonly to?: string;
}

const POLICY = [
  "default-src 'none'",
  `style-src ${policyHash(STYLE)}`,
  `script-src ${policyHash(SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** One file that needs nothing else: no script but its own may run, and no request is allowed. */
export function htmlPage(page: Page, { title = page.title, json, planId }: HtmlOptions): string {
  return pageText(markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Rollcall">
<title>${title} · ${page.plan.project} · ${page.verdict}</title>
<style>${own(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${header(page, title, json)}
${filterBar(page.filters, page.hasDiffs)}
<main id="content" tabindex="-1">
${nothingFound(page.filters)}${page.sections}</main>
${footer(page, planId)}
<script>${own(SCRIPT)}</script>
</body>
</html>
`);
}

function header(
  { command, plan, verdict, tone, remarks, tallies }: Page,
  title: string,
  json?: string,
): Markup {
  const brand = command === "plan" && plan.destroy === true ? "plan to destroy" : command;
  return markup`<header class="top"><div class="wide">
<div class="line"><p class="brand">Rollcall <span>${brand}</span></p>${themes()}</div>
<h1>${title}</h1>
<p class="where"><span>${plan.project}</span> <span>${plan.environment}</span> <span>${hostOf(plan)}</span></p>
<p class="verdict ${tone}">${verdict}</p>
${remarks.map((text) => markup`<p class="remark">${text}</p>`)}
${tallies.length === 0 ? undefined : markup`<ul class="tally">${tallies.map(tallyMarkup)}</ul>`}
${json === undefined ? undefined : download(json, command)}</div></header>`;
}

function tallyMarkup({ count, words, tone, to }: Tally): Markup {
  const text = markup`<b>${count}</b> <span>${words}</span>`;
  const isLink = to !== undefined && count > 0;
  return markup`<li class="${count === 0 ? "zero" : tone}">${isLink ? markup`<b>${count}</b> <a href="#${to}">${words}</a>` : text}</li>`;
}

/** Without script it is the compressed file that is saved. */
function download(json: string, command: string): Markup {
  const name = `rollcall-${command}.json`;
  return markup`<p class="actions"><a class="button" id="download" download="${name}.gz" data-name="${name}" href="${own(compressedAddress(json))}">Download as JSON</a></p>`;
}

function themes(): Markup {
  const choice = (value: string, text: string, checked: Content) =>
    markup`<label><input type="radio" name="theme" id="theme-${value}"${checked}><span>${text}</span></label>`;
  return markup`<fieldset class="switch"><legend class="vh">Colours</legend>${choice("auto", "Auto", markup` checked`)}${choice("light", "Light", "")}${choice("dark", "Dark", "")}</fieldset>`;
}

function footer({ plan }: Page, planId: string | undefined): Markup {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Plan", planId],
    ["Commit", plan.commit],
    ["Ledger", `serial ${plan.ledger.serial}`],
    ["Manifests", String(plan.counts.manifests)],
    ["Live objects", String(plan.counts.live)],
    ["Address", plan.target.baseUrl],
  ];
  const known = facts.filter(([, value]) => value !== undefined);
  return markup`<footer class="wide"><dl class="facts">${known.map(
    ([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl></footer>`;
}

/** The text as a data URL. It contains only letters, digits, `+`, `/` and `=`, whatever the text is. */
function compressedAddress(text: string): string {
  return `data:application/gzip;base64,${gzipSync(Buffer.from(text, "utf8"), { level: 9 }).toString("base64")}`;
}

/** What a content security policy allows one style or script by. */
function policyHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}
