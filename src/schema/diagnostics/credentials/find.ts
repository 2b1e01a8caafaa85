import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { hasLongWord, type Form } from "./form.ts";
import { FORMS } from "./forms.ts";

/** The part of Secretlint's rules that is used here. */
interface Rule {
  readonly meta: { readonly id: string };
  create(context: Context, options: object): { file?(source: Source): unknown };
}

interface Context {
  createTranslator(): (messageId: string) => { readonly messageId: string };
  report(found: {
    readonly message: { readonly messageId: string };
    readonly range: readonly [number, number];
  }): void;
  ignore(): void;
}

interface Source {
  readonly content: string;
  readonly filePath: string;
  readonly ext: string;
  readonly contentType: "text";
}

/** By the last part of a rule's id: those that go by the form of a text alone, and what they find. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["aws", "an AWS secret key"],
  ["npm", "an npm token"],
  ["slack", "a Slack token"],
  ["sendgrid", "a SendGrid API key"],
  ["shopify", "a Shopify token"],
  ["github", "a GitHub token"],
  ["openai", "an OpenAI API key"],
  ["anthropic", "an Anthropic API key"],
  ["linear", "a Linear API key"],
  ["1password", "a 1Password token"],
]);

/** The number of an account is no secret. */
const HARMLESS = new Set(["AWSAccountID"]);

/** What any of the rules begins with; without it none of them finds anything. */
const PUBLISHED_HINTS =
  /aws|secret|AKIA|npm|_authToken|xox|hooks\.slack|SG\.|shp(?:at|ca|pa|ss)_|gh[pousr]_|github_pat_|sk-|lin_api|ops_/i;

interface Stretch {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What the rules report while they look at one text; they do so before they return. */
let found: Stretch[] = [];

const READERS = (rules as readonly Rule[]).flatMap((rule) => {
  const name = NAMES.get(rule.meta.id.replace(/^.*-rule-/, ""));
  if (name === undefined) return [];
  const context: Context = {
    createTranslator: () => (messageId) => ({ messageId }),
    report({ message, range: [start, end] }) {
      if (!HARMLESS.has(message.messageId)) found.push({ name, start, end });
    },
    ignore() {},
  };
  return [rule.create(context, {})];
});

/** Credentials by the rules of the preset that Secretlint recommends. */
function publishedIn(text: string): readonly Stretch[] {
  found = [];
  for (const reader of READERS)
    reader.file?.({ content: text, filePath: "text", ext: "", contentType: "text" });
  return found;
}

export type Credential = Stretch;

const FORMS_WITH_SHORT_WORDS = FORMS.filter(({ hasShortWords }) => hasShortWords === true);

/** Texts without a credential: the same ones are in manifests, live and in the ledger, and many are looked at again. */
const clean = new Set<string>();
const MOST_CLEAN = 100_000;

/** Credentials in clear, in the order in which they stand; those that overlap are one. */
export function credentialsIn(text: string): readonly Credential[] {
  if (clean.has(text)) return [];
  const found = searched(text);
  if (found.length > 0) return found;
  if (clean.size >= MOST_CLEAN) clean.clear();
  clean.add(text);
  return found;
}

function searched(text: string): readonly Credential[] {
  const found: Stretch[] = [];
  for (const form of hasLongWord(text) ? FORMS : FORMS_WITH_SHORT_WORDS) {
    if (form.hint.test(text)) found.push(...stretchesOf(form, text));
  }
  if (PUBLISHED_HINTS.test(text)) found.push(...publishedIn(text));
  return found.length === 0 ? found : merged(found);
}

function merged(found: readonly Stretch[]): readonly Credential[] {
  const whole: Credential[] = [];
  for (const one of found.toSorted((a, b) => a.start - b.start)) {
    const last = whole.at(-1);
    if (last === undefined || one.start >= last.end) whole.push(one);
    else if (one.end > last.end) whole[whole.length - 1] = { ...last, end: one.end };
  }
  return whole;
}

/** Credentials in a value; where it alone shows none, in the light of the name that it stands under. */
export function credentialsUnder(name: string, value: string): readonly Credential[] {
  const own = credentialsIn(value);
  if (own.length > 0 || !TELLING.test(name)) return own;
  const before = `${name}: `.length;
  return credentialsIn(`${name}: ${value}`)
    .filter(({ end }) => end > before)
    .map((one) => ({ name: one.name, start: Math.max(0, one.start - before), end: one.end - before }));
}

/** Whether a value holds a credential, as `credentialsUnder` finds them. */
export function looksSecret(text: string, name: string): boolean {
  return credentialsUnder(name, text).length > 0;
}

/** Names of what may be a secret. */
const TELLING = /key|token|secret|pass|pwd|auth/i;

function stretchesOf({ name, pattern, confirm }: Form, text: string): readonly Stretch[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [start, end] = match.indices?.groups?.["secret"] ?? [match.index, match.index + match[0].length];
    return confirm === undefined || confirm(text.slice(start, end)) ? [{ name, start, end }] : [];
  });
}

/** The text with credentials struck out, letter by letter, so that positions stay. */
export function masked(text: string): string {
  return struckOut(text, credentialsIn(text));
}

/** The text with stars in place of the letters of the given stretches. */
export function struckOut(
  text: string,
  stretches: readonly { readonly start: number; readonly end: number }[],
): string {
  let done = 0;
  let result = "";
  for (const { start, end } of [...stretches].sort((a, b) => a.start - b.start)) {
    const from = Math.max(start, done);
    if (from >= end) continue;
    result += text.slice(done, from) + text.slice(from, end).replaceAll(/\S/g, "*");
    done = end;
  }
  return result + text.slice(done);
}
