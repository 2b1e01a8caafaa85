import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { credentialsIn, masked } from "../../src/schema/diagnostics/credentials/find.ts";
import { EXAMPLE } from "../e2e/cli.ts";
import { assistant, project, settings } from "./project.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const joined = (...parts: readonly string[]) => parts.join("");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const HEX = "0123456789abcdef".repeat(2);
const MIXED = "a1B2c3D4e5F6g7H8i9J0";

/** What is a secret, by its form; around it stands what is none. */
const SECRETS: Readonly<Record<string, readonly [string, string, string]>> = {
  "Stripe, live": ["", joined("sk", "_live_", MIXED), ""],
  "Stripe, test": ["", joined("sk", "_test_", MIXED), ""],
  "Stripe, restricted": ["", joined("rk", "_live_", MIXED), ""],
  "Stripe, short": ["", joined("sk", "_live_", "abcdefghij"), ""],
  "Stripe, webhook": ["", joined("whsec", "_", MIXED, MIXED), ""],
  Twilio: ["", joined("S", "K", HEX), ""],
  "Azure account": ["AccountName=x;AccountKey=", joined(base64(MIXED.repeat(3)), "=="), ";EndpointSuffix=x"],
  "Azure bus": ["SharedAccessKeyName=x;SharedAccessKey=", base64(MIXED.repeat(2)), ""],
  "Azure signature": ["https://x.blob.example/a?sv=2024-01-01&sig=", joined(MIXED, MIXED, "%3D"), ""],
  "a URL with api_key": ["https://api.example.com/v1?api_key=", HEX, "&x=1"],
  "a URL with apikey": ["https://api.example.com/v1?page=2&apikey=", HEX, ""],
  "a URL with access_token": ["https://api.example.com/?access_token=", joined(MIXED, MIXED), "#top"],
  "a URL with x-api-key": ["https://api.example.com/?x-api-key=", HEX, ""],
  "a URL with key": ["https://api.example.com/?key=", MIXED, ""],
  "a URL with a password parameter": ["https://api.example.com/?password=", "hunter2", ""],
  "a URL with a password": ["https://user:", "hunter2", "@api.example.com/"],
  "a database's URL": ["postgres://user:", "hunter2", "@db.example.com/x"],
  "basic authentication": ["Authorization: Basic ", base64("user:pass"), ""],
  "basic authentication, small letters": ["authorization: basic ", base64("user:päss"), ""],
  "Git's header": ["extraheader = AUTHORIZATION: basic ", base64(`x-access-token:${MIXED}`), ""],
  "another header of Git's": ["extraHeader=Private-Token: ", "not-known-to-anybody", ""],
  "bearer token": ["", joined("Bearer ", MIXED, MIXED), ""],
  "AWS key": ["", joined("AK", "IA", "ABCDEFGHIJKLMNOP"), ""],
  "AWS session key": ["", joined("AS", "IA", "ABCDEFGHIJKLMNOP"), ""],
  "AWS secret": ["aws_secret_access_key = ", joined("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYzzzzzzzKEY"), ""],
  "GitHub, classic": ["", joined("gh", "p_", "a1B2".repeat(9)), ""],
  "GitHub, job": ["", joined("gh", "s_", "a1B2".repeat(9)), ""],
  "GitHub, fine-grained": ["", joined("github", "_pat_", "a1B2".repeat(20)), ""],
  GitLab: ["", joined("gl", "pat-", MIXED), ""],
  "Slack, bot": ["", joined("xo", "xb-", "123456789012-123456789012-", MIXED), ""],
  "Slack, app": ["", joined("xa", "pp-", "1-A0123456789-123456789012-", MIXED), ""],
  "Slack, webhook": [
    "",
    joined("https://hooks.slack", ".com/services/T00000000/B00000000/", "a1B2".repeat(6)),
    "",
  ],
  "Google key": ["", joined("AI", "za", "a1B2c".repeat(7)), ""],
  "Google client": ["", joined("GOC", "SPX-", MIXED, "a1B2c3D4"), ""],
  "Google token": ["", joined("ya", "29.", MIXED, MIXED), ""],
  "a private key": ["", joined("-----BEGIN", " PRIVATE KEY-----\nMIIE\n-----END"), " PRIVATE KEY-----"],
  "an RSA key": ["", joined("-----BEGIN", " RSA PRIVATE KEY-----\nMIIE\n-----END"), ""],
  "an SSH key": ["", joined("-----BEGIN", " OPENSSH PRIVATE KEY-----\nb3Bl\n-----END"), ""],
  "a PGP key": ["", joined("-----BEGIN", " PGP PRIVATE KEY BLOCK-----\nlQOY\n-----END"), ""],
  "a key in another one's words": ["api_key: ", HEX, ""],
  "a client secret": ['"client_secret": "', joined(MIXED, MIXED), '"'],
  OpenAI: ["", joined("sk", "-proj-", MIXED, MIXED), ""],
  Anthropic: ["", joined("sk", "-ant-api03-", "a1B2c3".repeat(15), "AA"), ""],
  ElevenLabs: ["", joined("sk", "_", HEX, "0123456789abcdef"), ""],
  SendGrid: ["", joined("S", "G.", "a1".repeat(11), ".", "b2".repeat(21), "c"), ""],
  npm: ["", joined("np", "m_", "a1B2".repeat(9)), ""],
  "Hugging Face": ["", joined("h", "f_", "aBcD".repeat(9)), ""],
  Telnyx: ["", joined("KEY", HEX.toUpperCase(), "_abcdefghij"), ""],
  "a header with a token": ["Authorization: Token ", joined(MIXED, MIXED), ""],
  "a header with a bare key": ["authorization: ", joined(MIXED, MIXED), ""],
  "Token, as the value of a header": ["", joined("Token ", HEX, "01234567"), ""],
  "ApiKey, as the value of a header": ["", joined("ApiKey ", MIXED, MIXED), ""],
  Okta: ["", joined("SSWS ", "00", MIXED, MIXED), ""],
  "a database's connection": ["Server=db;User Id=sa;Password=", "S3cretPass99", ";Encrypt=true"],
  "a password in another one's words": ["the password: ", "hunter2hunter2", ""],
  "a token in another one's words": ["token=", joined(MIXED, MIXED), ""],
  "a URL with the signature of S3": ["https://x.s3.example.com/a?X-Amz-Signature=", joined(HEX, HEX), ""],
  "a key of an Azure function": ["https://acme.azurewebsites.net/api/f?code=", joined(MIXED, MIXED, "=="), ""],
  Telegram: ["", joined("123456789", ":AA", "a1B2c".repeat(6), "a1B"), ""],
  Discord: ["", joined("https://discord", ".com/api/webhooks/123456789012345678/", MIXED, MIXED, MIXED), ""],
  "Microsoft Teams": [
    "",
    joined("https://acme.webhook.office", ".com/webhookb2/", HEX, "@", HEX, "/IncomingWebhook/", HEX, "/", HEX),
    "",
  ],
  Mailgun: ["", joined("key", "-", HEX), ""],
  Mailchimp: ["", joined(HEX, "-us", "12"), ""],
  HubSpot: ["", joined("pat-na1", "-01234567-89ab-cdef-0123-456789abcdef"), ""],
  Notion: ["", joined("nt", "n_", MIXED, MIXED, "a1B2c3"), ""],
  Square: ["", joined("sq", "0atp-", MIXED, "ab"), ""],
  Atlassian: ["", joined("ATAT", "T3xFfGF0", MIXED.repeat(8)), ""],
  Airtable: ["", joined("pat", "a1B2c3D4e5F6g7", ".", HEX, HEX), ""],
  Groq: ["", joined("gs", "k_", MIXED, MIXED, MIXED), ""],
  xAI: ["", joined("xa", "i-", MIXED.repeat(4)), ""],
  Perplexity: ["", joined("pp", "lx-", MIXED, MIXED, "a1B2c3D4"), ""],
  Replicate: ["", joined("r8", "_", MIXED, "a1B2c3D4e5F6g7h8I"), ""],
  Databricks: ["", joined("da", "pi", HEX), ""],
  Supabase: ["", joined("sb", "p_", HEX, "01234567"), ""],
  Vault: ["", joined("hv", "s.", MIXED.repeat(5)), ""],
  Grafana: ["", joined("gl", "sa_", MIXED, "a1B2c3D4e5F6", "_a1b2c3d4"), ""],
  Doppler: ["", joined("dp", ".pt.", MIXED, MIXED, "a1B"), ""],
  Docker: ["", joined("dckr", "_pat_", MIXED, "a1B2c3D"), ""],
  Figma: ["", joined("fi", "gd_", MIXED, MIXED), ""],
  "New Relic": ["", joined("NR", "AK-", "A1B2C3D4E5F6G7H8I9J0K1L2M3N"), ""],
};

describe("a secret that is recognized by its format", () => {
  test.each(Object.entries(SECRETS))("%s", (_, [before, secret, after]) => {
    const text = `use ${before}${secret}${after} for it`;
    expect(credentialsIn(text)).toHaveLength(1);
    expect(masked(text)).not.toContain(secret);
    expect(masked(text)).toHaveLength(text.length);
    expect(credentialsIn(masked(text))).toEqual([]);
  });

  test("is refused anywhere in a manifest, and never printed", async () => {
    const spec = Object.values(SECRETS).map(([before, secret, after], index) => {
      const value = JSON.stringify(`${before}${secret}${after}`);
      return `v${index}: ${value}`;
    });
    const one = await project({
      "front.yaml": assistant(`instructions: Answer.\n  dynamic_variables:\n    ${spec.join("\n    ")}`),
      "rollcall.yaml": settings("{ manifests: [front.yaml] }"),
    });
    const forms = [["plan"], ["validate", "--format", "json"], ["validate", "--format", "sarif"]] as const;
    for (const args of forms) {
      const { code, stdout, stderr } = await one.rollcall(...args);
      expect(code).toBe(1);
      const said = stdout + stderr;
      expect(said.match(/RC3017/g)?.length).toBeGreaterThanOrEqual(args[0] === "plan" ? spec.length : 1);
      for (const [, secret] of Object.values(SECRETS))
        expect(said).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
    expect(one.emulator.requests()).toEqual([]);
  });
});

test("is refused as a key", async () => {
  const [, secret] = SECRETS["Stripe, live"] ?? ["", "", ""];
  const one = await project({
    "front.yaml": assistant(`instructions: Answer.\n  dynamic_variables: { "${secret}": x }`),
  });
  const { code, stdout } = await one.rollcall("validate");
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining("RC3017") });
  expect(stdout).not.toContain(secret);
});

describe("is distinguished from its name", () => {
  const HIDDEN = {
    api_key: HEX,
    "x-api-key": HEX,
    crm_access_token: joined(MIXED, MIXED),
    token: joined(MIXED, MIXED),
    password: "hunter2hunter2",
    client_secret: joined(MIXED, MIXED),
  };

  test.each(Object.entries(HIDDEN))("%s", async (name, secret) => {
    const places = [
      `dynamic_variables: { "${name}": "${secret}" }`,
      `tools: [{ type: webhook, webhook: { name: w, description: d, url: "https://x.example.com", preset_body_fields: { "${name}": ["${secret}"] } } }]`,
      `some_new_field: { inner: { "${name}": ${secret} } }`,
    ];
    for (const place of places) {
      const one = await project({ "front.yaml": assistant(`instructions: Answer.\n  ${place}`) });
      const { code, stdout } = await one.rollcall("validate");
      expect({ code, stdout }, place).toMatchObject({ code: 1, stdout: expect.stringContaining("RC3017") });
      expect(stdout, place).not.toContain(secret);
    }
  });

  test.each([
    `dynamic_variables: { api_key: "{{key}}", password: "", token: unknown, account_token: "12" }`,
    `tools: [{ type: transfer, transfer: { from: "+15550001111", targets: [{ name: a, to: "sip:a@b.example", sip_auth_username: a, sip_auth_password: hunter2hunter2 }] } }]`,
  ])("%s is accepted", async (place) => {
    const one = await project({ "front.yaml": assistant(`instructions: Answer.\n  ${place}`) });
    const { stdout } = await one.rollcall("validate");
    expect(stdout).not.toContain("RC3017");
  });
});

describe("text that is not a secret", () => {
  test.each([
    "Basic information about the plan, and Basic Authentication",
    "The basic plan: 20 dollars. Basic dentistry",
    "Bearer {{#integration_secret}}crm{{/integration_secret}}",
    "Authorization: Basic {{credentials}}",
    "https://api.example.com/v1?api_key={{key}}&token=${var.token}",
    "https://api.example.com/v1?key=front-desk-2024-edition&token=next-page",
    "https://api.example.com/?password={{password}}&password=****",
    "https://api.example.com/search?q=sk_live&sort=key",
    "AccountKey={{key}}; SharedAccessKeyName=RootManageSharedAccessKey",
    "api_key: your-api-key-from-the-portal-goes-here",
    "the secret key: turn left after 20 steps",
    `publishable keys are open: pk_live_${MIXED}`,
    "Ask for the account SID, which is ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "SKU SK1234567890 and SK-LEARN",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    `the digest is sha256:${HEX}${HEX}`,
    "assistant-77a710ab-cc53-426f-99f6-258e21e54636",
    "call +1 312 555 0199, code 007, account 123456789012",
    "Password: at least 8 characters, 1 of them a digit",
    "Ask for the password=your account password, and Token 12 of the ticket",
    "Password={{password}};Token ${var.token}; Authorization: Bearer {{token}}",
    "Authorization: a caller who is authorized says the word-of-the-day-number-12",
    "https://acme.example/search?code=02134-7788&token=page-2",
    "the keys are key-1, key-2 and key-front-desk; pat-na1-standard is a plan",
    "dapi, hvs.town and r8_front are names of rooms; data 12:30:45",
    "https://discord.com/api/webhooks is where Discord takes notes",
  ])("%s", (text) => {
    expect(credentialsIn(text)).toEqual([]);
  });

  test("includes every text of the example", () => {
    const names = readdirSync(EXAMPLE, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(names.length).toBeGreaterThan(10);
    for (const { parentPath, name } of names)
      expect(credentialsIn(readFileSync(join(parentPath, name), "utf8")), name).toEqual([]);
  });
});
