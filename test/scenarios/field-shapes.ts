import type { JsonObject } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { manifest, ref } from "../memory/memory-project.ts";
import type { Situation } from "./planned.ts";

/** A field of an assistant, with three values: as last applied, another one for the manifest, and one from the portal. */
interface Shape {
  readonly applied: JsonObject;
  readonly manifest: JsonObject;
  readonly portal: JsonObject;
}

const webhook = (url: string) => ({
  type: "webhook",
  webhook: { name: "look_up", description: "Finds an order.", url },
});
const hangup = { type: "hangup", hangup: { description: "Ends it." } };
const skipTurn = { type: "skip_turn", skip_turn: { description: "Waits." } };
const transfer = (password: string) => ({
  type: "refer",
  refer: { targets: [{ name: "desk", sip_address: "sip:a@example.com", sip_auth_password: password }] },
});
const flow = (...edges: readonly string[]) => ({
  start_node_id: "ask",
  nodes: [{ id: "ask", type: "prompt", instructions: "Ask." }],
  edges: edges.map((id) => ({
    id,
    start_node_id: "ask",
    condition: { type: "llm", prompt: `They say ${id}.` },
    target: { type: "node", node_id: "ask" },
  })),
});
const voice = (fields: JsonObject) => ({ voice_settings: { voice: "Telnyx.NaturalHD.astra", ...fields } });

/** One shape for each way in which values are compared and cleared. */
export const SHAPES = {
  scalar: {
    applied: { greeting: "Hello." },
    manifest: { greeting: "Good day." },
    portal: { greeting: "Yo." },
  },
  "text of several lines": {
    applied: { greeting: "Hello.\nBe brief.\n" },
    manifest: { greeting: "Hello.\nTake your time.\n" },
    portal: { greeting: "Yo.\nBe brief.\n" },
  },
  "number in a block": {
    applied: { telephony_settings: { time_limit_secs: 600 } },
    manifest: { telephony_settings: { time_limit_secs: 900 } },
    portal: { telephony_settings: { time_limit_secs: 1200 } },
  },
  "field with a default": {
    applied: voice({ voice_speed: 1 }),
    manifest: voice({ voice_speed: 1.2 }),
    portal: voice({ voice_speed: 0.8 }),
  },
  "nullable field": {
    applied: voice({ language_boost: "English" }),
    manifest: voice({ language_boost: "Spanish" }),
    portal: voice({ language_boost: "German" }),
  },
  "entry of a map": {
    applied: { dynamic_variables: { hours: "nine to five", city: "Madison" } },
    manifest: { dynamic_variables: { hours: "eight to six", city: "Madison" } },
    portal: { dynamic_variables: { hours: "never", city: "Madison" } },
  },
  "closed set": {
    applied: { enabled_features: ["telephony"] },
    manifest: { enabled_features: ["telephony", "messaging"] },
    portal: { enabled_features: ["messaging"] },
  },
  "open set": {
    applied: { tags: ["ours"] },
    manifest: { tags: ["ours", "new"] },
    portal: { tags: ["theirs"] },
  },
  "element of a keyed list": {
    applied: { tools: [webhook("https://a.example")] },
    manifest: { tools: [webhook("https://b.example")] },
    portal: { tools: [webhook("https://c.example")] },
  },
  "members of a keyed list": {
    applied: { tools: [webhook("https://a.example"), hangup] },
    manifest: { tools: [webhook("https://a.example")] },
    portal: { tools: [webhook("https://a.example"), hangup, skipTurn] },
  },
  "order of a list": {
    applied: { conversation_flow: flow("x", "y", "z") },
    manifest: { conversation_flow: flow("y", "x", "z") },
    portal: { conversation_flow: flow("z", "y", "x") },
  },
  reference: {
    applied: { tool_ids: ["tool-a"] },
    manifest: { tool_ids: ["tool-a", "tool-b"] },
    portal: { tool_ids: ["tool-b"] },
  },
  secret: {
    applied: { tools: [transfer("first-word")] },
    manifest: { tools: [transfer("second-word")] },
    portal: { tools: [transfer("third-word")] },
  },
} satisfies Record<string, Shape>;

export type ShapeName = keyof typeof SHAPES;

type Version = keyof Shape;

/** Where each of the three values stands; a missing member means that the field is absent there. */
interface Scene {
  readonly declared?: Version;
  /** What the ledger holds as last applied, and as last seen; without both, the resource is not in the ledger. */
  readonly ledger?: { readonly applied?: Version; readonly observed: Version };
  readonly live: Version;
}

const APPLIED = { applied: "applied", observed: "applied" } as const;

export const SCENES = {
  "nothing changed": { declared: "applied", ledger: APPLIED, live: "applied" },
  "manifest changed": { declared: "manifest", ledger: APPLIED, live: "applied" },
  "portal changed": { declared: "applied", ledger: APPLIED, live: "portal" },
  "both changed": { declared: "manifest", ledger: APPLIED, live: "portal" },
  "not in the ledger": { declared: "manifest", live: "applied" },
  "no longer declared": { ledger: APPLIED, live: "applied" },
  "never declared, portal changed": { ledger: { observed: "applied" }, live: "portal" },
  "declared for the first time, portal changed": {
    declared: "manifest",
    ledger: { observed: "applied" },
    live: "portal",
  },
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof SCENES;

const DESK = { name: "desk", instructions: "Be kind." };

/** What the ledger holds instead of the secret that was applied. */
export const DIGESTS: Readonly<Record<string, string>> = {
  "first-word": "rollcall:hmac:9bf8d7c0:5d839ce7d4c107c99fd4eb271b14f264",
  "second-word": "rollcall:hmac:9bf8d7c0:b6f66fdf90813f7d8cded3c29f9757dc",
  "third-word": "rollcall:hmac:9bf8d7c0:a1a748c2615f4f10295d6f04bee76a7c",
};

export function situationOf(shape: ShapeName, scene: SceneName): Situation {
  const values: Shape = SHAPES[shape];
  const { declared, ledger, live }: Scene = SCENES[scene];
  const spec = (version: Version | undefined) => ({ ...DESK, ...(version === undefined ? {} : values[version]) });
  const entry = ({ applied, observed }: NonNullable<Scene["ledger"]>) => ({
    kind: "Assistant",
    id: "assistant-desk",
    applied: withDigests(spec(applied)),
    observed: withDigests(spec(observed)),
    versionId: "v-assistant-desk",
  });
  const tools = shape === "reference" ? ["a", "b"] : [];
  return {
    resources: [manifest("Assistant/desk", withReferences(spec(declared))), ...tools.map(toolResource)],
    live: { "/ai/assistants": [liveDesk(spec(live))], "/ai/tools": tools.map(liveTool) },
    ...(ledger === undefined
      ? { options: { adopt: true } }
      : {
          entries: {
            "Assistant/desk": entry(ledger),
            ...Object.fromEntries(tools.map((name) => [`Tool/${name}`, toolEntry(name)])),
          },
        }),
  };
}

const toolSpec = (name: string) => ({
  display_name: name,
  type: "webhook",
  webhook: { name, description: "x", url: "https://t.example" },
});

const toolResource = (name: string): Resource => manifest(`Tool/${name}`, toolSpec(name));

const toolEntry = (name: string) => ({
  kind: "Tool",
  id: `tool-${name}`,
  applied: toolSpec(name),
  observed: toolSpec(name),
});

const liveTool = (name: string) => ({
  id: `tool-${name}`,
  created_at: "2026-01-01T00:00:00Z",
  type: "webhook",
  display_name: name,
  tool_definition: toolSpec(name).webhook,
});

/** The API shows shared tools among the tools of an assistant. */
function liveDesk({ tool_ids: ids, ...spec }: JsonObject): JsonObject {
  const object = { id: "assistant-desk", created_at: "2026-01-01T00:00:00Z", version_id: "v-assistant-desk" };
  const shared = ((ids ?? []) as readonly string[]).map((id) => ({
    type: "webhook",
    shared: true,
    tool_id: id,
    webhook: { name: id, description: "x", url: "https://t.example" },
  }));
  const own = (spec["tools"] ?? []) as readonly JsonObject[];
  const tools = [...shared, ...own.map((tool) => Object.assign({}, tool, { shared: false }))];
  return { ...spec, ...object, ...(tools.length === 0 ? {} : { tools }) };
}

function withReferences({ tool_ids: ids, ...spec }: JsonObject): JsonObject {
  if (ids === undefined) return spec;
  return { ...spec, tool_ids: (ids as readonly string[]).map((id) => ref(`Tool/${id.replace("tool-", "")}`)) };
}

function withDigests(spec: JsonObject): JsonObject {
  const text = JSON.stringify(spec).replaceAll(/[a-z]+-word/g, (secret) => DIGESTS[secret] ?? secret);
  return JSON.parse(text) as JsonObject;
}
