import { isList, property } from "../../../model/json.ts";
import { ProviderError } from "../../../model/provider.ts";
import type { Tags } from "../../../model/tag-list.ts";
import { type Api, pathOf, protocolError, segment } from "../rest.ts";

const ALL = "/ai/assistants/tags";
const TAGS = "/ai/assistants/{id}/tags";

/** The tags of live assistants. */
export function tags(api: Api): Tags {
  return {
    all: async () => {
      const names = property(await api.get(ALL), "tags");
      if (!isList(names)) throw protocolError("GET", ALL, "the answer holds no tags");
      return names.filter((name) => typeof name === "string");
    },
    add: async (id, tag) => {
      await api.act({ method: "POST", path: pathOf(TAGS, id), body: { tag } });
    },
    remove: async (id, tag) => {
      try {
        await api.act({ method: "DELETE", path: `${pathOf(TAGS, id)}/${segment(tag, TAGS)}` });
      } catch (error) {
        if (!(error instanceof ProviderError) || error.failure.reason !== "not-found") throw error;
      }
    },
  };
}
