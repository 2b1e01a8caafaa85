import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { API_VERSION } from "../check/envelope-schema.ts";
import type { Names } from "./example.ts";

/** What examples of fields of `rollcall.yaml` are taken from. */
export const PROJECT_EXAMPLE: JsonObject = {
  apiVersion: API_VERSION,
  kind: "Project",
  metadata: { name: "acme-voice", labels: { team: "support" } },
  spec: {
    manifests: ["assistants", "tools"],
    tags: {
      common: ["managed-by-rollcall"],
      allowed: { "managed-by-rollcall": "Kept in Git", support: "Questions about orders" },
    },
    ledger: { backend: "git", remote: "origin" },
    vars: { company: "Acme" },
    environments: {
      production: {
        vars: { company: "Acme Corporation" },
        apiKey: { env: "TELNYX_API_KEY" },
        protect: true,
        patches: [{ target: "Assistant/front-desk", patch: { spec: { greeting: "Acme, good day." } } }],
      },
    },
  },
};

/** What examples of the fields around `spec` are taken from, with the kind's own example inside. */
export function manifestExample({ kind, schema }: Kind, names: Names): JsonObject {
  const spec = isList(schema["examples"]) ? (schema["examples"][0] ?? {}) : {};
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: { name: names.get(kind) ?? "example", labels: { team: "support" } },
    lifecycle: { protect: true, ignore: [`/${undeclared(schema, spec)}`], movedFrom: [`${kind}/old-name`] },
    spec,
  };
}

/** What is declared cannot be ignored. */
function undeclared(schema: JsonObject, spec: Json): string {
  const fields = [schema["properties"], property(schema["else"], "properties")].flatMap((sub) =>
    isObject(sub) ? Object.keys(sub) : [],
  );
  return fields.findLast((name) => property(spec, name) === undefined) ?? "name";
}

/** An example of a manifest of the kind, or of `rollcall.yaml`. */
export function wholeExample(kind: Kind | undefined, names: Names): JsonObject {
  if (kind === undefined) return PROJECT_EXAMPLE;
  const { lifecycle: _, ...example } = manifestExample(kind, names);
  return { ...example, metadata: { name: names.get(kind.kind) ?? "example" } };
}

/** Names of resources for references, by kind: those that the examples of the kinds use. */
export function namesIn(kinds: ReadonlyMap<string, Kind>): Names {
  const names = new Map<string, string>();
  const visit = (value: Json): void => {
    const ref = property(value, "ref");
    const [kind, name] = typeof ref === "string" ? ref.split("/") : [];
    if (kind !== undefined && name !== undefined) names.set(kind, name);
    if (isList(value)) value.forEach(visit);
    else if (isObject(value)) Object.values(value).forEach(visit);
  };
  for (const { schema } of kinds.values()) visit(schema["examples"] ?? null);
  return names;
}
