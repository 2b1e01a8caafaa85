import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import type { PlanChoices } from "../../src/model/plan-choices.ts";

/** A change to a small project that has every kind, and a circle of assistants. */
export interface Scenario {
  readonly name: string;
  /** What is live and in the ledger before. */
  readonly before: readonly JsonObject[];
  readonly after: readonly JsonObject[];
  readonly choices: PlanChoices;
}

/** What differs from one state of the office to another. */
interface Office {
  readonly url: string;
  readonly wait: number;
  readonly greeting: string;
  readonly billing: { readonly greeting: string; readonly tags: readonly string[] };
  readonly candidate: { readonly greeting: string; readonly of: string };
  readonly weight: number;
  readonly alone: boolean;
  /** Nobody to hand off to. */
  readonly single: boolean;
}

const FIRST: Office = {
  url: "https://crm.example/mcp",
  wait: 4000,
  greeting: "Hello from the front desk.",
  billing: { greeting: "Billing.", tags: ["money", "night"] },
  candidate: { greeting: "I listen.", of: "front" },
  weight: 10,
  alone: false,
  single: false,
};

const ref = (kind: string, name: string): JsonObject => ({ ref: `${kind}/${name}` });

function manifest(kind: string, name: string, spec: JsonObject): JsonObject {
  return { apiVersion: "rollcall.dev/v1", kind, metadata: { name }, spec };
}

const handoff = (to: string): JsonObject => ({
  type: "handoff",
  handoff: { ai_assistants: [{ name: to, id: ref("Assistant", to) }] },
});

/** The front desk uses what others made, unless it is `alone`. */
const frontDesk = ({ greeting, alone, single }: Office): JsonObject => ({
  name: "Front desk",
  instructions: "Answer and route.\nBe kind.",
  greeting,
  tags: ["reception", "english"],
  ...(alone ? {} : { mcp_servers: [{ id: ref("McpServer", "crm") }], tool_ids: [ref("Tool", "ticket")] }),
  tools: single ? [] : [handoff("billing")],
});

const crm = ({ url }: Office) => manifest("McpServer", "crm", { name: "CRM", type: "http", url });

const tool = ({ wait }: Office): JsonObject => ({
  display_name: "Open a ticket",
  type: "webhook",
  timeout_ms: wait,
  webhook: { name: "open_ticket", description: "Opens a ticket.", url: "https://field.example/tickets" },
});

const greets = ({ greeting }: Office) =>
  manifest("AssistantTest", "greets", {
    assistant: ref("Assistant", "front"),
    name: "Greets",
    destination: "+15550100000",
    instructions: `Expect: ${greeting}`,
    rubric: [{ name: "Kind", criteria: "It is kind." }],
  });

const billing = ({ billing: { greeting, tags } }: Office) =>
  manifest("Assistant", "billing", {
    name: "Billing",
    instructions: "Count.",
    greeting,
    tags,
    tools: [handoff("front")],
  });

const candidate = ({ candidate: { greeting, of } }: Office) =>
  manifest("AssistantVersion", "candidate", {
    assistant: ref("Assistant", of),
    version_name: "Candidate",
    changes: { greeting },
  });

const trial = ({ weight }: Office) => {
  const rollout: Json = [{ version_id: ref("AssistantVersion", "candidate"), weight }];
  return manifest("CanaryDeploy", "trial", {
    assistant: ref("Assistant", "front"),
    rules: [{ serve: { rollout } }],
  });
};

const PARTS = {
  crm,
  ticket: (all: Office) => manifest("Tool", "ticket", tool(all)),
  front: (all: Office) => manifest("Assistant", "front", frontDesk(all)),
  billing,
  greets,
  candidate,
  trial,
};

type Part = keyof typeof PARTS;

const THINGS: readonly Part[] = ["crm", "ticket"];
const CIRCLE: readonly Part[] = ["front", "billing"];
const TRIAL: readonly Part[] = ["candidate", "trial"];

/** The front desk is alone where there is nothing for it to use. */
function office(parts: readonly Part[], change: Partial<Office> = {}): readonly JsonObject[] {
  const all = { ...FIRST, alone: !parts.includes("crm"), ...change };
  return parts.map((part) => PARTS[part](all));
}

const WHOLE: readonly Part[] = [...THINGS, ...CIRCLE, "greets", ...TRIAL];

/** Each run reads the same sample, so that requests can be counted. */
const CHOICES: PlanChoices = { prune: false, onConflict: "refuse", allowMassChange: true, turn: 0 };
const PRUNE: PlanChoices = { ...CHOICES, prune: true };

const change = (
  name: string,
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  choices: PlanChoices = CHOICES,
): Scenario => ({ name, before, after, choices });

const FASTER: Partial<Office> = { url: "https://crm.example/v2", wait: 9000 };
const RICHER: Partial<Office> = { billing: { greeting: "Money matters.", tags: ["money", "day"] } };
const BOLDER: Partial<Office> = { candidate: { greeting: "I listen first.", of: "front" }, weight: 25 };

const SCENARIOS: readonly Scenario[] = [
  change("create things", [], office(THINGS)),
  change("create a circle", [], office(CIRCLE)),
  change("create a trial", office(CIRCLE), office([...CIRCLE, "greets", ...TRIAL])),
  change("update things", office(THINGS), office(THINGS, FASTER)),
  change("update an assistant", office(CIRCLE), office(CIRCLE, RICHER)),
  change(
    "update of tags alone",
    office(CIRCLE),
    office(CIRCLE, { billing: { greeting: "Billing.", tags: ["day", "week"] } }),
  ),
  change("update a trial", office([...CIRCLE, ...TRIAL]), office([...CIRCLE, ...TRIAL], BOLDER)),
  // A write to the assistant that is live wipes its canary, which is put back.
  change(
    "update under a trial",
    office([...CIRCLE, "greets", ...TRIAL]),
    office([...CIRCLE, "greets", ...TRIAL], { greeting: "Good day." }),
  ),
  change("prune", office(WHOLE), office(["front"], { alone: true, single: true }), {
    ...PRUNE,
    onConflict: "overwrite",
  }),
  change("prune a trial", office([...CIRCLE, ...TRIAL]), office(CIRCLE), PRUNE),
  // The assistant becomes what the trial is, which is then main.
  change(
    "promote a trial",
    office([...CIRCLE, ...TRIAL]),
    office(CIRCLE, { greeting: FIRST.candidate.greeting }),
    PRUNE,
  ),
  change("prune a circle", office([...CIRCLE, ...THINGS]), office(THINGS), PRUNE),
  change(
    "replace",
    office([...CIRCLE, "candidate"]),
    office([...CIRCLE, "candidate"], { candidate: { greeting: "I count.", of: "billing" } }),
  ),
  change("move", office([...THINGS, ...CIRCLE]), moved(office([...THINGS, ...CIRCLE], FASTER))),
  change("everything", office(WHOLE), office(WHOLE, { ...FASTER, ...RICHER, ...BOLDER })),
];

/** The tool and an assistant get other addresses, and keep their objects. */
function moved(manifests: readonly JsonObject[]): readonly JsonObject[] {
  const text = JSON.stringify(manifests)
    .replaceAll("Tool/ticket", "Tool/request")
    .replaceAll("Assistant/billing", "Assistant/money");
  return (JSON.parse(text) as readonly JsonObject[]).map((one) => {
    if (one["kind"] === "Tool") return readdressed(one, "request", "Tool/ticket");
    const isBilling = isObject(one["spec"]) && one["spec"]["name"] === "Billing";
    return isBilling ? readdressed(one, "money", "Assistant/billing") : one;
  });
}

function readdressed(one: JsonObject, name: string, from: string): JsonObject {
  return { ...one, metadata: { name }, lifecycle: { movedFrom: [from] } };
}

export function scenario(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}

/** Puts these manifests into the project in place of those that are there. JSON is YAML. */
export async function declare(folder: string, manifests: readonly JsonObject[]): Promise<void> {
  const place = join(folder, "manifests");
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  const project = {
    apiVersion: "rollcall.dev/v1",
    kind: "Project",
    metadata: { name: "office" },
    spec: { manifests: ["manifests"], ledger: { backend: "file" } },
  };
  await writeFile(join(folder, "rollcall.yaml"), JSON.stringify(project));
  const text = manifests.map((one) => JSON.stringify(one, null, 2)).join("\n---\n");
  await writeFile(join(place, "office.yaml"), text);
}
