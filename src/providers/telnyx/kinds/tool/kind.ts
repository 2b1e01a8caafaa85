import { toolFields, toolReferences } from "../../objects/tool-fields.ts";
import { toolLints } from "../../objects/lints/index.ts";
import type { TelnyxKind } from "../../rest.ts";
import { schema } from "./schema.ts";
import { fromLive, toWire } from "./wire.ts";
import { callOf } from "./call.ts";
import { update } from "./operations.ts";

/** The API takes them as open objects, and knows no defaults in them. */
const openBlocks = Object.fromEntries(
  ["webhook", "transfer", "hangup", "skip_turn"].map((type) => [`/${type}`, { unfilled: true }] as const),
);

export const tool: TelnyxKind = {
  kind: "Tool",
  description: "A tool that several assistants share.",
  nouns: { one: "tool", many: "tools" },
  schema,
  identity: { name: "/display_name" },
  references: toolReferences,
  fields: { ...toolFields, ...openBlocks, "/type": { essential: true } },
  files: { folder: "tools" },
  callOf,
  lints: toolLints,
  columns: [{ title: "TYPE", at: "/type" }],
  routes: {
    collection: "/ai/tools",
    item: "/ai/tools/{id}",
    paging: "paged",
    idKey: "id",
    update: "PATCH",
  },
  fromLive,
  toWire,
  operations: { update },
};
