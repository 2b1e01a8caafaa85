import type { Address } from "../../src/model/address.ts";
import { equal, type JsonObject } from "../../src/model/json.ts";
import { segments } from "../../src/model/pointer.ts";
import { valueAt } from "../../src/reconcile/compare/difference.ts";
import type { PortalKind } from "../../src/providers/telnyx/emulator/portal.ts";
import type { Act } from "./acts.ts";
import { addressOfItem, type Item, type KindName } from "./items.ts";
import { rawAt, type Live } from "./live.ts";
import { entries, live, type PortalEdit, type World } from "./world.ts";

/** Does what is no apply. */
export async function perform(world: World, act: Exclude<Act, { readonly do: "apply" }>): Promise<void> {
  switch (act.do) {
    case "declare":
      declare(world, act);
      break;
    case "lose":
      world.ledger.text = undefined;
      break;
    case "foreign":
      makeForeign(world, act.which);
      break;
    case "squat":
      await squat(world, act.which);
      break;
    case "remove":
    case "rename":
    case "move":
    case "protect":
      change(world, act);
      break;
    default:
      await inPortal(world, act);
  }
  if (PAST_MANIFESTS.has(act.do)) world.disturbed = true;
  forgetOverwritten(world);
}

const PAST_MANIFESTS: ReadonlySet<string> = new Set(["edit", "vanish", "canary", "promote", "squat", "lose"]);

function declare(world: World, { kind, slot, fields, links }: Extract<Act, { readonly do: "declare" }>): void {
  const address: Address = `${kind}/${slot}`;
  const known = world.project.get(address);
  const uid = known?.uid ?? (world.count += 1);
  const fresh = { uid, kind, name: slot, remote: `${kind}-${slot}-${uid}`, movedFrom: [] };
  world.project = new Map(world.project).set(address, { ...fresh, ...known, fields, links });
}

type Change =
  | { readonly do: "remove" | "rename" | "move"; readonly which: number }
  | { readonly do: "protect"; readonly which: number; readonly on: boolean };

function change(world: World, act: Change): void {
  const items = [...world.project.values()];
  const item = items[act.which % Math.max(1, items.length)];
  if (item === undefined) return;
  const others = items.filter((other) => other !== item);
  const changed = changedItem(world, item, act);
  const kept = changed === undefined ? others : [...others, changed];
  world.project = new Map(kept.map((one) => [addressOfItem(one), one]));
}

function changedItem(world: World, item: Item, act: Change): Item | undefined {
  if (act.do === "remove") return undefined;
  if (act.do === "protect") return { ...item, protect: act.on };
  world.count += 1;
  if (act.do === "rename") return { ...item, remote: `${item.kind}-renamed-${world.count}` };
  return { ...item, name: `moved${world.count}`, movedFrom: [addressOfItem(item), ...item.movedFrom] };
}

const NEW: Readonly<Record<string, (name: string) => JsonObject>> = {
  Assistant: (name) => ({ name, instructions: "Made in the portal.", greeting: "Portal.", tags: ["portal"] }),
  Tool: (name) => ({
    display_name: name,
    type: "webhook",
    webhook: { name: "w", description: "p", url: "https://p.example" },
  }),
  McpServer: (name) => ({ name, type: "sse", url: "https://p.example" }),
  AssistantTest: (name) => ({
    name,
    destination: "+15550002222",
    instructions: "Portal.",
    rubric: [{ name: "Portal", criteria: "Portal." }],
  }),
};

function makeForeign(world: World, which: number): void {
  const kinds = Object.keys(NEW);
  const kind = kinds[which % kinds.length] ?? "Assistant";
  make(world, kind as PortalKind, `foreign-${(world.count += 1)}`);
}

/** Takes the remote name of a manifest that has not been applied yet. */
async function squat(world: World, which: number): Promise<void> {
  const known = await entries(world);
  const free = [...world.project.values()].filter(
    (item) =>
      item.kind in NEW && ![addressOfItem(item), ...item.movedFrom].some((address) => known.has(address)),
  );
  const item = free[which % Math.max(1, free.length)];
  if (item !== undefined) make(world, item.kind, item.remote);
}

function make(world: World, kind: PortalKind, name: string): void {
  const body = NEW[kind]?.(name);
  if (body !== undefined) world.made.add(world.emulator.portal.create(kind, body));
}

interface Place {
  readonly rawPath: readonly string[];
  readonly path: string;
  readonly patch: (value: string) => JsonObject;
}

const flat = (key: string): Place => ({
  rawPath: [key],
  path: `/${key}`,
  patch: (value) => ({ [key]: value }),
});

/** Where people edit: what is declared now and then, and what never is. */
const PLACES: Readonly<Record<KindName, readonly Place[]>> = {
  Assistant: [
    flat("greeting"),
    flat("instructions"),
    flat("description"),
    flat("name"),
    {
      rawPath: ["voice_settings", "voice"],
      path: "/voice_settings/voice",
      patch: (value) => ({ voice_settings: { voice: value } }),
    },
    {
      rawPath: ["transcription", "model"],
      path: "/transcription/model",
      patch: (value) => ({ transcription: { model: value } }),
    },
  ],
  Tool: [
    {
      rawPath: ["tool_definition", "url"],
      path: "/webhook/url",
      patch: (value) => ({ tool_definition: { url: `https://${value}` } }),
    },
    flat("display_name"),
  ],
  McpServer: [flat("url"), flat("name")],
  AssistantTest: [flat("instructions"), flat("description"), flat("name")],
  AssistantVersion: [{ ...flat("greeting"), path: "/changes/greeting" }],
  CanaryDeploy: [],
};

async function inPortal(
  world: World,
  act: {
    readonly do: "edit" | "vanish" | "canary" | "promote";
    readonly which: number;
    readonly field?: number;
  },
): Promise<void> {
  const managed = await managedObjects(world);
  const fits = managed.filter(({ object }) => isFor(act.do, object, managed));
  const chosen = fits[act.which % Math.max(1, fits.length)];
  if (chosen === undefined) return;
  const { object } = chosen;
  const { portal } = world.emulator;
  if (act.do === "vanish") portal.delete(object.kind, object.id);
  if (act.do === "edit") edit(world, chosen, act.field ?? 0);
  if (act.do === "canary") makeCanary(world, object.id);
  if (act.do === "promote") {
    const [assistant = "", version = ""] = object.id.split("/");
    portal.promote(assistant, version);
    world.promoted = true;
  }
}

interface Managed {
  readonly address: Address;
  readonly object: Live;
  readonly applied: JsonObject;
}

async function managedObjects(world: World): Promise<readonly Managed[]> {
  const objects = live(world);
  return [...(await entries(world))].flatMap(([address, { kind, id, applied }]) => {
    const object = objects.find((one) => one.kind === kind && one.id === id);
    return object === undefined ? [] : [{ address, object, applied }];
  });
}

function isFor(act: string, { kind, id, isMain }: Live, managed: readonly Managed[]): boolean {
  const hasCanary = (assistant: string) =>
    managed.some(({ object }) => object.kind === "CanaryDeploy" && object.id === assistant);
  const parent = id.split("/")[0] ?? id;
  if (act === "edit") return PLACES[kind].length > 0 && isMain !== true;
  if (act === "vanish") return isMain !== true && (kind !== "AssistantVersion" || !hasCanary(parent));
  if (act === "canary") return kind === "Assistant" && !hasCanary(id);
  return kind === "AssistantVersion" && isMain !== true;
}

/** Mostly where the manifests have something to say. */
function edit(world: World, { address, object, applied }: Managed, field: number): void {
  const all = PLACES[object.kind];
  const declared = all.filter(({ path }) => valueAt(applied, segments(path)) !== undefined);
  const places = field > 2 && declared.length > 0 ? declared : all;
  const place = places[field % places.length];
  if (place === undefined) return;
  const text = `portal-${(world.count += 1)}`;
  if (!isAccepted(() => world.emulator.portal.edit(object.kind, object.id, place.patch(text)))) return;
  const value = place.path === "/webhook/url" ? `https://${text}` : text;
  const made: PortalEdit = { id: object.id, address, rawPath: place.rawPath, path: place.path, value };
  world.edits = [...world.edits, made];
}

/** The portal refuses what the API refuses, such as a configuration that names an assistant which is gone. */
function isAccepted(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "Refusal") return false;
    throw error;
  }
}

function makeCanary(world: World, assistant: string): void {
  const { portal } = world.emulator;
  let version = "";
  const body = { assistant_id: assistant, greeting: "Canary." };
  if (!isAccepted(() => (version = portal.create("AssistantVersion", body)))) return;
  const versionId = version.split("/")[1] ?? "";
  portal.create("CanaryDeploy", {
    assistant_id: assistant,
    rules: [{ serve: { rollout: [{ version_id: versionId, weight: 5 }] } }],
  });
  world.made.add(version);
}

/** What the portal itself has overwritten since is nobody else's loss. */
function forgetOverwritten(world: World): void {
  const objects = live(world);
  world.edits = world.edits.filter((one) => isStanding(one, objects));
}

export function isStanding({ id, rawPath, value }: PortalEdit, objects: readonly Live[]): boolean {
  return objects.some((object) => object.id === id && equal(rawAt(object.raw, rawPath), value));
}
