import type { Address } from "./address.ts";
import type { Pointer } from "./pointer.ts";

/** The resources of a project and what they refer to, in a fixed order. */
export interface ReferenceGraph {
  readonly project: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly address: Address;
  readonly kind: string;
  readonly name: string;
}

/** `from` refers to `to`. */
export interface GraphEdge {
  readonly from: Address;
  readonly to: Address;
  /** Where in the `spec` of `from`. */
  readonly at: readonly Pointer[];
  /**
   * `broken`: closes a cycle; made from nothing, `from` is created without it and completed when `to` exists.
   * `local`: known to the project only, never sent.
   */
  readonly link: "plain" | "broken" | "local";
}
