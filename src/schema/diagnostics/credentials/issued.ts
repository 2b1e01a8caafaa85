import type { Form } from "./form.ts";

/** Not within a longer word. */
const APART = "(?<![0-9A-Za-z_-])";

/** Who issues it, what it begins with, and how it goes on. */
const PREFIXED: readonly (readonly [string, string, string])[] = [
  ["an Airtable token", "pat", String.raw`[0-9A-Za-z]{14}\.[0-9a-f]{64}`],
  ["an Atlassian token", "ATATT3", "[0-9A-Za-z_=-]{40,255}"],
  ["a Databricks token", "dapi", "[0-9a-f]{32}(?:-[0-9])?(?![0-9A-Za-z])"],
  ["a Docker token", "dckr_pat_", "[0-9A-Za-z_-]{27}"],
  ["a Doppler token", "dp.", String.raw`(?:pt|st|ct|sa|scim|audit)\.[0-9A-Za-z._-]{40,64}`],
  ["a Figma token", "figd_", "[0-9A-Za-z_-]{40}"],
  ["a Grafana token", "glsa_", "[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}"],
  ["a Groq API key", "gsk_", "[0-9A-Za-z]{40,64}"],
  ["a HubSpot token", "pat-", "(?:na|eu|ap)[0-9]-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"],
  ["a Mailgun API key", "key-", "[0-9a-f]{32}(?![0-9A-Za-z])"],
  ["a New Relic API key", "NRAK-", "[0-9A-Z]{27}"],
  ["a Notion token", "ntn_", "[0-9A-Za-z]{40,64}"],
  ["a Perplexity API key", "pplx-", "[0-9A-Za-z]{40,64}"],
  ["a Pulumi token", "pul-", "[0-9a-f]{40}"],
  ["a Replicate token", "r8_", "[0-9A-Za-z]{37}"],
  ["a Square token", "sq0", "(?:atp|csp)-[0-9A-Za-z_-]{22,64}"],
  ["a Supabase token", "sbp_", "[0-9a-f]{40}"],
  ["a Tailscale key", "tskey-", "[a-z]{2,12}-[0-9A-Za-z]{8,32}-[0-9A-Za-z]{20,64}"],
  ["a Vault token", "hv", String.raw`[sbr]\.[0-9A-Za-z_-]{24,255}`],
  ["an xAI API key", "xai-", "[0-9A-Za-z]{60,100}"],
];

/** Credentials that show by what they begin with who has issued them, and URLs that let everybody post. */
export const ISSUED: readonly Form[] = [
  ...PREFIXED.map(([name, prefix, rest]) => ({
    name,
    hint: new RegExp(escaped(prefix)),
    pattern: new RegExp(`${APART}${escaped(prefix)}${rest}`, "g"),
  })),
  { name: "a Mailchimp API key", hint: /-us\d/, pattern: /(?<![0-9A-Za-z])[0-9a-f]{32}-us\d{1,2}(?!\d)/g },
  { name: "a Telegram token", hint: /:AA/, pattern: /(?<!\d)\d{8,10}:AA[0-9A-Za-z_-]{33}(?![0-9A-Za-z_-])/g },
  {
    name: "a Discord webhook",
    hint: /webhooks\//,
    pattern:
      /https:\/\/(?:[a-z]{2,8}\.)?discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{5,32}\/[0-9A-Za-z_-]{40,100}/g,
  },
  {
    name: "a Microsoft Teams webhook",
    hint: /webhook\.office/,
    pattern: /https:\/\/[0-9A-Za-z-]{1,63}\.webhook\.office\.com\/webhookb2\/[0-9A-Za-z@/-]{40,300}/g,
  },
];

function escaped(text: string): string {
  return text.replaceAll(/[.]/g, String.raw`\.`);
}
