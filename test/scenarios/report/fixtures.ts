import type { Json, JsonObject } from "../../../src/model/json.ts";
import type { PathChange, Plan, ResourceChange, ResourceDrift, Step } from "../../../src/model/plan.ts";

/** A small company with a front desk: what most scenarios start from. */
export function plan(parts: Partial<Plan> = {}): Plan {
  return {
    project: "acme-voice",
    environment: "production",
    target: { baseUrl: "https://api.telnyx.com/v2", account: "4f1c9a2b" },
    ledger: { lineage: "0a6f", serial: 41 },
    changes: [],
    drift: [],
    refusals: [],
    steps: [],
    names: {
      "assistant-3e1c": "Assistant/front-desk",
      "assistant-77b0": "Assistant/billing",
      "tool-91aa": "Tool/open-ticket",
      mcp_8f2: "McpServer/crm",
    },
    foreign: {},
    counts: { manifests: 14, live: 12 },
    ...parts,
  };
}

export function change(
  address: ResourceChange["address"],
  action: ResourceChange["action"],
  parts: Partial<ResourceChange> = {},
): ResourceChange {
  return {
    address,
    kind: address.slice(0, address.indexOf("/")),
    action,
    changes: [],
    unmanaged: [],
    risks: [],
    ...parts,
  };
}

export function drift(
  address: ResourceDrift["address"],
  what: ResourceDrift["what"],
  parts: Partial<ResourceDrift> = {},
): ResourceDrift {
  const kind = address.slice(0, address.indexOf("/"));
  return { address, kind, id: "assistant-77b0", what, changes: [], unmanaged: [], ...parts };
}

/** `[before, after, baseline]`; the label follows from the path unless it is given. */
export function path(
  label: string,
  of: PathChange["class"],
  [before, after, baseline]: readonly (Json | undefined)[],
  parts: Partial<PathChange> = {},
): PathChange {
  return {
    path: `/${label.replaceAll("/", "~1").replaceAll(/[.[]/g, "/").replaceAll("]", "")}`,
    label,
    class: of,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(baseline === undefined ? {} : { baseline }),
    ...parts,
  };
}

export function step(id: string, action: Step["action"], parts: Partial<Step> = {}): Step {
  const address = id.replace(/#.*/, "") as Step["address"];
  return { id, address, action, kind: address.slice(0, address.indexOf("/")), needs: [], ...parts };
}

/** `count` live fields that nobody declared. */
export function unmanaged(count: number): readonly PathChange[] {
  return Array.from({ length: count }, (_, index) =>
    path(`telephony_settings.field_${index + 1}`, "unmanaged", [index]),
  );
}

export const PROMPT = `You are the front desk of Acme, a maker of garden furniture.

Be brief and warm.
You may offer a refund of up to $20.
Never promise a delivery date.

When a caller asks about an invoice, hand over to billing.
When a caller is angry, say that you are sorry, once, and ask what would help.

Opening hours
- Monday to Friday, 9 to 17
- Saturday, 10 to 14
- closed on Sunday

Never speak about competitors.
If you do not know an answer, say so and offer a call back.
Say goodbye by name.`;

export const NEW_PROMPT = PROMPT.replace("up to $20.", "up to $50, once per caller.")
  .replace("- Saturday, 10 to 14\n", "- Saturday, 10 to 13\n")
  .replace("Say goodbye by name.", "Say goodbye by name.\nNever hang up first.");

export const spec = (parts: JsonObject = {}): JsonObject => ({
  name: "Front desk",
  model: "meta-llama/Llama-3.3-70B-Instruct",
  instructions: PROMPT,
  greeting: "Hi, this is Acme. How can I help?",
  tags: ["english", "support"],
  ...parts,
});
