import { assistantFields, assistantReferences } from "../../objects/assistant-fields.ts";
import { contentLints } from "../../objects/lints/index.ts";
import { ASSISTANT_NUMBERS, phoneNumbers } from "../../objects/lints/phone-numbers.ts";
import type { TelnyxKind } from "../../rest.ts";
import { operations } from "./operations.ts";
import { schema } from "./schema.ts";
import { fromLive, toWire } from "./wire.ts";

export const assistant: TelnyxKind = {
  kind: "Assistant",
  description: "An AI assistant for calls and messages.",
  nouns: { one: "assistant", many: "assistants" },
  schema,
  identity: { name: "/name" },
  files: { folder: "assistants", text: "/instructions" },
  reachesCallers: true,
  references: assistantReferences,
  fields: { ...assistantFields, "/tags": { set: "open", unset: [] } },
  lints: [...contentLints, phoneNumbers(ASSISTANT_NUMBERS)],
  converses: true,
  pending: { one: "scheduled event", many: "scheduled events", command: "events list" },
  hasTexml: true,
  hasCopies: true,
  tags: "/tags",
  columns: [{ title: "MODEL", at: "/model", wide: true }],
  routes: {
    collection: "/ai/assistants",
    item: "/ai/assistants/{id}",
    paging: "whole",
    idKey: "id",
    update: "POST",
  },
  fromLive,
  toWire,
  operations,
};
