import type { Address } from "../../model/address.ts";
import { equal, type JsonObject } from "../../model/json.ts";

interface OtherAdoption {
  readonly address: Address;
  readonly message: string;
}

/** Live values that are written into the manifests, and that are not as the saved plan shows them. */
export function otherAdoptions(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  asSeen: (adoption: JsonObject) => JsonObject,
): readonly OtherAdoption[] {
  const [then, now] = [byPath(before), byPath(after)];
  return [...new Map([...then, ...now])].flatMap(([key, { address, label }]) => {
    const [was, is] = [then.get(key), now.get(key)];
    if (was !== undefined && is !== undefined && equal(asSeen(was), asSeen(is))) return [];
    const message = `the value to adopt would differ from the saved plan: ${String(label)}`;
    return [{ address: address as Address, message }];
  });
}

function byPath(adoptions: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  return new Map(adoptions.map((one) => [`${String(one["address"])} ${String(one["path"])}`, one]));
}

/** The values, and where they are written. */
export function adoptionAt(adoption: JsonObject): JsonObject {
  const { target = null, line = null } = adoption;
  return { ...adoptedValue(adoption), target, line };
}

/** The values, and whose patches they become a part of. */
export function adoptedValue({ before = null, after = null, patchOf = null }: JsonObject): JsonObject {
  return { before, after, patchOf };
}
