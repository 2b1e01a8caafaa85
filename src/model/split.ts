import type { Json, JsonObject } from "./json.ts";

/** How one rule divides conversations between versions: percent of each, and what is left to main. */
export interface Split extends JsonObject {
  /** The conditions of the rule in words; empty where it is for everyone. */
  readonly match: string;
  readonly shares: readonly Share[];
  readonly main: number;
}

export interface Share extends JsonObject {
  readonly version: Json;
  readonly percent: number;
}
