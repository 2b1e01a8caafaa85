import { property, stringsIn } from "../../../../model/json.ts";
import { ProviderError } from "../../../../model/provider.ts";
import { type Api, pathOf, protocolError, segment } from "../../rest.ts";

export interface TagChange {
  /** As read before the operation. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** As just read, where that is so. */
  readonly seen?: readonly string[];
}

const ITEM = "/ai/assistants/{id}";
const ATTEMPTS = 3;

/**
 * Adds and removes single tags, so that those of others survive. Whether repeating such a request is an error is not
 * documented: only what a fresh read shows to be missing is sent, and when an answer is lost the tags are read again.
 */
export async function settleTags(api: Api, assistantId: string, { from, to, seen }: TagChange): Promise<void> {
  let touched = false;
  for (let attempt = 1, live = seen; ; attempt += 1, live = undefined) {
    try {
      const now = live ?? (await readTags(api, assistantId));
      const added = to.filter((tag) => !now.includes(tag));
      const removed = from.filter((tag) => !to.includes(tag) && now.includes(tag));
      for (const send of requests(api, pathOf(`${ITEM}/tags`, assistantId), added, removed)) {
        await send();
        touched = true;
      }
      return;
    } catch (error) {
      const lost = error instanceof ProviderError && error.failure.effect === "unknown";
      if (lost && attempt < ATTEMPTS) touched = true;
      else throw touched ? inDoubt(error) : error;
    }
  }
}

/** When what follows a write fails, the operation as a whole has had an effect. */
export async function afterWrite(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw inDoubt(error);
  }
}

function inDoubt(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  return new ProviderError({ ...error.failure, effect: "unknown" }, { cause: error.cause });
}

async function readTags(api: Api, assistantId: string): Promise<readonly string[]> {
  const path = pathOf(ITEM, assistantId);
  const live = await api.find(path);
  if (live === undefined)
    throw protocolError("GET", path, "the assistant was deleted while its tags were written");
  const tags = property(live, "tags");
  return stringsIn(tags);
}

function requests(
  api: Api,
  path: string,
  added: readonly string[],
  removed: readonly string[],
): readonly (() => Promise<unknown>)[] {
  return [
    ...added.map((tag) => () => api.send("POST", path, { tag })),
    ...removed.map((tag) => () => removeTag(api, `${path}/${segment(tag, `${ITEM}/tags/{tag}`)}`)),
  ];
}

async function removeTag(api: Api, path: string): Promise<void> {
  try {
    await api.send("DELETE", path);
  } catch (error) {
    const gone = error instanceof ProviderError && error.failure.reason === "not-found";
    if (!gone) throw error;
  }
}
