import type { Json, JsonObject } from "../../src/model/json.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import type { TelnyxKind } from "../../src/providers/telnyx/rest.ts";
import { canonical } from "../../src/reconcile/compare/canonical.ts";
import { hintsOf } from "../../src/reconcile/compare/hints.ts";

const KINDS = new Map<string, TelnyxKind>(kinds.map((kind) => [kind.kind, kind]));

/** As values are compared: a documented default is the same as nothing. */
export function compared(objects: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(objects).map(([address, raw]) => {
      const kind = KINDS.get(address.split("/")[0] ?? "");
      if (kind === undefined) throw new Error(`${address} is of no kind`);
      return [address, canonical(kind.fromLive(raw as JsonObject), hintsOf(kind))];
    }),
  );
}
