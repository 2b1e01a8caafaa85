import type { Address } from "../../model/address.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Report } from "../finding.ts";
import type { Node } from "../node.ts";

/** A resource as a lint sees it: its values, and where they stand. */
export interface LintSubject {
  readonly address: Address;
  readonly kind: Kind;
  readonly name: string;
  readonly spec: JsonObject;
  readonly node: Node;
  /** The whole document. */
  readonly root: Node;
  /** Where its name is written. */
  readonly at: Node;
}

/** Looks at all resources at once; names the kinds that it knows by their names. */
export type Lint = (subjects: readonly LintSubject[], report: Report) => void;
