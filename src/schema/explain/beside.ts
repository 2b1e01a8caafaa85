import type { JsonObject } from "../../model/json.ts";
import type { Step } from "./find.ts";

interface Rule {
  /** The field, and a shape or a field somewhere below it, that demand something. */
  readonly field: string;
  readonly below?: string;
  /** A field below it with which they demand nothing. */
  readonly unless?: string;
  /** What must stand beside the field. */
  readonly beside: JsonObject;
}

/** The one that examples of `required` name. */
const PARAMETERS = { id: { type: "string" } };
const TEMPLATED = "https://api.acme.example/customers/{id}";

/** What no schema says and the lints demand, so that examples keep to it. */
const RULES: readonly Rule[] = [
  { field: "tools", below: "pay", beside: { telephony_settings: { disable_dtmf: true } } },
  {
    field: "edges",
    below: "default",
    beside: { nodes: [{ type: "speak", id: "intake", message: "One moment, please." }] },
  },
  { field: "required", beside: { properties: PARAMETERS } },
  { field: "path_parameters", unless: "type", beside: { url: TEMPLATED } },
];

/** The fields that must stand beside the one that the first step leads to. */
export function besideOf([first, ...rest]: readonly Step[]): JsonObject {
  if (first?.to !== "field") return {};
  const has = (name: string) =>
    rest.some(
      (step) => (step.to === "shape" && step.tag === name) || (step.to === "field" && step.name === name),
    );
  const rules = RULES.filter(
    ({ field, below, unless }) =>
      field === first.name && (below === undefined || has(below)) && (unless === undefined || !has(unless)),
  );
  return Object.assign({}, ...rules.map(({ beside }) => beside)) as JsonObject;
}
