import type { Json, JsonObject } from "../../src/model/json.ts";
import type { Portal, PortalKind } from "../../src/providers/telnyx/emulator/portal.ts";
import type { Kind } from "../stories/manifests.ts";
import type { Live } from "../stories/live.ts";
import type { PortalAct } from "./actions.ts";
import type { World } from "./story-state.ts";

type Patch = (text: string, raw: JsonObject) => JsonObject;

const field =
  (key: string): Patch =>
  (text) => ({ [key]: text });
const inBlock =
  (block: string, key: string, value?: Json): Patch =>
  (text) => ({ [block]: { [key]: value ?? text } });

const listOf = (raw: JsonObject, key: string): readonly Json[] => {
  const list = raw[key];
  return Array.isArray(list) ? (list as readonly Json[]) : [];
};

/** Where people edit: what is declared now and then, and what never is. */
const PLACES: Readonly<Record<Kind, readonly Patch[]>> = {
  Assistant: [
    field("greeting"),
    field("instructions"),
    field("description"),
    field("name"),
    inBlock("voice_settings", "voice"),
    inBlock("voice_settings", "voice_speed", 1.7),
    inBlock("transcription", "model"),
    inBlock("telephony_settings", "time_limit_secs", 777),
    inBlock("dynamic_variables", "a"),
    inBlock("dynamic_variables", "theirs"),
    inBlock("dynamic_variables", "a", null),
    (text, raw) => ({ tags: [...listOf(raw, "tags"), text] }),
    (_, raw) => ({ tags: listOf(raw, "tags").slice(1) }),
    () => ({ tools: [] }),
    (text, raw) => ({ tools: [...listOf(raw, "tools"), { type: "hangup", hangup: { description: text } }] }),
    () => ({ tool_ids: [] }),
    () => ({ mcp_servers: [] }),
    () => ({ greeting: "" }),
  ],
  Tool: [
    (text) => ({ tool_definition: { url: `https://${text}` } }),
    (text) => ({ tool_definition: { description: text } }),
    field("display_name"),
  ],
  McpServer: [
    (text) => ({ url: `https://${text}` }),
    field("name"),
    (text) => ({ allowed_tools: [text] }),
    () => ({ allowed_tools: null }),
  ],
  AssistantTest: [
    field("instructions"),
    field("description"),
    field("name"),
    (text, raw) => ({ rubric: [...listOf(raw, "rubric"), { name: text, criteria: text }] }),
    (_, raw) => ({ rubric: listOf(raw, "rubric").slice(0, 1) }),
  ],
  AssistantVersion: [field("greeting"), field("description")],
  CanaryDeploy: [],
};

const NEW: Readonly<Record<string, (name: string) => JsonObject>> = {
  Assistant: (name) => ({ name, instructions: "Portal.", greeting: "Portal.", tags: ["portal"] }),
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

/** What somebody does in the portal; nothing, where there is nothing to do it to. */
export function inPortal(world: World, act: PortalAct): void {
  try {
    ACTS[act.do](world, act as never);
  } catch (error) {
    // The portal refuses what the API refuses.
    if (!(error instanceof Error) || !(error.name === "Refusal" || error.message.startsWith("no ")))
      throw error;
  }
}

const picked = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(1, from.length)];

const ofKind = ({ books }: World, ...kinds: readonly Kind[]): readonly Live[] =>
  books.live().filter(({ kind, isMain }) => kinds.includes(kind) && isMain !== true);

type Acts = { readonly [K in PortalAct["do"]]: (world: World, act: Extract<PortalAct, { do: K }>) => void };

const ACTS: Acts = {
  edit(world, { which, place }) {
    const kinds = ["Assistant", "Assistant", "Tool", "McpServer", "AssistantTest", "AssistantVersion"] as const;
    const object = picked(ofKind(world, kinds[which % kinds.length] ?? "Assistant"), which);
    const patch = object === undefined ? undefined : picked(PLACES[object.kind], place);
    if (object === undefined || patch === undefined) return;
    const options = { version: which % 2 === 0 ? "same" : "new" } as const;
    portal(world).edit(object.kind, object.id, patch(`portal-${world.next()}`, object.raw), options);
  },
  vanish(world, { which }) {
    const objects = ofKind(world, "Assistant", "Tool", "McpServer", "AssistantTest", "AssistantVersion");
    const object = picked(objects, which);
    if (object !== undefined && !isServed(world, object)) portal(world).delete(object.kind, object.id);
  },
  canary(world, { which }) {
    const version = someVersion(world, which);
    if (version === undefined) return;
    const [assistant_id = "", version_id = ""] = version.split("/");
    if (ofKind(world, "CanaryDeploy").some(({ id }) => id === assistant_id)) return;
    portal(world).create("CanaryDeploy", { assistant_id, rules: rulesFor(version_id, 5) });
  },
  turn(world, { which }) {
    const canary = picked(ofKind(world, "CanaryDeploy"), which);
    if (canary === undefined) {
      ACTS.canary(world, { do: "canary", which } as never);
      return;
    }
    const version = ofKind(world, "AssistantVersion").find(({ id }) => id.startsWith(`${canary.id}/`));
    if (version === undefined) return;
    const weight = 30 + (world.next() % 60);
    portal(world).edit("CanaryDeploy", canary.id, { rules: rulesFor(version.id.split("/")[1] ?? "", weight) });
  },
  end(world, { which }) {
    const canary = picked(ofKind(world, "CanaryDeploy"), which);
    if (canary !== undefined) portal(world).delete("CanaryDeploy", canary.id);
  },
  version(world, { which }) {
    newVersion(world, which);
  },
  promote(world, { which }) {
    const version = someVersion(world, which);
    if (version === undefined) return;
    const [assistant = "", own = ""] = version.split("/");
    portal(world).promote(assistant, own);
    // Also where the version has the values of main.
    world.isDisturbed = true;
  },
  foreign(world, { which }) {
    const kind = picked(Object.keys(NEW), which) ?? "Assistant";
    make(world, kind, `foreign-${world.next()}`);
  },
  squat(world, { which }) {
    const item = picked(
      world.declared().filter(({ kind }) => kind in NEW),
      which,
    );
    if (item !== undefined) make(world, item.kind, item.remote);
  },
  "other-type"(world, { which }) {
    const item = picked(
      world.declared().filter(({ kind }) => kind === "Tool"),
      which,
    );
    if (item === undefined) return;
    const body = { display_name: item.remote, type: "hangup", hangup: { description: "Theirs." } };
    portal(world).create("Tool", body);
  },
};

/** The id of a version beside main; where there is none, somebody makes one. */
function someVersion(world: World, which: number): string | undefined {
  return picked(ofKind(world, "AssistantVersion"), which)?.id ?? newVersion(world, which);
}

function newVersion(world: World, which: number): string | undefined {
  const assistant = picked(ofKind(world, "Assistant"), which);
  if (assistant === undefined) return undefined;
  const version_name = `theirs-${world.next()}`;
  const body = { assistant_id: assistant.id, version_name, greeting: "Theirs." };
  return portal(world).create("AssistantVersion", body);
}

function make(world: World, kind: string, name: string): void {
  const body = NEW[kind]?.(name);
  if (body !== undefined) portal(world).create(kind as PortalKind, body);
}

function portal({ stage }: World): Portal {
  return stage.emulator.portal;
}

const rulesFor = (version_id: string, weight: number): Json => [
  { serve: { rollout: [{ version_id, weight }] } },
];

/** A version that a canary sends callers to cannot be taken away. */
function isServed(world: World, { kind, id }: Live): boolean {
  const [assistant = "", version = ""] = id.split("/");
  if (kind !== "AssistantVersion") return false;
  const canary = ofKind(world, "CanaryDeploy").find((one) => one.id === assistant);
  return JSON.stringify(canary?.raw ?? {}).includes(version);
}
