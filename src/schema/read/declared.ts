/** Documents that could not be read, or whose declaration cannot be read. */
export interface Unreadable {
  readonly any: boolean;
  /** A whole file or document could not be read: it may have declared anything. */
  readonly everything: boolean;
  /** Names in documents whose kind is not known. */
  readonly names: ReadonlySet<string>;
  /** `rollcall.yaml` could not be read: variables and environments are not known. */
  readonly project: boolean;
}

/** The addresses of a project in one environment, as far as they are known. */
export interface Declared {
  readonly addresses: ReadonlySet<string>;
  readonly byKind: ReadonlyMap<string, readonly string[]>;
  /** The environments of every manifest, those of other environments included. */
  readonly environments: ReadonlyMap<string, readonly string[]>;
  readonly unreadable: Unreadable;
}

/**
 * True if a document that could not be read may declare the address. Then it is no additional error that it is missing.
 */
export function mayBeUnreadable(address: string, { everything, names }: Unreadable): boolean {
  return everything || names.has(address.slice(address.indexOf("/") + 1));
}
