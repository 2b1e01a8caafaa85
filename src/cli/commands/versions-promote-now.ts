import { calledBy } from "../../operations/account/find.ts";
import { chosenVersion, MAIN } from "../../operations/versions/choose.ts";
import { versionDiff } from "../../operations/versions/compare.ts";
import { listedVersion, versionedObject } from "../../operations/versions/list.ts";
import {
  forbidden,
  promoteNow,
  readVersion,
  type LivePromotion,
  type PromotionOutcome,
} from "../../operations/versions/promote/now.ts";
import { visible } from "../../model/visible.ts";
import { versionDiffText, versionJson } from "../../report/versions.ts";
import { checkReadable, type OpenAccount } from "../account.ts";
import { approved, checkApproval, showBefore } from "../approval.ts";
import type { ExitCode } from "../exit-code.ts";
import { Refused, UnknownOutcome, UsageError } from "../failure.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { nextCommand } from "../next-command.ts";
import { saying } from "../reports.ts";
import { withVersions } from "./versions.ts";
import type { PromoteOptions } from "./versions-promote.ts";
import { namesJson } from "../../report/json/names.ts";
import { resultJson } from "../result-json.ts";
import { lockOf } from "../workspace.ts";

/** Makes a version main at once, after asking: it reaches every caller. */
export function versionsPromoteNow(
  io: Io,
  [assistant, name]: readonly [string, string],
  options: PromoteOptions,
): Promise<ExitCode> {
  if (options.dryRun !== true) checkApproval(io, "versions promote --now", options);
  return withVersions(io, assistant, options, async (workspace, versions) => {
    const version = chosenVersion(versions, name);
    const called = calledBy(versions.of);
    if (version.isMain) throw new UsageError(`version ${version.id} of ${called} is main already`);
    checkReadable(workspace, `whether ${called} is protected or observed`);
    const why = await forbidden(workspace, versions);
    if (why !== undefined) throw new Refused(`version ${version.id} is not promoted: ${called} is ${why}`);
    const content = await readVersion(workspace, versions, version);
    const diff = await versionDiff(workspace, versions, { from: MAIN, to: version.id });
    await showBefore(io, versionDiffText(diff, styleOf(io, options.color)), options);
    if (versions.canary !== undefined) await note(io, visible(`note: the canary of ${called} ends with it`));
    return promoted(io, workspace, { versions, version, content }, options);
  });
}

async function promoted(
  io: Io,
  workspace: OpenAccount,
  promotion: LivePromotion,
  options: PromoteOptions,
): Promise<ExitCode> {
  const { versions, version } = promotion;
  const called = visible(calledBy(versions.of));
  const report = (written: boolean) =>
    options.format === "json" ? json(workspace, promotion, written) : undefined;
  const signal = io.interruption();
  if (options.dryRun !== true) {
    const question = `Version ${visible(version.name ?? version.id)} will answer every caller of ${called} at once.`;
    if (!(await approved(io, question, { yes: options.yes, signal }, "Nothing was changed."))) return 1;
    const lock = { ...lockOf(io, "versions promote", options), signal, who: io.who };
    const outcome = await promoteNow(workspace, promotion, lock);
    if (outcome.status === "by-now")
      throw new Refused(`version ${version.id} is not promoted: ${outcome.why}`, "run the command again");
    if (outcome.status === "unknown") throw inDoubt(promotion, outcome, options);
  }
  const text =
    options.dryRun === true
      ? undefined
      : `Version ${visible(version.name ?? "")} (${version.id}) of ${called} is main.`;
  if (text !== undefined && version.manifest !== undefined)
    await note(
      io,
      visible(`note: to write it into the manifests, too, run: ${fileCommand(promotion, options)}`),
    );
  const shown = report(options.dryRun !== true) ?? text;
  return saying(io, 0, async () => (shown === undefined ? undefined : print(io, shown)));
}

function fileCommand({ versions, version }: LivePromotion, options: PromoteOptions): string {
  const words = [
    "versions",
    "promote",
    versions.of.address ?? versions.of.id,
    version.manifest?.address ?? version.id,
  ];
  return nextCommand(words, options);
}

function inDoubt(
  { versions, version }: LivePromotion,
  { why, failure }: Extract<PromotionOutcome, { readonly status: "unknown" }>,
  options: PromoteOptions,
): UnknownOutcome {
  const words = ["versions", "list", versions.of.address ?? versions.of.id];
  return new UnknownOutcome(
    `${why}; it is not known whether version ${version.id} is main`,
    `to see which version is main, run: ${nextCommand(words, options)}`,
    failure,
  );
}

function json({ environment }: OpenAccount, { versions, version }: LivePromotion, written: boolean): string {
  return resultJson({
    environment,
    assistant: namesJson(versionedObject(versions.of)),
    version: versionJson(listedVersion(version)),
    before: versions.of.live.versionId ?? null,
    ends_canary: versions.canary !== undefined,
    written,
  });
}
