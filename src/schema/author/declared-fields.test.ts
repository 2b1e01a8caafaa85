import { expect, test } from "vitest";
import { everyField } from "../../../test/specification/every-field/specs.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { kinds } from "../../providers/telnyx/kinds/index.ts";
import { canonical } from "../../reconcile/compare/canonical.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { declaredFields, unknownFields } from "./declared-fields.ts";

function kindOf(name: string): Kind {
  const found = kinds.find(({ kind }) => kind === name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
}

const assistant = kindOf("Assistant");

const live: JsonObject = {
  id: "assistant-1",
  created_at: "2026-01-01T00:00:00Z",
  name: "Desk",
  instructions: "Hi.",
  greeting: "",
  model: "m",
  tags: [],
  tools: [],
  tool_ids: [],
  dynamic_variables: {},
  dynamic_variables_webhook_timeout_ms: 1500,
  llm_api_key_ref: null,
  invented_by_the_api: 7,
  telephony_settings: { default_texml_app_id: "17", time_limit_secs: 900 },
  messaging_settings: { default_messaging_profile_id: "18" },
  voice_settings: { voice: "Telnyx.KokoroTTS.af_heart", voice_speed: 1, background_audio: null },
};

test("by default, fields that differ from the documented defaults, without server fields", () => {
  expect(declaredFields(live, assistant, "set")).toEqual({
    name: "Desk",
    instructions: "Hi.",
    greeting: "",
    model: "m",
    telephony_settings: { time_limit_secs: 900 },
    voice_settings: { voice: "Telnyx.KokoroTTS.af_heart" },
  });
});

test("all fields that can be declared", () => {
  expect(declaredFields(live, assistant, "all")).toEqual({
    name: "Desk",
    instructions: "Hi.",
    greeting: "",
    model: "m",
    tags: [],
    tools: [],
    tool_ids: [],
    dynamic_variables: {},
    dynamic_variables_webhook_timeout_ms: 1500,
    llm_api_key_ref: null,
    telephony_settings: { time_limit_secs: 900 },
    messaging_settings: {},
    voice_settings: { voice: "Telnyx.KokoroTTS.af_heart", voice_speed: 1 },
  });
});

test("required fields and unknown types are kept, whatever their default", () => {
  const tools = [
    { type: "hangup", hangup: { description: "This tool is used to hang up the call." } },
    { type: "send_dtmf", send_dtmf: {} },
    { type: "new_one", new_one: { a: null, b: 1 } },
  ];
  expect(declaredFields({ instructions: "", tools }, assistant, "set")).toEqual({
    instructions: "",
    tools: [
      { type: "hangup", hangup: {} },
      { type: "send_dtmf", send_dtmf: {} },
      { type: "new_one", new_one: { b: 1 } },
    ],
  });
});

test.each(Object.entries(everyField))("%s: what is left out makes no difference", (name, specs) => {
  const kind = kindOf(name);
  for (const spec of specs) {
    const whole = declaredFields(spec, kind, "all");
    const some = declaredFields(spec, kind, "set");
    expect(canonical(some, hintsOf(kind))).toEqual(canonical(whole, hintsOf(kind)));
  }
});

test("unknown fields are reported at any depth, and server fields are not", () => {
  const tool = { type: "hangup", hangup: { description: "End it.", new_here: true }, new_beside: {} };
  const spec = { ...live, new_without_value: null, tools: [tool], dynamic_variables: { anything: "x" } };
  expect([...unknownFields(spec, assistant)].sort()).toEqual([
    "/invented_by_the_api",
    "/tools/0/hangup/new_here",
    "/tools/0/new_beside",
  ]);
});
