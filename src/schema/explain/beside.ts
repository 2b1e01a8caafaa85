import type { JsonObject } from "../../model/json.ts";
import type { Step } from "./find.ts";

interface Rule {
  /** The field, and the shape somewhere below it, that demand something. */
  readonly field: string;
  readonly shape: string;
  /** What must stand beside the field. */
  readonly beside: JsonObject;
}

/** What no schema says and the lints demand, so that examples keep to it. */
const RULES: readonly Rule[] = [
  { field: "tools", shape: "pay", beside: { telephony_settings: { disable_dtmf: true } } },
  {
    field: "edges",
    shape: "default",
    beside: { nodes: [{ type: "speak", id: "intake", message: "One moment, please." }] },
  },
];

/** The fields that must stand beside the one that the first step leads to. */
export function besideOf([first, ...rest]: readonly Step[]): JsonObject {
  if (first?.to !== "field") return {};
  const has = (tag: string) => rest.some((step) => step.to === "shape" && step.tag === tag);
  const rules = RULES.filter(({ field, shape }) => field === first.name && has(shape));
  return Object.assign({}, ...rules.map(({ beside }) => beside)) as JsonObject;
}
