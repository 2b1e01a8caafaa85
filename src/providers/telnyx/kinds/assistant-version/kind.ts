import { assistantFields, assistantReferences } from "../../objects/assistant-fields.ts";
import { referencesUnder, under } from "../../objects/tool-fields.ts";
import type { TelnyxKind } from "../../rest.ts";
import { lints } from "./lints.ts";
import { operations } from "./operations.ts";
import { schema } from "./schema.ts";
import { fromLive, toWire } from "./wire.ts";

export const assistantVersion: TelnyxKind = {
  kind: "AssistantVersion",
  description: "A version of an assistant that is not main.",
  nouns: { one: "assistant version", many: "assistant versions", aliases: ["version", "versions"] },
  schema,
  identity: { name: "/version_name", parent: "/assistant" },
  inherits: { from: "/assistant", into: "/changes" },
  isPromotable: true,
  references: [{ at: "/assistant", to: "Assistant" }, ...referencesUnder("/changes", assistantReferences)],
  fields: {
    ...under("/changes", assistantFields),
    // Tags belong to the assistant, not to one of its versions.
    "/changes/tags": { local: true },
  },
  files: { folder: "rollouts", by: "/assistant", text: "/changes/instructions" },
  createsWithoutKey: true,
  lints,
  routes: {
    collection: "/ai/assistants/{parent}/versions",
    item: "/ai/assistants/{parent}/versions/{id}",
    paging: "whole",
    idKey: "version_id",
    update: "POST",
  },
  fromLive,
  toWire,
  operations,
};
