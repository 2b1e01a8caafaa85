import { posix } from "node:path";
import type { Address } from "../../model/address.ts";
import { isList, isObject, property, type Json } from "../../model/json.ts";
import type { LoadedProject } from "../load.ts";
import { PROJECT_FILE } from "../read/discover.ts";
import type { Files } from "./files.ts";
import { looksLikeFile } from "./include-form.ts";

/** The files of texts that other environments may take: something else includes them than what this environment has alone. */
export function sharedFiles(project: LoadedProject, files: Files): ReadonlySet<string> {
  if (project.environments.length < 2) return new Set();
  const names = Object.keys(project.digests).filter((file) => /\.ya?ml$/i.test(file));
  const shared = names.flatMap((name) => {
    const values = files.yaml(name)?.values ?? [];
    const foreign = name === PROJECT_FILE ? values.map((value) => withoutOwn(value, project)) : values;
    return foreign.filter((value) => !isOwn(value, project)).flatMap((value) => includedIn(value, name));
  });
  return new Set(shared);
}

/** No other environment has the resource that the document declares. */
function isOwn(document: Json, { environment, environmentsOf }: LoadedProject): boolean {
  const [kind, name] = [property(document, "kind"), property(property(document, "metadata"), "name")];
  const environments = environmentsOf.get(`${String(kind)}/${String(name)}` as Address);
  return environments?.every((one) => one === environment.name) === true;
}

/** The project file without the patches of the environment. */
function withoutOwn(document: Json, { environment: { name } }: LoadedProject): Json {
  const spec = property(document, "spec");
  const environments = property(spec, "environments");
  const own = property(environments, name);
  if (!isObject(document) || !isObject(spec) || !isObject(environments) || !isObject(own)) return document;
  const { patches: _, ...rest } = own;
  return { ...document, spec: { ...spec, environments: { ...environments, [name]: rest } } };
}

function includedIn(value: Json, file: string): readonly string[] {
  if (looksLikeFile(value))
    return [posix.normalize(posix.join(posix.dirname(file), String(property(value, "file"))))];
  const members = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return members.flatMap((member) => includedIn(member, file));
}
