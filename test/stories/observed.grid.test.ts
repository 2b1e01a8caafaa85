import { join } from "node:path";
import { describe, expect } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { everyNth } from "../grid.ts";
import type { Live } from "./live.ts";
import { APPLY } from "./edits.ts";
import { assistant, canary, type Kind, type Manifest, probe, server, tool, version } from "./manifests.ts";
import { story, type Story } from "./story.ts";

const test = everyNth(8);

/** What is observed, and what is managed beside it; `value` is in a field of each of them. */
interface Scene {
  readonly kind: Kind;
  readonly subject: (value: string) => Manifest;
  /** Its parts are observed with it. */
  readonly parts?: (value: string) => readonly Manifest[];
  readonly others: (value: string) => readonly Manifest[];
  /** An edit in the portal. */
  readonly patch: (told: Story) => JsonObject;
}

const serving = (weight: string) => canary("it", "front", "trial", weight === "one" ? 10 : 20);

const SCENES: readonly Scene[] = [
  {
    kind: "Assistant",
    subject: (value) => assistant("it", { greeting: value, tags: [value], tool_ids: [{ ref: "Tool/t" }] }),
    others: (value) => [
      tool("t", { description: value }),
      assistant("user", {
        greeting: value,
        tools: [{ type: "handoff", handoff: { ai_assistants: [{ name: "it", id: { ref: "Assistant/it" } }] } }],
      }),
    ],
    patch: () => ({ greeting: "portal" }),
  },
  {
    kind: "Assistant",
    subject: (value) => assistant("it", { greeting: value }),
    parts: (value) => [version("trial", "it", { greeting: value }), canary("share", "it", "trial")],
    others: (value) => [server("s", { url: `https://${value}.example` })],
    patch: () => ({ greeting: "portal" }),
  },
  {
    kind: "AssistantVersion",
    subject: (value) => version("it", "front", { greeting: value }),
    others: (value) => [assistant("front", { instructions: value })],
    patch: () => ({ greeting: "portal" }),
  },
  {
    kind: "CanaryDeploy",
    subject: serving,
    others: (value) => [
      assistant("front", { greeting: value }),
      version("trial", "front", { greeting: value }),
    ],
    patch: (told) => {
      const [, own = ""] = told.idOf("AssistantVersion", "trial").split("/");
      return { rules: [{ serve: { rollout: [{ version_id: own, weight: 50 }] } }] };
    },
  },
  {
    kind: "Tool",
    subject: (value) => tool("it", { description: value }),
    others: (value) => [assistant("user", { greeting: value, tool_ids: [{ ref: "Tool/it" }] })],
    patch: () => ({ webhook: { description: "portal", name: "it", url: "https://tools.example/one" } }),
  },
  {
    kind: "McpServer",
    subject: (value) => server("it", { url: `https://${value}.example` }),
    others: (value) => [assistant("user", { greeting: value, mcp_servers: [{ id: { ref: "McpServer/it" } }] })],
    patch: () => ({ url: "https://portal.example" }),
  },
  {
    kind: "AssistantTest",
    subject: (value) => probe("it", { instructions: value }),
    others: (value) => [probe("other", { instructions: value })],
    patch: () => ({ instructions: "portal" }),
  },
];

const PORTAL = ["nothing", "an edit", "a deletion"] as const;
const MANIFEST = ["as it was", "changed", "removed"] as const;
const LEDGER = ["managed before", "never managed"] as const;

const COMMANDS: readonly (readonly string[])[] = [
  ["plan"],
  ["drift"],
  ["apply", "saved.json", "--allow-equivalent"],
  APPLY,
  [...APPLY, "--target=SUBJECT"],
  [...APPLY, "--prune", "--allow-mass-change", "--adopt", "--on-conflict=overwrite"],
  ["destroy", "--yes"],
];

const observed = (one: Manifest): Manifest => ({ ...one, lifecycle: { observe: true } });

/** Whether a write is one to an object. */
function isWriteTo({ kind, id }: Live, path: string): boolean {
  if (kind === "CanaryDeploy") return path.startsWith(`/ai/assistants/${id}/canary-deploys`);
  if (kind !== "AssistantVersion") return path.includes(id);
  const [owner = "", own = ""] = id.split("/");
  return path.startsWith(`/ai/assistants/${owner}/versions/${own}`);
}

/** Runs it, and no request writes to these objects, which are afterwards as they were. */
async function leaves(told: Story, objects: readonly Live[], args: readonly string[]): Promise<void> {
  told.emulator.clearRequests();
  const before = objects.map(({ kind, id }) => told.all(kind).find((one) => one.id === id));
  const { stdout, stderr } = await told.run(...args);
  const writes = told.emulator.requests().filter(({ method }) => method !== "GET");
  const bad = writes.filter(({ path }) => objects.some((one) => isWriteTo(one, path)));
  const shown = `rollcall ${args.join(" ")}\n${stdout}\n${stderr}`;
  expect(
    bad.map(({ method, path }) => `${method} ${path}`),
    shown,
  ).toEqual([]);
  const after = objects.map(({ kind, id }) => told.all(kind).find((one) => one.id === id));
  expect(after, shown).toEqual(before);
}

async function observe(scene: Scene, known: (typeof LEDGER)[number]): Promise<Story> {
  const told = await story();
  const all = (value: string, as: (one: Manifest) => Manifest) => [
    ...[scene.subject(value), ...(scene.parts?.(value) ?? [])].map(as),
    ...scene.others(value),
  ];
  await told.declare(...all("one", (one) => one));
  await told.ends(0, ...APPLY);
  await told.declare(...all("two", (one) => one));
  await told.ends(0, "plan", "--out", join(told.folder, "saved.json"));
  await told.declare(...all("one", observed));
  if (known === "never managed") {
    const { kind, metadata } = scene.subject("one");
    await told.ends(0, "ledger", "forget", `${kind}/${metadata.name}`);
  }
  return told;
}

const rows = SCENES.flatMap((scene, index) =>
  LEDGER.flatMap((ledger) =>
    MANIFEST.flatMap((manifest) => PORTAL.map((portal) => ({ scene, index, ledger, manifest, portal }))),
  ),
);

describe("no command writes to an observed object", () => {
  for (const { scene, index, ledger, manifest, portal } of rows)
    test(`${scene.kind} (${index}), ${ledger}; manifest ${manifest}; portal: ${portal}`, async () => {
      const told = await observe(scene, ledger);
      const { kind, metadata } = scene.subject("one");
      const parts = scene.parts?.("one") ?? [];
      const objects = [scene.subject("one"), ...parts].flatMap((one) => {
        const named = told.all(one.kind);
        return named.filter(({ name }) => one.kind === "CanaryDeploy" || name === one.metadata.name);
      });
      expect(objects).toHaveLength(1 + parts.length);
      await leaves(told, objects, APPLY);
      const id = objects[0]?.id ?? "";
      if (portal === "an edit") told.emulator.portal.edit(kind, id, scene.patch(told));
      if (portal === "a deletion") told.emulator.portal.delete(kind, id);
      const kept = manifest === "removed" ? [] : [scene.subject(manifest === "changed" ? "two" : "one")];
      const rest = manifest === "removed" ? [] : (scene.parts?.("one") ?? []);
      const others = scene.others("two").filter((one) => manifest !== "removed" || !refersTo(one, scene));
      await told.declare(...[...kept, ...rest].map(observed), ...others);
      const address = `${kind}/${metadata.name}`;
      for (const command of COMMANDS) {
        if (manifest === "removed" && command.includes("--target=SUBJECT")) continue;
        const args = command.map((arg) => arg.replace("SUBJECT", address));
        await leaves(told, objects, args);
        // From here on it is nobody's part of an object that is managed.
        if (manifest === "removed" && command === APPLY && isPart(scene)) break;
      }
    });
});

function isPart({ kind }: Scene): boolean {
  return kind === "AssistantVersion" || kind === "CanaryDeploy";
}

function refersTo({ spec }: Manifest, { subject }: Scene): boolean {
  const { kind, metadata } = subject("one");
  return JSON.stringify(spec).includes(`"${kind}/${metadata.name}"`);
}
