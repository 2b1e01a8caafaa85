/** What a resource is called in a project: `Assistant/front-desk`. */
export type Address = `${string}/${string}`;

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/;

export const NAME_HELP =
  "use 1 to 128 letters, digits, `.`, `_` or `-`; begin and end with a letter or a digit";

/** Local names: 1 to 128 letters, digits, `.`, `_`, `-`; first and last a letter or a digit. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

export function addressOf(kind: string, name: string): Address {
  return `${kind}/${name}`;
}

/** `undefined` where the text is not `Kind/name`. */
export function parseAddress(text: string): { readonly kind: string; readonly name: string } | undefined {
  const slash = text.indexOf("/");
  const kind = text.slice(0, slash);
  const name = text.slice(slash + 1);
  return slash > 0 && /^[A-Z][A-Za-z0-9]*$/.test(kind) && isName(name) ? { kind, name } : undefined;
}
