/** A tag in use, or declared. */
export interface TagUse {
  readonly name: string;
  /** Live objects that have it. */
  readonly objects: number;
  /** A manifest of the environment declares it. */
  readonly isDeclared: boolean;
}

/** The port that changes the tags of live objects. Throws `ProviderError`. */
export interface Tags {
  /** All tags of the account. */
  all(): Promise<readonly string[]>;
  add(id: string, tag: string): Promise<void>;
  /** A tag that is not there is a success. */
  remove(id: string, tag: string): Promise<void>;
}
