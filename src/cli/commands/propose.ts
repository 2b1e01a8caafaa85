import type { Plan } from "../../model/plan.ts";
import type { Proposal } from "../../model/proposal.ts";
import { currentLedger, planProject } from "../../operations/plan.ts";
import { proposeDrift, settled } from "../../operations/propose.ts";
import type { PlanChoices } from "../../operations/workspace.ts";
import { loadProject } from "../../schema/load.ts";
import { writeTexts } from "../../schema/propose/write.ts";
import { UsageError } from "../failure.ts";
import type { Io } from "../io.ts";
import { KINDS, loadOptions, type ProjectOptions } from "../project.ts";
import type { OpenWorkspace } from "../workspace.ts";

/**
 * Writes the live values of what drifted into the manifests, and plans again to see that they are in sync. Nothing is
 * written live or in the ledger.
 */
export async function propose(
  io: Io,
  path: string | undefined,
  options: ProjectOptions,
  workspace: OpenWorkspace,
  plan: Plan,
  choices: PlanChoices,
): Promise<Proposal> {
  const { loaded } = workspace;
  const load = { ...loadOptions(io, path, options), environment: loaded.environment.name };
  const reload = (texts?: ReadonlyMap<string, string>) =>
    loadProject(texts === undefined ? load : { ...load, texts });
  const draft = await proposeDrift({ kinds: KINDS, plan, loaded, reload });
  if (draft.texts.size === 0) return settled(draft, plan, plan);
  const unwritten = await writeTexts(loaded, draft.texts);
  if (unwritten !== undefined) {
    const { file, reason, written } = unwritten;
    const others = written.length === 0 ? "nor was any other file" : `these were: ${written.join(", ")}`;
    throw new UsageError(`${file} was not written (${others}): ${reason}`);
  }
  const { resources, includedFile } = await reload();
  const now = { ...workspace, resources, includedFile };
  return settled(draft, plan, await planProject(now, choices, await currentLedger(now)));
}
