import { withValue } from "../model/at-path.ts";
import type { Enhancer } from "../model/enhancement.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import { segments } from "../model/pointer.ts";
import type { Resource } from "../model/resource.ts";
import { valueAt } from "../reconcile/compare/difference.ts";
import { SelectionError } from "./account/account.ts";
import type { FoundObject } from "./account/find.ts";
import { draftSpec, type EditedProject } from "./edit-spec.ts";

/** Instructions, and what is suggested in their place. */
export interface Enhancement {
  readonly before: string;
  readonly suggestion: string;
  /** Dynamic variables, `{{name}}`, that the suggestion does without. */
  readonly lost: readonly string[];
}

/**
 * Asks for better instructions: than those of the manifest, or than the live ones where no manifest declares the object.
 * Throws `ProviderError`.
 */
export async function enhance(
  port: Enhancer,
  { kind, id, live }: FoundObject,
  { resource, prompt }: { readonly resource: Resource | undefined; readonly prompt: string | undefined },
): Promise<Enhancement> {
  const before = instructionsIn(kind, resource?.spec ?? live.spec);
  const answer = await port.enhance(id, {
    ...(resource !== undefined && { instructions: before }),
    prompt,
  });
  const suggestion = endedAs(before, answer.replaceAll("\r\n", "\n"));
  return { before, suggestion, lost: lostVariables(before, suggestion) };
}

function instructionsIn(kind: Kind, spec: JsonObject): string {
  const value: Json | undefined = valueAt(spec, textPath(kind));
  return typeof value === "string" ? value : "";
}

function textPath(kind: Kind): readonly string[] {
  if (kind.files?.text === undefined) throw new Error(`${kind.kind} has no main text`);
  return segments(kind.files.text);
}

/** Blank lines at the end of an answer are no change. */
function endedAs(before: string, text: string): string {
  return text.trimEnd() + before.slice(before.trimEnd().length);
}

const VARIABLE = /\{\{\s*([^{}]*?)\s*\}\}/g;

function lostVariables(before: string, after: string): readonly string[] {
  const names = (text: string) => new Set([...text.matchAll(VARIABLE)].map(([, name]) => name ?? ""));
  const kept = names(after);
  return [...names(before)].filter((name) => !kept.has(name)).map((name) => `{{${name}}}`);
}

/** The files with the suggestion. Nothing is written. Throws `SelectionError` where they cannot hold it. */
export async function draftEnhancement(
  project: EditedProject,
  resource: Resource,
  suggestion: string,
): Promise<ReadonlyMap<string, string>> {
  const kind = project.kinds.get(resource.kind);
  if (kind === undefined) throw new Error(`there is no kind ${resource.kind}`);
  const after = withValue(resource.spec, textPath(kind), suggestion);
  const { texts, dropped } = await draftSpec(project, resource, after);
  if (dropped.length > 0)
    throw new SelectionError(
      `${resource.address} was not changed: the suggestion no longer uses ${dropped.join(", ")}`,
      "write the text by hand",
    );
  return texts;
}
