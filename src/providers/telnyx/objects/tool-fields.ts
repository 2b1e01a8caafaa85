import type { FieldHint, ReferenceRule } from "../../../model/kind.ts";

export type Fields = Readonly<Record<string, FieldHint>>;

/** The same hints for a place deeper in a spec. */
export function under(prefix: string, fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([at, hint]) => [`${prefix}${at}`, hint]));
}

export function referencesUnder(prefix: string, rules: readonly ReferenceRule[]): readonly ReferenceRule[] {
  return rules.map((rule) => ({ ...rule, at: `${prefix}${rule.at}` }));
}

const TEXT: FieldHint = { multiline: true };
const CLOSED: FieldHint = { set: "closed" };
const HEADERS: FieldHint = { keyedBy: ["/name"] };

/** The keywords of a JSON Schema that are sets; each other one is the author's own text. */
const SETS = ["required", "type", "enum", "anyOf", "oneOf", "allOf"];
const KEYWORD: FieldHint = { whole: true, removable: true, setsWithin: SETS };

/** A JSON Schema of arguments. */
const parameters: Fields = {
  "/*": KEYWORD,
  "/properties": KEYWORD,
  "/required": { ...CLOSED, whole: false },
};

const webhook: Fields = {
  "/description": TEXT,
  "/headers": HEADERS,
  "/headers/*/value": { sensitive: true },
  ...under("/body_parameters", parameters),
  ...under("/path_parameters", parameters),
  ...under("/query_parameters", parameters),
  "/preset_body_fields/*": { whole: true },
  "/preset_query_params/*": { whole: true },
  "/messages/*/content": TEXT,
  "/store_fields_as_variables": { keyedBy: ["/name"] },
};

const transfer: Fields = {
  "/targets": { keyedBy: ["/to"] },
  "/targets/*/message": TEXT,
  "/targets/*/sip_auth_password": { sensitive: true },
  "/custom_headers": HEADERS,
  "/description": { serverSet: true, multiline: true },
  "/warm_transfer_instructions": TEXT,
  "/warm_message_delay_ms": { unset: null },
  "/voicemail_detection/on_voicemail_detected/voicemail_message/message": TEXT,
};

const refer: Fields = {
  "/targets": { keyedBy: ["/sip_address"] },
  "/targets/*/sip_auth_password": { sensitive: true },
  "/custom_headers": HEADERS,
  "/sip_headers": HEADERS,
};

/** How the blocks of a tool are compared, inline in an assistant or shared. */
export const toolFields: Fields = {
  ...under("/webhook", webhook),
  "/client_side_tool/description": TEXT,
  ...under("/client_side_tool/parameters", parameters),
  "/function": { whole: true, setsWithin: SETS },
  "/handoff/ai_assistants": { keyedBy: ["/id"] },
  "/retrieval/bucket_ids": CLOSED,
  "/hangup/description": TEXT,
  ...under("/transfer", transfer),
  "/invite/targets": { keyedBy: ["/to"], unset: null },
  "/invite/custom_headers": HEADERS,
  ...under("/refer", refer),
  "/send_dtmf": { whole: true },
  "/send_message/message_template": { multiline: true, unset: null },
  "/skip_turn/description": TEXT,
  "/pay/description": { multiline: true, unset: null },
  "/vision/*": { whole: true },
  "/update_dynamic_variables/description": TEXT,
  "/update_dynamic_variables/updatable_variables": { keyedBy: ["/name"] },
  "/update_dynamic_variables/updatable_variables/*/description": TEXT,
};

/** What the blocks of a tool refer to. */
export const toolReferences: readonly ReferenceRule[] = [
  { at: "/handoff/ai_assistants/*/id", to: "Assistant" },
];
