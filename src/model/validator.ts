/** A problem as a validator reports it; the words are ours. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The error is about this key, not about the value at the path. */
  readonly propertyName?: string | undefined;
}

/** Compiled ahead of time, or by `ajv` when it is first needed. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** Where a validator is, and the digest of the schema that it was made from. */
export interface CompiledValidator {
  readonly digest: string;
  readonly load: () => Promise<Validator>;
}
