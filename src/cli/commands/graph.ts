import { hasErrors } from "../../model/diagnostic.ts";
import { referenceGraph } from "../../operations/graph.ts";
import type { ExitCode } from "../exit-code.ts";
import { print, styleOf, type Io } from "../io.ts";
import type { Format } from "../formats/format.ts";
import { failedBy } from "../problems.ts";
import { KINDS, load, type ProjectOptions } from "../project.ts";
import { noteUnfinished } from "../unfinished.ts";

export interface GraphOptions extends ProjectOptions {
  readonly format: Format<"graph">;
}

/** What refers to what. A project with errors has no graph: part of it would be missing. */
export async function graphCommand(io: Io, path: string | undefined, options: GraphOptions): Promise<ExitCode> {
  const loaded = await load(io, path, options);
  await noteUnfinished(io, loaded.root, { project: path, env: options.env });
  const { diagnostics, resources, selected } = loaded;
  if (hasErrors(diagnostics)) return failedBy(io, { diagnostics, sources: loaded.sourceText }, options);
  const graph = referenceGraph({
    project: loaded.name,
    environment: loaded.environment.name,
    resources,
    kinds: KINDS,
    only: selected,
  });
  await print(io, await options.format.render(graph, styleOf(io, options.color)));
  return 0;
}
