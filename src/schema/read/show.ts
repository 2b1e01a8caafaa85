import { stringify } from "yaml";
import type { JsonObject } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";

/**
 * A resource as it stands after includes, variables and patches, as a manifest. `spec` is given apart, so that
 * secrets can be struck out before.
 */
export function resolvedManifest({ kind, name, labels, lifecycle }: Resource, spec: JsonObject): string {
  const { protect, observe, ignore, movedFrom, import: imported } = lifecycle;
  const kept = {
    ...(protect === undefined ? {} : { protect }),
    ...(observe === undefined ? {} : { observe }),
    ...(ignore.length === 0 ? {} : { ignore }),
    ...(movedFrom.length === 0 ? {} : { movedFrom }),
    ...(imported === undefined ? {} : { import: imported.id }),
  };
  const manifest = {
    apiVersion: "rollcall.dev/v1",
    kind,
    metadata: { name, ...(Object.keys(labels).length === 0 ? {} : { labels }) },
    ...(Object.keys(kept).length === 0 ? {} : { lifecycle: kept }),
    spec,
  };
  return stringify(manifest, { lineWidth: 0 });
}
