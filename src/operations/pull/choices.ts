import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";

/** Which objects a pull is about, and how their manifests are written. */
export interface PullChoices {
  /** Addresses, ids and names with `*` and `?`; without any, everything. */
  readonly selectors: readonly string[];
  /** Only objects of these kinds. */
  readonly kinds?: readonly Kind[];
  /** Only objects that have all of these tags. */
  readonly tags: readonly string[];
  /** Only what no environment of the project manages. */
  readonly unmanaged: boolean;
  /** Whether the objects that the chosen ones refer to are pulled, too. */
  readonly dependencies: boolean;
  /** Which objects that live under others are pulled, too: none, those that a canary serves, or all. */
  readonly versions: "none" | "canary" | "all";
  /** The fields that a manifest declares: those that differ from their defaults, or all. */
  readonly fields: "set" | "all";
  readonly layout: "split" | "single";
  /** What is pulled is observed. */
  readonly observe?: boolean;
  /** The addresses that objects get, by `objectKey`; the others get one by their name. */
  readonly addresses?: ReadonlyMap<string, Address>;
  /** Whether live changes are taken into manifests that are there. */
  readonly update?: boolean;
}
