import type { Chance } from "../chance.ts";
import type { Recordings } from "../recordings.ts";
import type { Contents, Sandbox } from "../sandbox.ts";

/** One input: what the commands find in the folder, in the environment and at the other end of the line. */
export interface Scene {
  readonly contents: Contents;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly commands: readonly (readonly string[])[];
  close(): Promise<void>;
}

export interface Ingredients {
  readonly recordings: Recordings;
  readonly sandbox: Sandbox;
  readonly chance: Chance;
  /** Of this one input. */
  readonly seed: string;
  /** The commands run as processes of their own, in which waiting takes its time. */
  readonly isProcess: boolean;
}

export type Target = (ingredients: Ingredients) => Promise<Scene>;
