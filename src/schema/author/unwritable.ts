import { parseAddress } from "../../model/address.ts";
import { isObject, type Json } from "../../model/json.ts";
import { acceptsString, referencedKinds } from "../../model/json-schema.ts";
import { isReference } from "../../model/resource.ts";
import { credentialsIn, credentialsUnder } from "../diagnostics/credentials/find.ts";
import { isRandom } from "../diagnostics/credentials/forms.ts";
import { isPlaceholder } from "../check/placeholder.ts";
import { DEEPEST, FORBIDDEN_KEYS } from "../read/build-tree.ts";
import { badCharacter } from "../read/read-file.ts";
import { looksLikeFile } from "../write/include-form.ts";
import { hintFor, type SpecPlace } from "./spec-place.ts";

/** A secret that the API does not show. */
const MASK = /^[*•]{3,}$/;
const PARTLY_MASKED = /[*•]{3,}/;
/** Names of what holds a secret, and words before one. */
const TELLING = /key|token|secret|pass|pwd|auth(?!ors?(?![a-z]))|cookie|session|signature|credential/i;
const SCHEME = /^(?:bearer|basic|token|api-?key)$/i;
const TEMPLATE = /\{\{#integration_secret\}\}[^{}]*\{\{\/integration_secret\}\}|\{\{[^{}]*\}\}/g;
/** The name of a field, which needs no closer look. */
const PLAIN_NAME = /^[a-z_]{1,24}$/;
const LONG_ENOUGH = 16;
/** What stands around `spec` in a document. */
const AROUND = 4;

/** What is around a value. */
export interface Around {
  /** The key under which it stands. */
  readonly name: string;
  /** What the list element around it is known by, such as the name of a header. */
  readonly element: string | undefined;
}

export interface Unwritable {
  /** As the end of a sentence: `it looks like a Telnyx API key`. */
  readonly why: string;
  /** What to do. */
  readonly hint: string;
}

const STORE = "store it as an integration secret, and name that in the manifest";
const CLEAN = "remove it in the portal, and pull again";
export const LEAVE = "it keeps its live value; change it in the portal";

/** Why a manifest must not hold the value as it is, whatever is in it; `undefined` where it may. */
export function unwritable(value: Json, place: SpecPlace, around: Around): Unwritable | undefined {
  const secret = secretProblem(value, place, around);
  if (secret !== undefined) return { why: secret, hint: STORE };
  const bad = badCharacter(typeof value === "string" ? around.name + value : around.name);
  if (bad !== undefined) return { why: `it contains the control character ${bad}`, hint: CLEAN };
  const why = formProblem(value, place, around);
  return why === undefined ? undefined : { why, hint: LEAVE };
}

function secretProblem(value: Json, place: SpecPlace, around: Around): string | undefined {
  const [credential] = PLAIN_NAME.test(around.name) ? [] : credentialsIn(around.name);
  if (credential !== undefined) return `its name looks like ${credential.name}`;
  if (typeof value !== "string") return undefined;
  return textProblem(value, hintFor(place).sensitive === true, around);
}

/** What has no form in a manifest. */
function formProblem(value: Json, place: SpecPlace, { name }: Around): string | undefined {
  if (place.path.length + AROUND > DEEPEST) return "it is nested too deep for a manifest";
  if (FORBIDDEN_KEYS.has(name) || name.includes("${var.")) return "a manifest cannot have a field of this name";
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
    return "a manifest would hold another number";
  if (!isObject(value) || isReferencePlace(place)) return undefined;
  if (looksLikeFile(value) && acceptsString(place.schemas)) return "in a manifest it would name a file";
  const isAddress = isReference(value) && parseAddress(value.ref) !== undefined;
  return isAddress ? "in a manifest it would be a reference" : undefined;
}

function isReferencePlace({ schemas }: SpecPlace): boolean {
  return referencedKinds(schemas).length > 0;
}

function textProblem(text: string, isSensitive: boolean, { name, element }: Around): string | undefined {
  if (isPlaceholder(text)) return undefined;
  if (MASK.test(text) || (isSensitive && PARTLY_MASKED.test(text))) return "the API shows a mask in its place";
  const [found] = [
    ...credentialsUnder(name, text),
    ...(element === undefined ? [] : credentialsUnder(element, text)),
  ];
  if (found !== undefined) return `it looks like ${found.name}`;
  return isSensitive && isSecretLike(text, element ?? name) ? "it may be a secret" : undefined;
}

/** Of a field that may hold a secret: templates and plain words, such as a media type, are none. */
function isSecretLike(text: string, name: string): boolean {
  const rest = text.replaceAll(TEMPLATE, "").trim();
  if (rest === "" || SCHEME.test(rest)) return false;
  return TELLING.test(name) || (rest.length >= LONG_ENOUGH && isRandom(rest));
}
