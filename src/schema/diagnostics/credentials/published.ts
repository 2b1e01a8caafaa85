import { rules } from "@secretlint/secretlint-rule-preset-recommend";

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
export const PUBLISHED_HINTS =
  /aws|secret|AKIA|npm|_authToken|xox|hooks\.slack|SG\.|shp(?:at|ca|pa|ss)_|gh[pousr]_|github_pat_|sk-|lin_api|ops_/i;

export interface Stretch {
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
export function publishedIn(text: string): readonly Stretch[] {
  found = [];
  for (const reader of READERS)
    reader.file?.({ content: text, filePath: "text", ext: "", contentType: "text" });
  return found;
}
