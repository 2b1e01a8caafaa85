import type { Plan } from "./plan.ts";

/** The resources of which another version is main than the one that this project made or last saw. */
export function withOtherMain({ drift }: Plan): Plan["drift"] {
  return drift.filter(({ version }) => version !== undefined);
}
