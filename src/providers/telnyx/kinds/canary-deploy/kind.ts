import type { TelnyxKind } from "../../rest.ts";
import { isWiderRollout } from "./breadth.ts";
import { lints } from "./lints.ts";
import { upgraded } from "./older-form.ts";
import { operations } from "./operations.ts";
import { splitOf, withoutVersion } from "./rules.ts";
import { schema } from "./schema.ts";
import { fromLive, toWire } from "./wire.ts";

export const canaryDeploy: TelnyxKind = {
  kind: "CanaryDeploy",
  description: "Which conversations of an assistant are answered by a version other than main.",
  nouns: { one: "canary", many: "canaries" },
  schema,
  identity: { parent: "/assistant", singleton: true },
  reachesCallers: true,
  isWiderRollout,
  splitOf,
  withoutVersion,
  references: [
    { at: "/assistant", to: "Assistant", dependent: true },
    { at: "/rules/*/serve/version_id", to: "AssistantVersion" },
    { at: "/rules/*/serve/rollout/*/version_id", to: "AssistantVersion" },
    { at: "/versions/*/version_id", to: "AssistantVersion" },
  ],
  fields: {
    "/rules/*/match": { keyedBy: ["/attribute", "/operator"], unset: [] },
    "/rules/*/match/*/values": { set: "closed" },
    "/rules/*/serve/rollout": { keyedBy: ["/version_id"] },
  },
  files: { folder: "rollouts", by: "/assistant" },
  lints,
  upgraded,
  sendsAll: true,
  routes: {
    collection: "/ai/assistants/{id}/canary-deploys",
    item: "/ai/assistants/{id}/canary-deploys",
    paging: "whole",
    idKey: "assistant_id",
    update: "PUT",
  },
  fromLive,
  toWire,
  operations,
};
