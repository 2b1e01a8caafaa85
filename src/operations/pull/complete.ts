import { grouped } from "../../model/grouped.ts";
import type { Kind } from "../../model/kind.ts";
import type { LiveObject, Provider } from "../../model/provider.ts";
import { canonical } from "../../reconcile/compare/canonical.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { equal } from "../../model/json.ts";
import type { AccountObject } from "../account/inventory.ts";

/**
 * The objects with all that the API knows of them. Of each kind a sample is read by id, in which every field of the lists
 * occurs; where a list says something else than a read, every object of the kind is read. What is gone is left out.
 */
export async function complete<T extends AccountObject>(
  provider: Provider,
  objects: readonly T[],
): Promise<readonly T[]> {
  const isListed = ({ kind }: T) => kind.identity.parent === undefined;
  const kinds = grouped(objects.filter(isListed), ({ kind }) => kind.kind);
  const read = new Map<T, LiveObject | undefined>();
  const readAll = async (which: readonly T[]) => {
    const fresh = await Promise.all(which.map(({ kind, live }) => provider.read(kind.kind, live.id)));
    for (const [index, object] of which.entries()) read.set(object, fresh[index]);
  };
  await Promise.all(
    [...kinds.values()].map(async (all) => {
      const sample = sampleOf(all);
      await readAll(sample);
      if (sample.some((object) => differs(object.kind, object.live, read.get(object))))
        await readAll(all.filter((object) => !read.has(object)));
    }),
  );
  return objects.flatMap((object) => {
    const live = read.has(object) ? read.get(object) : object.live;
    return live === undefined ? [] : [{ ...object, live: { ...object.live, ...live } }];
  });
}

/** Objects that have every field together that any of them has. */
function sampleOf<T extends AccountObject>(objects: readonly T[]): readonly T[] {
  const open = new Set(objects.flatMap(({ live }) => Object.keys(live.spec)));
  const sample: T[] = [];
  const gain = ({ live }: T) => Object.keys(live.spec).filter((key) => open.has(key)).length;
  for (;;) {
    const next = objects.reduce<T | undefined>(
      (best, object) => (best === undefined || gain(object) > gain(best) ? object : best),
      undefined,
    );
    if (next === undefined || (sample.length > 0 && gain(next) === 0)) return sample;
    sample.push(next);
    for (const key of Object.keys(next.live.spec)) open.delete(key);
  }
}

function differs(kind: Kind, listed: LiveObject, read: LiveObject | undefined): boolean {
  const hints = hintsOf(kind);
  if (read === undefined || listed.versionId !== read.versionId) return true;
  return !equal(canonical(listed.spec, hints), canonical(read.spec, hints));
}
