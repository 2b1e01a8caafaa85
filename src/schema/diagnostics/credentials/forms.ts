import { isUtf8 } from "node:buffer";
import type { Form } from "./form.ts";

/** Not within a longer word. */
const APART = "(?<![0-9A-Za-z_-])";

/** Who issues it, its prefix, and the form of the rest. */
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
const ISSUED: readonly Form[] = [
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

/**
 * What a secret in clear looks like, beside what the published rules know. Lengths are bounded, so that no text makes
 * the search slow; a digit is asked for where plain words would match.
 */
export const FORMS: readonly Form[] = [
  {
    name: "a Telnyx API key",
    hint: /KEY/,
    pattern: /\bKEY(?=[0-9A-Za-z_]{0,64}\d)[0-9A-Za-z]{16,64}(?:_[0-9A-Za-z]{8,64})?/g,
  },
  {
    name: "a Stripe secret",
    hint: /_(?:live|test)_|whsec_/,
    pattern: /(?<![0-9A-Za-z_-])(?:(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{8,255}|whsec_[0-9A-Za-z+/=]{24,255})/g,
  },
  {
    name: "a secret key",
    hint: /sk[-_]/,
    pattern:
      /(?<![0-9A-Za-z_-])sk(?:-(?=[0-9A-Za-z_-]{0,64}\d)[0-9A-Za-z_-]{20,200}|_(?=[0-9a-f]{0,64}\d)[0-9a-f]{32,128}(?![0-9A-Za-z]))/g,
  },
  { name: "a Twilio API key", hint: /SK/, pattern: /(?<![0-9A-Za-z])SK[0-9a-fA-F]{32}(?![0-9A-Za-z])/g },
  {
    name: "a bearer token",
    hint: /bearer/i,
    pattern: /\bBearer[ \t]{1,8}(?=[^\s]{0,64}\d)[0-9A-Za-z._~+/=-]{16,4096}/gi,
  },
  {
    name: "a name and password for basic authentication",
    hasShortWords: true,
    hint: /basic/i,
    pattern: /\bBasic[ \t]{1,8}(?<secret>[0-9A-Za-z+/_-]{4,4096}={0,2})/dgi,
    confirm: isNameAndPassword,
  },
  {
    name: "a header that Git sends",
    hasShortWords: true,
    hint: /extraheader/i,
    pattern:
      /\bextraheader[ \t]{0,8}[=:]?[ \t]{0,8}["']?[\w-]{1,64}:[ \t]{0,8}(?<secret>[^\s{}"'*][^\r\n{}"']{3,4096})/dgi,
  },
  {
    name: "a signed token",
    hint: /eyJ/,
    pattern: /\beyJ[0-9A-Za-z_-]{10,2048}\.eyJ[0-9A-Za-z_-]{10,4096}\.[0-9A-Za-z_-]{10,1024}/g,
  },
  {
    name: "a private key",
    hasShortWords: true,
    hint: /PRIVATE|PuTTY|AGE-SECRET/,
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----[^-]{0,8192}(?:-----END)?|PuTTY-User-Key-File-\d|AGE-SECRET-KEY-1[0-9A-Z]{20,100}/g,
  },
  {
    name: "a password in a URL",
    hasShortWords: true,
    hint: /:\/\//,
    pattern: /:\/\/[^\s/?#:@'"<>{}]{0,128}:(?!\*+@)(?<secret>[^\s/?#@'"<>{}]{1,256})@/dg,
  },
  {
    name: "a secret in a URL",
    hint: /[?&]/,
    pattern:
      /[?&](?:[a-z0-9]{1,20}[_.-]){0,3}(?:api[_-]?key|key|token|access[_-]?token|auth(?:[_-]?(?:key|token))?|secret|client[_-]?secret|subscription[_-]?key|sig|signature)=(?<secret>[0-9A-Za-z._~%+/=-]{16,1024})/dgi,
    confirm: isRandom,
  },
  {
    name: "a password in a URL",
    hasShortWords: true,
    hint: /[?&]pass/i,
    pattern: /[?&](?:password|passwd|passphrase)=(?<secret>(?!\*)[^\s&#'"<>{}$]{4,256})/dgi,
  },
  {
    name: "a key that is written out",
    hint: /key|token|secret/i,
    pattern:
      /(?<![0-9A-Za-z])(?:api[_-]?key|secret(?:[_-]?key)?|(?:access[_-]?|auth[_-]?)?token|client[_-]?secret|subscription[_-]?key)["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?<secret>[0-9A-Za-z._~+/=-]{20,1024})/dgi,
    confirm: isRandom,
  },
  {
    name: "a password",
    hasShortWords: true,
    hint: /pass|pwd/i,
    // The password of a SIP target has a field of its own, and the API takes it in no other form.
    pattern:
      /(?<![0-9A-Za-z]|sip_auth_)(?:password|passwd|passphrase|pwd)["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?<secret>[^\s;,"'{}<>*&$]{8,256})/dgi,
    confirm: (secret) => /[A-Za-z]/.test(secret) && /\d.*\d|\d[^0-9A-Za-z]/.test(secret),
  },
  {
    name: "a key in a header",
    hint: /authori[sz]ation|token|api-?key|SSWS/i,
    pattern:
      /(?:\bauthorization["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?:[A-Za-z-]{1,20}[ \t]{1,8})?|\b(?:Token|Api-?Key|SSWS)[ \t]{1,8})(?<secret>[0-9A-Za-z._~+/=-]{20,1024})/dgi,
    confirm: isRandom,
  },
  {
    name: "a key of an Azure function",
    hint: /azurewebsites/,
    pattern:
      /\.azurewebsites\.net\/[^\s?]{0,512}\?(?:[^\s]{0,512}&)?code=(?<secret>[0-9A-Za-z._~%+/=-]{16,1024})/dg,
    confirm: isRandom,
  },
  {
    name: "a key of an Azure account",
    hint: /AccountKey|SharedAccessKey|SharedAccessSignature/i,
    pattern:
      /\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)[ \t]{0,8}=[ \t]{0,8}(?<secret>(?!\*)[^\s;"'{}]{16,1024})/dgi,
  },
  {
    name: "a GitHub token",
    hint: /gh[pousr]_|github_pat_/,
    pattern: /\b(?:gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_[0-9A-Za-z_]{22,255})/g,
  },
  {
    name: "a GitLab token",
    hint: /gl[a-z]{2,5}-/,
    pattern: /\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas)-[0-9A-Za-z_.-]{20,300}/g,
  },
  { name: "a Slack token", hint: /xox|xapp-/, pattern: /\b(?:xox[abeoprs]|xapp)-[0-9A-Za-z.-]{10,255}/g },
  { name: "an AWS access key", hint: /A(?:KI|SI|BI|CC)A/, pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g },
  {
    name: "a Google credential",
    hint: /AIza|GOCSPX-|ya29\./,
    pattern: /\b(?:AIza[0-9A-Za-z_-]{35}|GOCSPX-[0-9A-Za-z_-]{20,64}|ya29\.[0-9A-Za-z_-]{20,1024})/g,
  },
  ...ISSUED,
  {
    name: "an access token",
    hint: /hf_|dop_v1_|pypi-|npm_/,
    pattern:
      /(?<![0-9A-Za-z_-])(?:hf_[0-9A-Za-z]{30,64}|dop_v1_[0-9a-f]{64}|pypi-[0-9A-Za-z_-]{50,255}|npm_[0-9A-Za-z]{36})/g,
  },
];

/** `user:password` in Base64. */
function isNameAndPassword(secret: string): boolean {
  const bytes = Buffer.from(secret, "base64");
  const isText = isUtf8(bytes) && bytes.every((byte) => byte >= 0x20 && byte !== 0x7f);
  return isText && bytes.includes(":") && bytes.length > 2;
}

/** Letters and digits mixed as chance mixes them, and not words, a date or a version. */
export function isRandom(secret: string): boolean {
  const value = secret.replaceAll(/%[0-9a-f]{2}/gi, "");
  const digits = value.match(/\d/g)?.length ?? 0;
  if (value.length < 16 || digits < 3) return false;
  const turns = value.match(/\d[A-Za-z]|[A-Za-z]\d/g)?.length ?? 0;
  return turns >= 2 || (/^[0-9a-f]+$/i.test(value) && turns > 0);
}
