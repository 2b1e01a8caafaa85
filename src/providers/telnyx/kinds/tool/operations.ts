import { property } from "../../../../model/json.ts";
import type { UpdateRequest } from "../../../../model/provider.ts";
import { toolFields } from "../../objects/tool-fields.ts";
import { type Api, pathOf, pick, refuseMasked } from "../../rest.ts";
import { toWire } from "./wire.ts";

/** Settings are sent whole and together with the type: whether the API would merge them is not documented. */
export async function update(api: Api, { id, target, blocks }: UpdateRequest): Promise<void> {
  const type = property(target, "type");
  const block = typeof type === "string" ? type : "";
  const touchesSettings = blocks.includes("type") || blocks.includes(block);
  const keys = touchesSettings ? [...blocks, "type", block] : blocks;
  const body = pick(toWire(target), keys);
  if (Object.keys(body).length === 0) return;
  const path = pathOf("/ai/tools/{id}", id);
  refuseMasked("PATCH", path, body, toolFields);
  await api.send("PATCH", path, body);
}
