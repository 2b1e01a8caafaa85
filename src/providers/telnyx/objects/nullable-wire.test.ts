import { expect, test } from "vitest";
import { assistantFields } from "./assistant-fields.ts";
import { maskedSecrets, withoutNulls } from "./nullable-wire.ts";

test("null is sent only for nullable fields and inside free-form content", () => {
  const body = {
    model: null,
    greeting: null,
    voice_settings: { voice: "x", api_key_ref: null, language_boost: null, speed: null },
    widget_settings: { logo_icon_url: null, position: null },
    tools: [
      { type: "invite", invite: { from: "+1", targets: null, custom_headers: null } },
      { type: "send_message", send_message: { message_template: null } },
      {
        type: "webhook",
        webhook: { body_parameters: { properties: { a: { default: null } }, required: null } },
      },
    ],
    dynamic_variables: { name: null, list: [null] },
    unknown: { kept: 1, dropped: null },
  };
  expect(withoutNulls(body, assistantFields)).toEqual({
    voice_settings: { voice: "x", api_key_ref: null, language_boost: null },
    widget_settings: { logo_icon_url: null },
    tools: [
      { type: "invite", invite: { from: "+1", targets: null } },
      { type: "send_message", send_message: { message_template: null } },
      { type: "webhook", webhook: { body_parameters: { properties: { a: { default: null } } } } },
    ],
    dynamic_variables: { name: null, list: [null] },
    unknown: { kept: 1 },
  });
});

test("a key named __proto__ is an ordinary key", () => {
  const body = JSON.parse('{"dynamic_variables":{"__proto__":{"polluted":true},"a":1}}');
  expect(JSON.stringify(withoutNulls(body, assistantFields))).toBe(JSON.stringify(body));
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("masks are found only in secret fields, not elsewhere or in references to secrets", () => {
  const targets = [
    { sip_address: "sip:a@b", sip_auth_password: "****" },
    { sip_address: "sip:c@d", sip_auth_password: "{{#integration_secret}}x{{/integration_secret}}" },
  ];
  const body = {
    instructions: "***",
    tools: [
      { type: "refer", refer: { targets } },
      { type: "webhook", webhook: { headers: [{ name: "X", value: "*****" }], description: "****" } },
    ],
  };
  expect(maskedSecrets(body, assistantFields)).toEqual([
    "/tools/0/refer/targets/0/sip_auth_password",
    "/tools/1/webhook/headers/0/value",
  ]);
});
