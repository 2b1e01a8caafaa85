import { posix } from "node:path";
import type { Address } from "../../model/address.ts";
import { isList, isObject, property, type Json } from "../../model/json.ts";
import type { LoadedProject } from "../load.ts";
import { PROJECT_FILE } from "../read/discover.ts";
import type { Files } from "./files.ts";
import { includedPath, looksLikeFile } from "./include-form.ts";

/** Whether other environments may take a text from a file. */
export type IsSharedFile = (file: string) => boolean;

/** Something else includes the file than what the environment has alone. Only files that mention its name are looked at. */
export function sharedFiles(project: LoadedProject, files: Files): IsSharedFile {
  if (project.environments.length < 2) return () => false;
  const names = Object.keys(project.digests).filter((file) => /\.ya?ml$/i.test(file));
  return (file) =>
    names.some((name) => {
      if (files.text(name)?.includes(posix.basename(file)) === false) return false;
      const values = files.yaml(name)?.values ?? [];
      const foreign = name === PROJECT_FILE ? values.map((value) => withoutOwn(value, project)) : values;
      return foreign.some((value) => !isOwn(value, project) && includedIn(value, name).includes(file));
    });
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
  if (looksLikeFile(value)) return [includedPath(value, file)];
  const members = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return members.flatMap((member) => includedIn(member, file));
}
