import type { Address } from "../../model/address.ts";
import { equal, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import type { LiveObject } from "../../model/provider.ts";
import { valueAt } from "./difference.ts";

/** Why a resource cannot be the live object that its manifest names. */
export type ImportProblem =
  | { readonly what: "not-live" }
  | { readonly what: "other-kind"; readonly kind: string }
  | { readonly what: "other-type"; readonly label: string; readonly declared: Json; readonly live: Json }
  | { readonly what: "other-parent" }
  | { readonly what: "tied"; readonly id: string }
  | { readonly what: "taken"; readonly by: Address };

interface Named {
  readonly kind: Kind;
  readonly spec: JsonObject;
  /** The object of this kind that has the id. */
  readonly live: LiveObject | undefined;
  /** The id of the live object that the ledger knows at the address. */
  readonly tied: string | undefined;
  /** The address at which the ledger knows the named object. */
  readonly owner: Address | undefined;
  /** It lives under another object than the declared one. */
  readonly isElsewhere: boolean;
  /** The kind that has an object of the id. */
  readonly otherKind: string | undefined;
}

/** Looks at the live object that a manifest names and the ledger does not know at its address. */
export function importProblem(id: string, named: Named): ImportProblem | undefined {
  const { kind, spec, live, tied, owner, isElsewhere, otherKind } = named;
  if (tied !== undefined && tied !== id) return { what: "tied", id: tied };
  if (owner !== undefined) return { what: "taken", by: owner };
  if (live === undefined)
    return otherKind === undefined || otherKind === kind.kind
      ? { what: "not-live" }
      : { what: "other-kind", kind: otherKind };
  if (isElsewhere) return { what: "other-parent" };
  for (const [pointer, hint] of Object.entries(kind.fields)) {
    if (hint.essential !== true) continue;
    const path = segments(pointer);
    const [declared, found] = [valueAt(spec, path), valueAt(live.spec, path)];
    if (declared !== undefined && found !== undefined && !equal(declared, found))
      return { what: "other-type", label: path.join("."), declared, live: found };
  }
  return undefined;
}
