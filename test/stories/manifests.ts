import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, stringify, type Json, type JsonObject } from "../../src/model/json.ts";

export interface Manifest {
  readonly kind: Kind;
  readonly metadata: { readonly name: string; readonly labels?: JsonObject };
  readonly lifecycle?: JsonObject;
  readonly spec: JsonObject;
  /** Where it stands; by default with the others. */
  readonly file?: string;
}

export type Kind = "Assistant" | "AssistantVersion" | "CanaryDeploy" | "AssistantTest" | "McpServer" | "Tool";

export const ref = (address: string): JsonObject => ({ ref: address });

/** An assistant named as its manifest, with more or other fields. */
export function assistant(name: string, spec: JsonObject = {}, lifecycle?: JsonObject): Manifest {
  return make("Assistant", name, { name, instructions: "Answer.", ...spec }, lifecycle);
}

export function tool(name: string, webhook: JsonObject = {}, lifecycle?: JsonObject): Manifest {
  const block = { name, description: "Helps.", url: "https://tools.example/one", ...webhook };
  return make("Tool", name, { display_name: name, type: "webhook", webhook: block }, lifecycle);
}

export function server(name: string, spec: JsonObject = {}, lifecycle?: JsonObject): Manifest {
  return make("McpServer", name, { name, type: "http", url: "https://mcp.example/one", ...spec }, lifecycle);
}

export function probe(name: string, spec: JsonObject = {}, lifecycle?: JsonObject): Manifest {
  const rubric: Json = [{ name: "Kind", criteria: "It is kind." }];
  return make(
    "AssistantTest",
    name,
    { name, destination: "+15550100000", instructions: "Ask.", rubric, ...spec },
    lifecycle,
  );
}

export function version(
  name: string,
  of: string,
  changes: JsonObject = { greeting: "I listen." },
  lifecycle?: JsonObject,
): Manifest {
  return make(
    "AssistantVersion",
    name,
    { assistant: ref(`Assistant/${of}`), version_name: name, changes },
    lifecycle,
  );
}

export function canary(name: string, of: string, serving: string, weight = 10): Manifest {
  const rollout: Json = [{ version_id: ref(`AssistantVersion/${serving}`), weight }];
  return make("CanaryDeploy", name, { assistant: ref(`Assistant/${of}`), rules: [{ serve: { rollout } }] });
}

function make(kind: Kind, name: string, spec: JsonObject, lifecycle?: JsonObject): Manifest {
  return { kind, metadata: { name }, spec, ...(lifecycle === undefined ? {} : { lifecycle }) };
}

export function addressOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

/** Puts these manifests into the project in place of those that are there. JSON is YAML. */
export async function declare(
  folder: string,
  settings: JsonObject,
  manifests: readonly Manifest[],
): Promise<void> {
  const place = join(folder, "manifests");
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  const project = {
    apiVersion: "rollcall.dev/v1",
    kind: "Project",
    metadata: { name: "stories" },
    spec: { manifests: ["manifests"], ...settings },
  };
  await writeFile(join(folder, "rollcall.yaml"), JSON.stringify(project));
  for (const file of new Set(manifests.map((one) => one.file ?? "all"))) {
    const texts = manifests.filter((one) => (one.file ?? "all") === file).map(textOf);
    await writeFile(join(place, `${file}.yaml`), texts.join("\n---\n"));
  }
}

function textOf({ kind, metadata, lifecycle, spec }: Manifest): string {
  const manifest = { apiVersion: "rollcall.dev/v1", kind, metadata, spec };
  return stringify({ ...manifest, ...(lifecycle !== undefined && { lifecycle }) }, 2);
}

/** The spec with ids in the place of references. */
export function resolved(spec: Json, idOf: (address: string) => string): Json {
  if (Array.isArray(spec)) return spec.map((one: Json) => resolved(one, idOf));
  if (!isObject(spec)) return spec;
  const { ref: address } = spec;
  if (typeof address === "string") return idOf(address);
  return Object.fromEntries(Object.entries(spec).map(([key, value]) => [key, resolved(value, idOf)]));
}
