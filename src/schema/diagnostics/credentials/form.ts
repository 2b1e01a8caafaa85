/** A form of a credential, as who issues it documents it; with a group `secret`, only that is one. */
export interface Form {
  /** With its article: `a Telnyx API key`. */
  readonly name: string;
  readonly pattern: RegExp;
  /** Cheap to look for; where it is not, the pattern does not match. */
  readonly hint: RegExp;
  /** Whether what the pattern found is one after all. */
  readonly confirm?: (secret: string) => boolean;
}
