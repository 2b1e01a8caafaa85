import type { Plan } from "./plan.ts";

/** The resources whose main version is not the one that this project made or last saw. */
export function withOtherMain({ drift }: Plan): Plan["drift"] {
  return drift.filter(({ version }) => version !== undefined);
}
