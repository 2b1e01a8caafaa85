import { valueIn } from "../../model/at-path.ts";
import type { Json } from "../../model/json.ts";
import type { LoadedProject } from "../load.ts";
import { MANIFEST_LIMIT, readSource } from "../read/read-file.ts";
import type { Spot } from "./edits.ts";
import { partsOf, yamlText, type Parts, type YamlText } from "./yaml-text.ts";

/** The files of a project as they were when it was loaded, each read once. */
export interface Files {
  /** `undefined` when it cannot be read, or was changed since. */
  text(file: string): string | undefined;
  yaml(file: string): YamlText | undefined;
  parts(file: string): Parts | undefined;
}

/** `loadedAs` has the texts that the project was loaded with instead of files. */
export function filesOf(
  { root, digests }: LoadedProject,
  loadedAs: ReadonlyMap<string, string> = new Map(),
): Files {
  const texts = remembered((file: string) => {
    const known = loadedAs.get(file);
    if (known !== undefined) return known;
    const result = readSource(root, file, MANIFEST_LIMIT);
    return "source" in result && result.source.digest === digests[file] ? result.source.text : undefined;
  });
  const yamls = remembered((file: string) => {
    const text = texts(file);
    return text === undefined ? undefined : yamlText(text);
  });
  const parts = remembered((file: string) => {
    const yaml = yamls(file);
    return yaml === undefined ? undefined : partsOf(yaml);
  });
  return { text: texts, yaml: yamls, parts };
}

function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as T;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

/** The value at a spot, as written. */
export function nodeOf({ values }: YamlText, { document, way }: Spot): Json | undefined {
  return valueIn(values[document], way);
}
