import { mistyped } from "./suggest.ts";

/** Why a text is not a valid URL. */
export interface UrlProblem {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Filled in when a conversation runs. */
const SECTION = /\{\{#([^{}]*)\}\}[\s\S]*?\{\{\/\1\}\}/g;
const TEMPLATE = /\{\{[\s\S]*?\}\}|\$\{[^}]*\}/g;
/** Filled in by the model: a path parameter. */
export const PLACEHOLDER = /\{([^{}/?#\s]*)\}/g;
const QUOTES = /["'`‘’‚‛“”„‟«»]/u;
const INVISIBLE = /[\u00AD\u200B-\u200F\u2028-\u202E\u2060\uFEFF]/u;
const NOT_IN_URLS = /[<>\\]/;

/** What is wrong with a URL; templates and placeholders may stand for any part of it. */
export function urlProblem(text: string, schemes: readonly string[]): UrlProblem | undefined {
  if (text.trim() === "") return { message: "is empty" };
  const fixed = text
    .replaceAll(/:(?:\{\{[^}]*\}\}|\{[^{}]*\})(?=[/?#]|$)/g, "")
    .replaceAll(SECTION, "x")
    .replaceAll(TEMPLATE, "x");
  const characters = badCharacter(fixed);
  if (characters !== undefined) return characters;
  if (/^\s*(?:\{\{|\$\{)/.test(text)) return undefined;
  return badScheme(fixed, schemes) ?? badPlace(fixed.replaceAll(PLACEHOLDER, "x"));
}

function badCharacter(text: string): UrlProblem | undefined {
  if (/\s/.test(text)) return { message: "has a blank in it", hint: "remove it, or write %20" };
  const quote = QUOTES.exec(text)?.[0];
  if (quote !== undefined) return { message: `has a quotation mark in it: ${quote}`, hint: "remove it" };
  if (INVISIBLE.test(text)) return { message: "has a character in it that cannot be seen", hint: "remove it" };
  const bad = NOT_IN_URLS.exec(text)?.[0];
  return bad === undefined ? undefined : { message: `has "${bad}" in it, which URLs do not have` };
}

function badScheme(text: string, schemes: readonly string[]): UrlProblem | undefined {
  const scheme = /^([A-Za-z][\w+.-]*):(?!\d)/.exec(text)?.[1]?.toLowerCase();
  const allowed = schemes
    .slice(0, 2)
    .map((one) => `${one}://`)
    .join(" or ");
  if (scheme === undefined) return { message: "has no scheme", hint: `begin it with ${allowed}` };
  if (!schemes.includes(scheme)) {
    const meant = mistyped(scheme, schemes);
    const hint = meant === undefined ? `begin it with ${allowed}` : `did you mean "${meant}://"?`;
    return { message: `has the scheme "${scheme}"`, hint };
  }
  const hasSlashes = /^[^:]*:\/\/(?!\/)/.test(text);
  return hasSlashes || !WITH_HOST.has(scheme)
    ? undefined
    : { message: "has no host", hint: `write ${scheme}:// and the host` };
}

const WITH_HOST: ReadonlySet<string> = new Set(["http", "https", "ws", "wss"]);

function badPlace(text: string): UrlProblem | undefined {
  const authority = /^[^:]*:\/\/([^/?#]*)/.exec(text)?.[1];
  if (authority === undefined) return undefined;
  const [, host = "", port = ""] = /^(?:.*@)?(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority) ?? [];
  if (host === "") return { message: "has no host" };
  if (/^https?$/i.test(host) && authority.endsWith(":")) return { message: "has two schemes" };
  if (port !== "" && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    return { message: `has the port "${port}"`, hint: "ports go from 1 to 65535" };
  }
  const labels = host.replace(/\.$/, "").split(".");
  if (labels.includes("") || !URL.canParse(text))
    return { message: `has the host "${host}", which is not a valid host` };
  return undefined;
}
