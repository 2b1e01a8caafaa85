import type { Resource } from "../../model/resource.ts";
import { calledBy, type FoundObject } from "../../operations/account/find.ts";
import { draftEnhancement, enhance, type Enhancement } from "../../operations/enhance.ts";
import { wordDiffText } from "../../report/text/diff.ts";
import { listed } from "../../report/phrases.ts";
import { visible, visibleLines } from "../../model/visible.ts";
import { withAssistant, type AccountOptions } from "../account.ts";
import { approved } from "../approval.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { checkUnbroken, manifestsOf } from "../manifests.ts";
import { nextCommand } from "../next-command.ts";
import { KINDS } from "../project.ts";
import { saying } from "../reports.ts";
import type { OpenWorkspace } from "../workspace.ts";
import { resultJson } from "../result-json.ts";
import { namesJson } from "../../report/json/names.ts";

export interface EnhanceOptions extends AccountOptions {
  readonly prompt?: string;
  readonly format: "text" | "json";
  readonly yes?: boolean;
}

interface Found {
  readonly found: FoundObject;
  readonly resource: Resource | undefined;
  readonly enhancement: Enhancement;
}

/** Suggests better instructions, and writes them into the manifest after asking. Nothing is written live. */
export async function enhanceCommand(io: Io, object: string, options: EnhanceOptions): Promise<ExitCode> {
  if (options.prompt?.trim() === "") throw new UsageError("--prompt is empty");
  return withAssistant(io, object, options, async (found, workspace, interruption) => {
    const signal = interruption();
    const resource = workspace.resources.find(({ address }) => address === found.address);
    if (options.yes === true) checkWritable(workspace, found, resource);
    const { prompt } = options;
    const enhancement = await enhance(workspace.provider.enhancer, found, { resource, prompt });
    return offered(io, workspace, { found, resource, enhancement }, { ...options, signal });
  });
}

/** Before anything is asked for. */
function checkWritable(
  { loaded }: Pick<OpenWorkspace, "loaded">,
  found: FoundObject,
  resource: Resource | undefined,
): void {
  if (resource === undefined)
    throw new UsageError(
      `no manifest declares ${calledBy(found)}`,
      "to see the suggestion only, leave out --yes",
    );
  checkUnbroken(loaded);
}

type Offering = EnhanceOptions & { readonly signal: AbortSignal };

/** Shows the suggestion, asks where that is possible, and writes it. */
async function offered(
  io: Io,
  workspace: Pick<OpenWorkspace, "loaded">,
  { found, resource, enhancement }: Found,
  { signal, ...options }: Offering,
): Promise<ExitCode> {
  const isText = options.format === "text";
  const asks = io.isInteractive && isText && resource !== undefined;
  if (isText) await print(io, shown(io, enhancement, asks, options));
  if (isText && enhancement.lost.length > 0)
    await note(io, visible(`warning: the suggestion no longer uses ${listed(enhancement.lost)}`));
  const isSame = enhancement.before === enhancement.suggestion;
  if (isSame || resource === undefined || (!asks && options.yes !== true)) {
    const why = isSame ? "The suggestion is the same as the instructions. " : "";
    if (isText) await note(io, `${why}Nothing was written.`);
    else await print(io, json(found, enhancement));
    return 0;
  }
  checkWritable(workspace, found, resource);
  const manifests = manifestsOf(io, options.project, options, {
    loaded: workspace.loaded,
    command: "enhance",
  });
  const project = { loaded: workspace.loaded, kinds: KINDS, reload: manifests.reload };
  const texts = await draftEnhancement(project, resource, enhancement.suggestion);
  const files = [...texts.keys()];
  const question = visible(`Write the suggestion to ${listed(files)}?`);
  if (!(await approved(io, question, { yes: options.yes, signal }, "Nothing was written."))) return 1;
  await manifests.write(texts);
  const next = nextCommand(["apply"], options);
  const done = visible(
    `${resource.address} has the suggestion (${listed(files)}). To write it live, run: ${next}`,
  );
  return saying(io, 0, () => print(io, isText ? done : json(found, enhancement, files)));
}

/** The diff. If no question follows, the whole text is shown, too. */
function shown(
  io: Io,
  { before, suggestion }: Enhancement,
  asks: boolean,
  { color }: Pick<EnhanceOptions, "color">,
): string {
  const diff = wordDiffText(before, suggestion, styleOf(io, color, true));
  return asks ? diff : `${diff}\n\nSuggestion:\n\n${visibleLines(suggestion).join("\n")}`;
}

function json(
  found: FoundObject,
  { before, suggestion, lost }: Enhancement,
  files: readonly string[] | null = null,
): string {
  return resultJson({ assistant: namesJson(found), instructions: before, suggestion, lost, files });
}
