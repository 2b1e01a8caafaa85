import type { Address } from "../../src/model/address.ts";
import { equal } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { addressOfItem, type Item, type Project, resourcesOf } from "./items.ts";
import { addressOf, type Kind, type Manifest } from "../stories/manifests.ts";
import type { PlanShown } from "../stories/order.ts";
import type { ManifestAct } from "./actions.ts";
import { type Books, openBooks } from "./oracle.ts";
import type { Stage } from "./environment.ts";

/** A saved plan, with what it showed. */
export interface Saved {
  readonly plan: PlanShown;
  readonly isOverwriting: boolean;
}

/** One story under way. */
export interface World {
  readonly stage: Stage;
  readonly books: Books;
  project: Project;
  /** The working copy whose turn it is not: its manifests, and what brings its ledger back. */
  other?: { readonly project: Project; readonly back: () => void };
  /** What was declared at each command. */
  readonly past: Project[];
  /** What the ledger was after each command. */
  readonly ledgers: (() => void)[];
  /** Fields of which somebody said once that they are left to others, of an item by its number, or of a live object. */
  readonly leftToOthers: Set<string>;
  /** Intents that runs in trouble have left open. */
  readonly mayStillShow: Set<string>;
  /** Keys of objects that were observed at some time. */
  readonly wereObserved: Set<string>;
  saved?: Saved;
  /** In this run: the answer to a creation, or its key, may be lost, while lists are later than the next attempt waits. */
  mayBeMadeTwice: boolean;
  /** The ledger is missing or an old one, and no apply has come to its end since. */
  isLedgerOff: boolean;
  /** That has happened at some time: what was this project's own then may be forgotten. */
  wasLedgerOff: boolean;
  /** A run was killed, a request failed, or a read was late. */
  wasInTrouble: boolean;
  /** Somebody was at work past the manifests, or the ledger was. */
  isDisturbed: boolean;
  declared(): readonly Item[];
  next(): number;
}

export function openWorld(stage: Stage): World {
  let count = 0;
  const world: World = {
    stage,
    books: openBooks(),
    project: new Map(),
    past: [],
    ledgers: [],
    leftToOthers: new Set(),
    mayStillShow: new Set(),
    wereObserved: new Set(),
    mayBeMadeTwice: false,
    isLedgerOff: false,
    wasLedgerOff: false,
    wasInTrouble: false,
    isDisturbed: false,
    declared: () => [...world.project.values()],
    next: () => (count += 1),
  };
  return world;
}

/** The manifests as they are now. */
export function manifestsOf(project: Project): readonly Manifest[] {
  const files = new Map([...project].map(([address, { file }]) => [address as string, file]));
  return resourcesOf(project).map((resource) => manifestOf(resource, files.get(resource.address)));
}

function manifestOf({ kind, name, lifecycle, spec }: Resource, file: string | undefined): Manifest {
  const { protect, observe, ignore, movedFrom } = lifecycle;
  return {
    kind: kind as Kind,
    metadata: { name },
    lifecycle: {
      ...(protect === undefined ? {} : { protect }),
      ...(observe === undefined ? {} : { observe }),
      ...(ignore.length === 0 ? {} : { ignore: [...ignore] }),
      ...(movedFrom.length === 0 ? {} : { movedFrom: [...movedFrom] }),
    },
    spec,
    ...(file === undefined ? {} : { file }),
  };
}

/** Fields that may be left out, emptied and left to others. */
const LOOSE: Readonly<Record<string, readonly string[]>> = {
  Assistant: ["greeting", "description", "tags", "voice_settings", "telephony_settings", "dynamic_variables"],
  McpServer: ["allowed_tools"],
  AssistantTest: ["description", "test_suite"],
};

const EMPTY = { greeting: "", tags: [], dynamic_variables: {}, allowed_tools: [] } as const;

export function edit(world: World, act: ManifestAct): void {
  if (act.do === "declare") return declare(world, act);
  if (act.do === "revert") {
    const others = world.past.filter((one) => one !== world.project);
    world.project = others.at(-act.back) ?? others[0] ?? world.project;
    return;
  }
  const items = world.declared();
  const item = items[act.which % Math.max(1, items.length)];
  if (item === undefined) return;
  const others = items.filter((other) => other !== item);
  const changed = edited(world, item, act);
  const kept = changed === undefined ? others : [...others, changed];
  world.project = new Map(kept.map((one) => [addressOfItem(one), one]));
}

function declare(world: World, { kind, slot, fields, links }: Extract<ManifestAct, { do: "declare" }>): void {
  const address: Address = `${kind}/${slot}`;
  const known = world.project.get(address);
  const uid = known?.uid ?? world.next();
  const fresh = { uid, kind, name: slot, remote: `${kind}-${slot}-${uid}`, movedFrom: [] };
  const others = [...world.project].map(([at, item]) => [at, withoutFormer(item, address)] as const);
  world.project = new Map(others).set(address, { ...fresh, ...(known && byHand(known)), fields, links });
}

/** The files have other manifests than somebody has written, since live values were written into them. */
export function readBack(world: World, found: readonly Manifest[]): void {
  const known = new Map(manifestsOf(world.project).map((one) => [addressOf(one), one.spec]));
  const specs = new Map(found.map((one) => [addressOf(one), one.spec]));
  const items = [...world.project].map(([address, item]) => {
    const spec = specs.get(address);
    return [
      address,
      spec === undefined || equal(spec, known.get(address)) ? item : { ...item, adopted: spec },
    ] as const;
  });
  world.project = new Map(items);
}

/** Edited by hand: the manifest has what is in the story again. */
function byHand(item: Item): Item {
  return { ...item, adopted: undefined };
}

/** A former address that is declared again is none any more. */
function withoutFormer(item: Item, address: Address): Item {
  return { ...item, movedFrom: item.movedFrom.filter((one) => one !== address) };
}

function edited(
  world: World,
  item: Item,
  act: Exclude<ManifestAct, { do: "declare" | "revert" }>,
): Item | undefined {
  const loose = LOOSE[item.kind] ?? [];
  const key = "place" in act ? loose[act.place % Math.max(1, loose.length)] : undefined;
  switch (act.do) {
    case "remove":
      return undefined;
    case "rename":
      return { ...byHand(item), remote: `${item.kind}-renamed-${world.next()}` };
    case "move":
      return { ...item, name: `moved${world.next()}`, movedFrom: [addressOfItem(item), ...item.movedFrom] };
    case "file":
      return { ...item, file: `file-${world.next()}` };
    case "protect":
      return { ...item, protect: act.on };
    case "observe":
      // What is only looked at may be refused, or edited by others.
      world.isDisturbed = true;
      return { ...item, observe: act.on };
    case "unset": {
      const { [key ?? ""]: _, ...fields } = item.fields;
      return { ...byHand(item), fields };
    }
    case "empty":
      return key !== undefined && key in EMPTY && Object.hasOwn(item.fields, key)
        ? { ...byHand(item), fields: { ...item.fields, [key]: EMPTY[key as keyof typeof EMPTY] } }
        : item;
    case "ignore": {
      if (key === undefined) return item;
      const others = (item.ignore ?? []).filter((one) => one !== key);
      if (act.on) world.leftToOthers.add(`${item.uid} ${key}`);
      return { ...byHand(item), ignore: act.on ? [...others, key] : others };
    }
  }
}
