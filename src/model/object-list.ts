import type { Address } from "./address.ts";
import type { JsonObject } from "./json.ts";

/** Live objects as `get` shows them. */
export interface ObjectList {
  readonly environment: string;
  readonly kinds: readonly ListedKind[];
}

export interface ListedKind {
  readonly kind: string;
  /** `MCP servers` */
  readonly many: string;
  readonly hasTags: boolean;
  readonly objects: readonly ListedObject[];
}

/** The resource that a live object is. */
export interface Owner {
  readonly address: Address;
  readonly environment: string;
  /** It is a resource of another environment of the project. */
  readonly isElsewhere?: true;
}

export interface ListedObject {
  readonly id: string;
  readonly name: string;
  readonly managed?: Owner;
  /** `.rollcallignore` names it. */
  readonly isIgnored?: true;
  readonly parent?: { readonly id: string; readonly name: string };
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly versionId?: string;
  readonly tags: readonly string[];
  /** What its kind shows besides. */
  readonly cells: readonly Cell[];
  /** Without secrets. Made where it is asked for. */
  readonly spec: () => JsonObject;
  /** It was read by its id: a list may leave out fields. */
  readonly isComplete: boolean;
}

export interface Cell {
  readonly title: string;
  readonly text: string;
  readonly isWide: boolean;
}

/** Words that objects are sorted by, such as tags, and how many objects have each. */
export interface GroupList {
  /** `tags` */
  readonly many: string;
  readonly groups: readonly { readonly name: string; readonly objects: number }[];
}
