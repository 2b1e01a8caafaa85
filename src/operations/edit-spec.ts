import type { JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import type { Resource } from "../model/resource.ts";
import type { LoadedProject } from "../schema/load.ts";
import { rewrite } from "../schema/write/propose.ts";
import type { Rewrite } from "../schema/write/structure.ts";
import { hintsOf } from "../reconcile/compare/hints.ts";
import { SelectionError } from "./account/account.ts";
import { firstDifference } from "./propose/paths.ts";
import { errorsIn } from "../model/diagnostic.ts";

/** A project whose manifests are edited. */
export interface EditedProject {
  readonly loaded: LoadedProject;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** The project as it would be with these texts in its files. */
  readonly reload: (texts: ReadonlyMap<string, string>) => Promise<LoadedProject>;
}

export interface SpecDraft {
  /** New texts of files, by their path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Variables of the project that the new text does without. */
  readonly dropped: readonly string[];
}

/**
 * The files with another `spec` in one manifest. Nothing is written. Throws `SelectionError` where that is not possible, or
 * would change another resource.
 */
export async function draftSpec(
  { loaded, kinds, reload }: EditedProject,
  { address, kind: kindName, spec: before }: Resource,
  after: JsonObject,
): Promise<SpecDraft> {
  const kind = kinds.get(kindName);
  if (kind === undefined) throw new Error(`there is no kind ${kindName}`);
  const { texts, failures, touched } = rewrite(loaded, [{ address, kind, before, after }]);
  const [failure] = failures;
  if (failure !== undefined)
    throw new SelectionError(`${address} was not changed: ${failure.reason}`, failure.hint);
  refuseOthers(loaded, await reload(texts), { address, kind, after });
  return { texts, dropped: [...new Set(touched.flatMap(({ dropped }) => dropped))] };
}

/** The edited manifests have no errors, and the edit changes what was wanted and nothing else. */
function refuseOthers(
  before: LoadedProject,
  now: LoadedProject,
  { address, kind, after }: Pick<Rewrite, "address" | "kind" | "after">,
): void {
  const [error] = errorsIn(now.diagnostics);
  if (error !== undefined) throw new SelectionError(`${address} was not changed: ${error.message}`, error.hint);
  const was = new Map(before.resources.map((one) => [one.address, one.spec]));
  const other = now.resources.find((one) =>
    one.address === address
      ? firstDifference(after, one.spec, hintsOf(kind)) !== undefined
      : firstDifference(was.get(one.address), one.spec) !== undefined,
  );
  if (other === undefined && now.resources.length === before.resources.length) return;
  const why =
    other?.address === address
      ? "its manifest cannot hold exactly this value"
      : `the edit would also change ${other?.address ?? "other resources"}`;
  throw new SelectionError(`${address} was not changed: ${why}`, "edit the manifest by hand");
}
