import type { Migration } from "../../../model/migration.ts";
import type { Agents } from "./agents.ts";
import type { Source } from "./source.ts";

/** What the conversion of one agent may look at. */
export interface Surroundings {
  /** What the agent is known by in the migration. */
  readonly key: string;
  readonly agents: Agents;
  /** All files: an agent and its model may stand in two. */
  readonly files: readonly Source[];
}

/** How the files of a provider become resources. */
export interface Conversion {
  /** As people write it. */
  readonly provider: string;
  /** Fields at the top of a file that no other provider has. */
  readonly marks: readonly string[];
  /** The agents in a file. */
  readonly agents: (file: Source, files: readonly Source[]) => readonly Source[];
  /** The ids and names by which others refer to an agent. */
  readonly namesOf: (agent: Source) => readonly (string | undefined)[];
  readonly convert: (agent: Source, surroundings: Surroundings) => Migration;
}
