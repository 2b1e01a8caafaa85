import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { search } from "./arbitrary.ts";
import { manifest, ref, world, type World } from "../memory/memory-project.ts";

const NAMES = ["desk", "shop", "next", "half", "bolt"] as const;
type Name = (typeof NAMES)[number];
const ADDRESSES = {
  desk: "Robot/desk",
  shop: "Robot/shop",
  next: "Edition/next",
  half: "Trial/half",
  bolt: "Part/bolt",
} as const;

/** A manifest of each kind; the desk has an edition and a trial, and uses the part. */
function resourceOf(name: Name, value: string, isObserved: boolean): Resource {
  const specs: Readonly<Record<Name, JsonObject>> = {
    desk: { script: "s", greeting: value, skills: [{ type: "x", x: { name: "n" }, part: ref("Part/bolt") }] },
    shop: { script: value, colleagues: [{ id: ref("Robot/desk") }] },
    next: { robot: ref("Robot/desk"), changes: { greeting: value } },
    half: { robot: ref("Robot/desk"), rules: [{ share: value }] },
    bolt: { title: "bolt", size: value.length },
  };
  return manifest(ADDRESSES[name], specs[name], isObserved ? { observe: true } : {});
}

type Act =
  | { readonly do: "declare"; readonly name: Name; readonly value: string; readonly isObserved: boolean }
  | { readonly do: "remove"; readonly name: Name }
  | { readonly do: "edit"; readonly name: Name; readonly value: string }
  | { readonly do: "delete"; readonly name: Name }
  | { readonly do: "apply"; readonly prune: boolean; readonly overwrite: boolean; readonly destroy: boolean };

const name = fc.constantFrom(...NAMES);
const value = fc.constantFrom("a", "bb", "ccc");
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant("declare" as const), name, value, isObserved: fc.boolean() }),
  fc.record({ do: fc.constant("remove" as const), name }),
  fc.record({ do: fc.constant("edit" as const), name, value }),
  fc.record({ do: fc.constant("delete" as const), name }),
  fc.record({
    do: fc.constant("apply" as const),
    prune: fc.boolean(),
    overwrite: fc.boolean(),
    destroy: fc.boolean(),
  }),
);

type Manifests = ReadonlyMap<Name, Resource>;

/**
 * Ids of the objects that are observed: by their manifests, by those that they live under, or by the ledger where no
 * manifest is. What lived under an object that was deleted is under no other one.
 */
function observedIds({ ledger }: World, manifests: Manifests): ReadonlyMap<string, string> {
  const entries = ledger.state?.entries ?? {};
  const says = (one: Name) => {
    const own = manifests.get(one);
    return own === undefined ? entries[ADDRESSES[one]]?.observe === true : own.lifecycle.observe === true;
  };
  return new Map(
    NAMES.flatMap((one) => {
      const id = entries[ADDRESSES[one]]?.id;
      const above = id?.split("/")[0] === entries[ADDRESSES.desk]?.id;
      const isUnder = (one === "next" || one === "half") && above && says("desk");
      return id !== undefined && (says(one) || isUnder) ? [[ADDRESSES[one], id] as const] : [];
    }),
  );
}

function idOf({ ledger }: World, one: Name): string | undefined {
  return ledger.state?.entries[ADDRESSES[one]]?.id;
}

const EDITED = { desk: "greeting", shop: "script", next: "label", half: "rules", bolt: "title" } as const;

async function play(acts: readonly Act[]): Promise<void> {
  const w = world();
  const manifests = new Map<Name, Resource>(NAMES.map((one) => [one, resourceOf(one, "a", false)]));
  await w.apply([...manifests.values()]);
  for (const one of acts) {
    if (one.do === "declare") manifests.set(one.name, resourceOf(one.name, one.value, one.isObserved));
    else if (one.do === "remove") manifests.delete(one.name);
    else if (one.do === "apply") await applied(w, manifests, one);
    else {
      const id = idOf(w, one.name);
      const [kind = ""] = ADDRESSES[one.name].split("/");
      const objects = w.provider.objects.get(kind);
      if (id === undefined || objects?.has(id) !== true) continue;
      if (one.do === "delete") objects.delete(id);
      else if (one.name === "half") w.provider.edit(kind, id, { rules: [{ share: one.value }] });
      else if (one.name !== "next" && one.name !== "bolt")
        w.provider.edit(kind, id, { [EDITED[one.name]]: one.value });
    }
  }
}

async function applied(w: World, all: Manifests, choices: Extract<Act, { do: "apply" }>): Promise<void> {
  const manifests = sound(all);
  const observed = observedIds(w, manifests);
  const live = () =>
    Object.fromEntries(
      [...observed].map(([address, id]) => [
        address,
        w.provider.objects.get(address.split("/")[0] ?? "")?.get(id),
      ]),
    );
  const before = structuredClone(live());
  await w.apply([...manifests.values()], {
    prune: choices.prune,
    destroy: choices.destroy,
    adopt: true,
    onConflict: choices.overwrite ? "overwrite" : "refuse",
  });
  expect(live()).toEqual(before);
}

/** Those that refer to nothing that is not declared. */
function sound(manifests: Manifests): Manifests {
  const isSound = (text: string) =>
    NAMES.every((one) => manifests.has(one) || !text.includes(`"${ADDRESSES[one]}"`));
  const left = [...manifests].filter(([, { spec }]) => isSound(JSON.stringify(spec)));
  return left.length === manifests.size ? manifests : sound(new Map(left));
}

test("no apply changes or removes an observed object", async () => {
  await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 14 }), play), search(150));
});
