import { type JsonObject } from "../../model/json.ts";
import { calledBy } from "../../operations/account/find.ts";
import { listedVersion, versionList, versionedObject } from "../../operations/versions/list.ts";
import type { Versions } from "../../operations/versions/read.ts";
import {
  removalOf,
  removeVersions,
  type KeptVersion,
  type Removal,
  type RemovalOutcome,
  type RemovalRequest,
} from "../../operations/versions/remove.ts";
import { adviceAfter } from "../../report/advice.ts";
import { counted } from "../../report/phrases.ts";
import { plain } from "../../report/json/plain.ts";
import { requestJson } from "../../report/json/request.ts";
import { visible } from "../../model/visible.ts";
import { versionJson, versionsTable } from "../../report/versions.ts";
import { checkReadable, type OpenAccount } from "../account.ts";
import { approved, checkApproval } from "../approval.ts";
import type { ExitCode } from "../exit-code.ts";
import { Refused } from "../failure.ts";
import { note, noteError, print, styleOf, type Io } from "../io.ts";
import { saying } from "../reports.ts";
import { lockOf } from "../workspace.ts";
import { withVersions, type VersionsOptions } from "./versions.ts";
import { namesJson } from "../../report/json/names.ts";
import { resultJson } from "../result-json.ts";

export interface DeleteOptions extends VersionsOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly lockTimeout: number;
}

/** Deletes the versions that are named, after asking; refuses what is needed. */
export function versionsDelete(
  io: Io,
  [assistant, names]: readonly [string, readonly string[]],
  options: DeleteOptions,
): Promise<ExitCode> {
  checkApproval(io, "versions delete", options);
  return withVersions(io, assistant, options, async (workspace, versions) => {
    const removal = await removalIn(workspace, versions, { names, all: options.all === true });
    const [first] = removal.kept;
    if (first !== undefined) throw refused(first);
    return remove(io, workspace, { versions, removal }, options);
  });
}

/** Deletes all versions that nothing needs, but the newest ones, after asking. */
export function versionsPrune(
  io: Io,
  assistant: string,
  options: DeleteOptions & { readonly keep: number },
): Promise<ExitCode> {
  checkApproval(io, "versions prune", options);
  return withVersions(io, assistant, options, async (workspace, versions) => {
    const removal = await removalIn(workspace, versions, { keep: options.keep, all: options.all === true });
    const others = removal.kept.filter(({ isOthers }) => isOthers === true).length;
    if (others > 0)
      await note(
        io,
        `note: ${counted(others, "version")} that this project did not make will be kept; to delete them, pass --all`,
      );
    return remove(io, workspace, { versions, removal }, options);
  });
}

/** What cannot be read may need a version. */
function removalIn(workspace: OpenAccount, versions: Versions, request: RemovalRequest): Promise<Removal> {
  checkReadable(workspace, "which versions they need");
  return removalOf(workspace, versions, request);
}

function refused({ version, reason, isOthers }: KeptVersion): Refused {
  const message = visible(`version ${version.name ?? ""} (${version.id}) is not deleted: ${reason}`);
  return new Refused(message, isOthers === true ? "to delete it anyway, pass --all" : undefined);
}

interface Subject {
  readonly versions: Versions;
  readonly removal: Removal;
}

async function remove(
  io: Io,
  workspace: OpenAccount,
  { versions, removal }: Subject,
  options: DeleteOptions,
): Promise<ExitCode> {
  const signal = io.interruption();
  const called = visible(calledBy(versions.of));
  if (removal.remove.length > 0) {
    const list = versionList(workspace, { ...versions, all: removal.remove });
    await note(io, versionsTable(list, styleOf(io, false)));
    const question = `${counted(removal.remove.length, "version")} of ${called} will be deleted. This cannot be undone.`;
    if (!(await approved(io, question, { yes: options.yes, signal }, "Nothing was deleted."))) return 1;
  }
  const lock = { ...lockOf(io, "versions delete", options), signal };
  const { deleted, stopped } =
    removal.remove.length === 0 ? { deleted: [] } : await removeVersions(workspace, versions, removal, lock);
  const text = () => `Deleted ${counted(deleted.length, "version")} of ${called}.`;
  const json = () =>
    resultJson({
      environment: workspace.environment,
      assistant: namesJson(versionedObject(versions.of)),
      deleted: deleted.map((one) => versionJson(listedVersion(one))),
      kept: removal.kept.map(({ version, reason }) => ({ ...versionJson(listedVersion(version)), reason })),
      ...(stopped !== undefined && { stopped: stoppedJson(stopped) }),
    });
  if (stopped !== undefined)
    await noteError(io, stopped.why, {
      help: stopped.failure && adviceAfter(stopped.failure),
      failure: stopped.failure,
    });
  const code = codeOf(deleted.length, stopped);
  if (stopped !== undefined && deleted.length === 0) return code;
  return saying(io, code, () => print(io, options.format === "json" ? json() : text()));
}

function stoppedJson({ why, mayBeDone, failure }: Stopped): JsonObject {
  return plain({ problem: why, may_be_done: mayBeDone, failure: failure && requestJson(failure) });
}

type Stopped = NonNullable<RemovalOutcome["stopped"]>;

function codeOf(deleted: number, stopped: { readonly mayBeDone: boolean } | undefined): ExitCode {
  if (stopped === undefined) return 0;
  return deleted > 0 || stopped.mayBeDone ? 3 : 1;
}
