import { stringsIn } from "../../../model/json.ts";
import { assistantOf, rewriteMain } from "./assistants.ts";
import { badRequest, notFound } from "./errors.ts";
import { mainVersion } from "./references.ts";
import { checkConfig } from "./rules.ts";
import { toolOf } from "./tools.ts";
import { assistantView } from "./view.ts";
import { type Handler, ok } from "./world.ts";

export const attachTool: Handler = (call) => {
  const record = assistantOf(call);
  const tool = toolOf(call);
  const { config } = mainVersion(record);
  const ids = stringsIn(config["tool_ids"]);
  if (ids.includes(tool.id)) throw badRequest(`Tool '${tool.id}' is already attached to this assistant`);
  const next = { ...config, tool_ids: [...ids, tool.id] };
  checkConfig(call.world, next, record.id);
  return ok(assistantView(call.world, rewriteMain(call.world, record, next)));
};

export const detachTool: Handler = (call) => {
  const record = assistantOf(call);
  const { config } = mainVersion(record);
  const id = call.params["tool_id"] ?? "";
  const ids = stringsIn(config["tool_ids"]);
  if (!ids.includes(id)) throw notFound("Attached tool", id);
  const next = { ...config, tool_ids: ids.filter((one) => one !== id) };
  return ok(assistantView(call.world, rewriteMain(call.world, record, next)));
};
