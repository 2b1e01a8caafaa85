import { parseAddress, type Address } from "../model/address.ts";
import { isList, isObject, type Json } from "../model/json.ts";
import { originalAddress, type Fact } from "../model/ledger.ts";
import type { StepAction } from "../model/plan.ts";

/*
 * Whether JSON has the shape of what a ledger holds. A checksum says only that a text is whole: anybody who can write the
 * file can compute one.
 */

type Check = (value: Json) => boolean;
type Checks = Readonly<Record<string, Check>>;

const isText: Check = (value) => typeof value === "string";
const isTrue: Check = (value) => value === true;
const isAddress: Check = (value) =>
  typeof value === "string" && parseAddress(originalAddress(value as Address)) !== undefined;
const isTexts: Check = (value) => isList(value) && value.every(isText);

const ACTIONS: Readonly<Record<StepAction, true>> = {
  create: true,
  complete: true,
  update: true,
  detach: true,
  delete: true,
  restore: true,
  "refresh-state": true,
  forget: true,
};

const entry = shape(
  { kind: isText, id: isText, applied: isObject, observed: isObject },
  {
    versionId: isText,
    madeVersions: isTexts,
    protect: isTrue,
    observe: isTrue,
    found: isTrue,
    replaced: isTrue,
    commit: isText,
  },
);

const intent = shape(
  {
    id: isText,
    step: isText,
    address: isAddress,
    action: (value) => typeof value === "string" && Object.hasOwn(ACTIONS, value),
    kind: isText,
    run: isText,
    who: isText,
    began: isText,
  },
  {
    objectId: isText,
    idempotencyKey: isText,
    before: isObject,
    after: isObject,
    clears: isTexts,
    protect: isTrue,
    movedFrom: isAddress,
    replaces: isText,
    stored: isObject,
    accepted: isTrue,
    reported: isTrue,
    resumed: isText,
    superseded: isText,
  },
);

const written = shape({ address: isAddress, entry });

const FACTS: Readonly<Record<Fact["fact"], Check>> = {
  intended: shape({ intents: areIntents }),
  answered: shape({ intent: isText, objectId: isText }, { stored: isObject }),
  verified: written,
  observed: written,
  adopted: written,
  keyed: shape({ account: isText }),
  forgotten: shape({ address: isAddress }),
  closed: shape({ intents: isTexts }),
};

/** By address. */
export function areEntries(value: Json): boolean {
  return isObject(value) && Object.entries(value).every(([key, item]) => isAddress(key) && entry(item));
}

export function areIntents(value: Json): boolean {
  return isList(value) && value.every(intent);
}

export function areFacts(value: Json): boolean {
  return isList(value) && value.every(isFact);
}

function isFact(value: Json): boolean {
  if (!isObject(value)) return false;
  const { fact } = value;
  return typeof fact === "string" && Object.hasOwn(FACTS, fact) && FACTS[fact as Fact["fact"]](value);
}

/** An object with these members; of others nothing is said. */
function shape(needed: Checks, optional: Checks = {}): Check {
  return (value) =>
    isObject(value) &&
    Object.entries(needed).every(([key, check]) => has(value, key) && check(value[key] as Json)) &&
    Object.entries(optional).every(([key, check]) => !has(value, key) || check(value[key] as Json));
}

function has(value: object, key: string): boolean {
  return Object.hasOwn(value, key);
}
