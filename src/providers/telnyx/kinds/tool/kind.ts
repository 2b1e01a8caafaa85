import { toolFields, toolReferences } from "../../objects/tool-fields.ts";
import { toolLints } from "../../objects/lints/index.ts";
import { pathOf, refuseMasked, type TelnyxKind, type Api } from "../../rest.ts";
import { schema } from "./schema.ts";
import { fromLive, toWire } from "./wire.ts";
import { isObject, pick, property, type JsonObject } from "../../../../model/json.ts";
import type { CallWords } from "../../../../model/kind.ts";
import type { UpdateRequest } from "../../../../model/provider.ts";

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

/** Methods that change nothing at a server that keeps to HTTP. */
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The call of a webhook; the API can try no other tools. */
function callOf(spec: JsonObject): CallWords | undefined {
  const { type, webhook = null } = spec;
  if (type !== "webhook") return undefined;
  const [given, url] = [property(webhook, "method"), property(webhook, "url")];
  const method = typeof given === "string" ? given : "POST";
  const request = typeof url === "string" ? `${method} ${url}` : method;
  return { request, hasEffects: !SAFE.has(method.toUpperCase()) };
}

/** Settings are sent whole and together with the type: whether the API would merge them is not documented. */
async function update(api: Api, { id, target, blocks, onAnswer }: UpdateRequest): Promise<void> {
  const type = property(target, "type");
  const block = typeof type === "string" ? type : "";
  const touchesSettings = blocks.includes("type") || blocks.includes(block);
  const keys = touchesSettings ? [...blocks, "type", block] : blocks;
  const body = pick(toWire(target), keys);
  if (Object.keys(body).length === 0) return;
  const path = pathOf("/ai/tools/{id}", id);
  refuseMasked("PATCH", path, body, toolFields);
  const live = await api.send("PATCH", path, body);
  if (isObject(live)) await onAnswer?.({ id, spec: fromLive(live) });
}
