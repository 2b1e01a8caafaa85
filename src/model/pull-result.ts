import type { Address } from "./address.ts";
import type { Pointer } from "./pointer.ts";
import type { AdoptedPath, LeftOut } from "./proposal.ts";

/** A live value that no manifest gets: it looks like a secret, or a manifest cannot hold it. */
export interface Unwritten {
  readonly address: Address;
  readonly path: Pointer;
  /** As the end of a sentence: `it looks like a Telnyx API key`. */
  readonly why: string;
  readonly hint: string;
}

/** What prevents a pull: after it, the plan would not be empty, or the manifests would be invalid. */
export interface Obstacle {
  readonly address?: Address;
  /** `Assistant.spec.voice_settings`, or a place in a file. */
  readonly where?: string;
  readonly message: string;
  readonly hint?: string;
  /** Something changed while the pull was running: the same pull can succeed. */
  readonly isTransient?: true;
  /** A mistake that the project had before the pull, in a manifest that the pull does not mend. */
  readonly isOld?: true;
}

export interface PulledObject {
  /** It is a resource of other environments, too: what differs became patches of this one. */
  readonly isShared?: true;
  readonly address: Address;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

export interface PulledFile {
  readonly file: string;
  readonly change: "new" | "changed";
  readonly addresses: readonly Address[];
}

/** An object that was asked for and that gets no manifest. */
export interface SkippedObject {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** `unwritable`: a manifest needs a value that it cannot hold. */
  readonly reason: "managed" | "declared" | "other-environment" | "unwritable";
  /** Who manages it, or the address that it would have. */
  readonly address: Address;
  readonly environment?: string;
  /** Of what is unwritable: the value, why no manifest can hold it, and what to do. */
  readonly path?: Pointer;
  readonly why?: string;
  readonly hint?: string;
}

/** A manifest whose resource has no object in the environment of the pull, and now exists in others only. */
export interface LimitedManifest {
  readonly address: Address;
  readonly environments: readonly string[];
}

export interface PullResult {
  /** `planned`: the same as `pulled`, and nothing was written. */
  readonly status: "pulled" | "planned" | "unchanged" | "blocked";
  readonly objects: readonly PulledObject[];
  readonly files: readonly PulledFile[];
  readonly skipped: readonly SkippedObject[];
  readonly unwritten: readonly Unwritten[];
  /** Live changes that manifests took, and those that they did not. */
  readonly adopted: readonly AdoptedPath[];
  readonly left: readonly LeftOut[];
  /** Manifests that were limited to the other environments that have them, because no object of this one fits. */
  readonly limited: readonly LimitedManifest[];
  /** Resources that have no object here, and that the next apply creates. */
  readonly uncreated: readonly Address[];
  /** Resources that the next apply changes, because they inherit what was taken. */
  readonly followers: readonly Address[];
  /** Other environments of the project, which have the new manifests, too. */
  readonly elsewhere: readonly string[];
  /** The new manifests exist in the environment of the pull alone. */
  readonly isLimited: boolean;
  readonly obstacles: readonly Obstacle[];
  /** Entries of `spec.manifests` that nothing fits. */
  readonly unmatched: readonly Obstacle[];
  /** Known of what is pulled or would be: the next plan has nothing to do, for any resource. */
  readonly isPlanEmpty: boolean;
  /** The ledger knew nothing before, and nothing protects the environment. */
  readonly suggestsProtection: boolean;
}
