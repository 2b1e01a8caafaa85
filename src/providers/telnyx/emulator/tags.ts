import { stringsIn } from "../../../model/json.ts";
import { assistantOf, rewriteMain } from "./assistants.ts";
import { addTag } from "./check/assistant.ts";
import { notFound } from "./errors.ts";
import { liveAssistants, mainVersion } from "./references.ts";
import type { AssistantRecord } from "./records.ts";
import { bodyOf, type Handler, ok, param } from "./world.ts";

const tagsOf = (record: AssistantRecord) => stringsIn(mainVersion(record).config["tags"]);

/** All tags of the account. */
export const listTags: Handler = ({ world }) =>
  ok({ tags: [...new Set(liveAssistants(world).flatMap(tagsOf))].sort() });

/** To add an existing tag has no effect. */
export const postTag: Handler = (call) => {
  const record = assistantOf(call);
  const tag = String(bodyOf(call, addTag)["tag"]);
  const tags = tagsOf(record);
  if (tags.includes(tag)) return ok({ tags });
  rewriteMain(call.world, record, { ...mainVersion(record).config, tags: [...tags, tag] });
  return ok({ tags: [...tags, tag] });
};

export const deleteTag: Handler = (call) => {
  const record = assistantOf(call);
  const tag = param(call, "tag");
  const tags = tagsOf(record);
  if (!tags.includes(tag)) throw notFound("Tag", tag);
  const left = tags.filter((one) => one !== tag);
  rewriteMain(call.world, record, { ...mainVersion(record).config, tags: left });
  return ok({ tags: left });
};
