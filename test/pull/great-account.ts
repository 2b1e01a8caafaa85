import type { JsonObject } from "../../src/model/json.ts";
import { everyAssistant } from "../specification/every-field/assistant.ts";
import { everyFlow } from "../specification/every-field/flow.ts";
import { everyTool } from "../specification/every-field/tools.ts";
import type { Account, AccountAssistant } from "./account.ts";

/** 20 KB of what YAML and templates stumble over. */
const LINES = [
  "---",
  "# Not a comment",
  "\tTabs\tand trailing blanks  \t",
  "${not.a.variable} and ${var.x} $${",
  "{{caller_name}} {{#if x}}",
  "- item: [a, b]",
  "",
  "«Grüße» 你好 👩‍🚀",
  "key: | # x",
];
export const LONG_PROMPT = `${Array.from({ length: 700 }, (_, line) => `${LINES[line % LINES.length]}`).join("\n")}\n\n\n`;

function assistant(name: string, more: Partial<AccountAssistant> = {}): AccountAssistant {
  return {
    handoffs: [],
    tools: [],
    servers: [],
    tags: [],
    versions: [],
    ...more,
    fields: { name, instructions: `You are ${name}.`, ...more.fields },
  };
}

function webhook(name: string, more: JsonObject = {}): JsonObject {
  const hook = { name, description: `Does ${name}.`, url: `https://desk.example/${name}`, ...more };
  return { type: "webhook", webhook: hook };
}

function test(name: string, suite: string): JsonObject {
  return {
    name,
    test_suite: suite,
    telnyx_conversation_channel: "phone_call",
    destination: "+15550001111",
    instructions: `Play ${name}.\nBe rude.`,
    rubric: [{ name: "Polite", criteria: "The assistant stays polite." }],
  };
}

/** A value that looks like a key of the API. */
export const SECRET = ["sk", "live", "51H8xKq2eZvKYlo2CabcdefGHIJKLmnop"].join("_");

const { name: _, tags: __, tool_ids: ___, mcp_servers: ____, ...everything } = everyAssistant;

/** 60 objects of every kind. */
export const greatAccount: Account = {
  tools: [
    ...Array.from({ length: 8 }, (_, index) => ({
      display_name: `Shared ${index}`,
      ...webhook(`shared_${index}`),
    })),
    { display_name: "Shared 1", ...webhook("shared_one_again") },
    ...everyTool
      .filter(({ type }) => ["hangup", "pay", "transfer"].includes(String(type)))
      .map((tool) => Object.assign({}, tool, { display_name: `Shared ${tool["type"]}` })),
  ],
  servers: [
    { name: "CRM", type: "http", url: "https://mcp.example/crm", allowed_tools: ["find", "update"] },
    { name: "CRM/2 🚚", type: "sse", url: "https://mcp.example/crm2" },
    { name: "Calendar", type: "sse", url: "https://mcp.example/calendar", api_key_ref: "calendar-key" },
  ],
  assistants: [
    assistant("Support", { handoffs: [1], tools: [0, 1], servers: [0], tags: ["voice", "english"] }),
    assistant("Support", { handoffs: [2], fields: { greeting: "" } }),
    assistant("🚑 Claims / Europe (night)", {
      handoffs: [0],
      fields: {
        instructions: LONG_PROMPT,
        dynamic_variables: { caller_name: "", count: 3, nested: { a: [1, null] } },
      },
    }),
    assistant("Everything", { fields: everything }),
    assistant("Flow", { fields: { conversation_flow: everyFlow, dynamic_variables: { customer_name: "x" } } }),
    assistant("Rollout", {
      fields: {
        greeting: "Hello",
        voice_settings: { voice: "Telnyx.KokoroTTS.af_heart", voice_speed: 1.2 },
        tools: [webhook("inline")],
      },
      versions: [
        {
          name: "warmer",
          changes: { greeting: "Good day", voice_settings: { voice: "Telnyx.KokoroTTS.af_heart" } },
          share: 10,
        },
        {
          name: "brief",
          changes: {
            instructions: LONG_PROMPT,
            tools: [webhook("inline", { timeout_ms: 900 }), { type: "hangup", hangup: {} }],
          },
          share: 20,
        },
        { name: "unserved", changes: { greeting: "Nobody hears this" } },
      ],
    }),
    assistant("Secretive", {
      fields: {
        tools: [
          webhook("open", {
            headers: [
              { name: "X-Api-Key", value: SECRET },
              { name: "X-Team", value: "desk" },
            ],
          }),
        ],
      },
    }),
    ...Array.from({ length: 17 }, (_, index) =>
      assistant(`Line ${index}`, {
        handoffs: [index],
        tools: [index % 8],
        fields: { greeting: `This is line ${index}: "yes", no, 0x1F, 1_000, ~` },
      }),
    ),
  ],
  tests: ["smoke", "Regression suite", "Ünïcode/suite"].flatMap((suite, at) =>
    Array.from({ length: 6 }, (_, index) => test(`${suite} test ${index + at}`, suite)),
  ),
};
