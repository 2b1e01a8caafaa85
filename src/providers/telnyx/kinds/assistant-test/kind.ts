import type { TelnyxKind } from "../../rest.ts";
import { lints } from "./lints.ts";
import { schema } from "./schema.ts";
import { fromLive, toWire } from "./wire.ts";

export const assistantTest: TelnyxKind = {
  kind: "AssistantTest",
  description: "A test conversation that Telnyx runs and judges.",
  nouns: { one: "assistant test", many: "assistant tests", aliases: ["test", "tests"] },
  schema,
  identity: { name: "/name" },
  references: [{ at: "/assistant", to: "Assistant", local: true }],
  fields: {
    "/assistant": { local: true },
    "/description": { multiline: true },
    "/instructions": { multiline: true },
    "/rubric": { keyedBy: ["/name"] },
    "/rubric/*/criteria": { multiline: true },
  },
  tests: { suite: "/test_suite" },
  files: { folder: "tests", by: "/test_suite" },
  lints,
  columns: [
    { title: "SUITE", at: "/test_suite" },
    { title: "CHANNEL", at: "/telnyx_conversation_channel", wide: true },
  ],
  routes: {
    collection: "/ai/assistants/tests",
    item: "/ai/assistants/tests/{id}",
    paging: "paged",
    idKey: "test_id",
    update: "PUT",
  },
  fromLive,
  toWire,
};
