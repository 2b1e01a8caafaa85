import type { ImportedObject, ImportResult } from "../../model/copies-result.ts";
import type { ImportProvider, ImportRequest } from "../../model/live-copies.ts";
import type { PullResult } from "../../model/pull-result.ts";
import {
  earlierImports,
  importAssistants,
  importRefusals,
  type EarlierImport,
  type ProviderImport,
} from "../../operations/import-assistants.ts";
import { listed } from "../../report/phrases.ts";
import { visible } from "../../model/visible.ts";
import { exitCode, pullEnding, type ExitCode } from "../exit-code.ts";
import { Refused, UsageError } from "../failure.ts";
import type { Format } from "../formats/format.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { nextCommand } from "../next-command.ts";
import {
  checkUnlocked,
  inDoubt,
  isApproved,
  openCopies,
  pullNew,
  type CopiesOptions,
  type CopiesSetting,
} from "../live-copies.ts";
import { saying } from "../reports.ts";

export interface ImportOptions extends CopiesOptions {
  readonly secretRef: string;
  readonly id: readonly string[];
  readonly overwrite?: boolean;
  readonly format: Format<"imported">;
}

/** Has Telnyx import assistants of another provider, and writes their manifests. */
export async function migrateOnlineCommand(
  io: Io,
  provider: ImportProvider,
  options: ImportOptions,
): Promise<ExitCode> {
  const setting = await openCopies(io, "migrate", options);
  const { workspace, kind } = setting;
  const importing = { workspace, copies: workspace.provider.copies, kind };
  const request: ImportRequest = {
    provider,
    secret: options.secretRef,
    ids: options.id,
    idempotencyKey: io.runtime.uuid(),
  };
  try {
    await checkSecret(setting, options.secretRef);
    const earlier = await earlierImports(importing, request);
    checkEarlier(earlier, provider, options.overwrite === true);
    await checkUnlocked(setting);
    if (!(await isApproved(setting, questionOf(request, earlier)))) return 1;
    const outcome = await importAssistants(importing, request, earlier).catch((error: unknown) => {
      // A second import overwrites the first: it makes no second assistant, and what somebody edited meanwhile is lost.
      throw inDoubt(error, "to list imported assistants");
    });
    await noteOutcome(io, outcome);
    return await pulled({ setting, options }, request, { outcome, earlier });
  } finally {
    await workspace.provider.close();
  }
}

async function checkSecret({ workspace }: CopiesSetting, name: string): Promise<void> {
  const known = await workspace.provider.copies.secrets();
  if (known.includes(name)) return;
  const hint =
    known.length === 0
      ? "create one with the API key of the provider in the Telnyx portal"
      : `integration secrets of the account: ${known.toSorted().join(", ")}`;
  throw new UsageError(`there is no integration secret ${name}`, hint);
}

function checkEarlier(earlier: readonly EarlierImport[], provider: ImportProvider, overwrite: boolean): void {
  const [first, ...others] = importRefusals(earlier, provider, overwrite);
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  const isObserved = earlier.some((one) => one.isObserved);
  throw new Refused(
    `importing again would overwrite what the manifests declare: ${first}${more}`,
    isObserved
      ? "name others with --id, or manage it: remove lifecycle.observe"
      : "name others with --id, or pass --overwrite",
  );
}

function questionOf({ provider, ids }: ImportRequest, earlier: readonly EarlierImport[]): string {
  const what = ids.length === 0 ? "all assistants" : listed(ids);
  const names = earlier.map(({ owner, name, id }) => `${owner?.address ?? name} (${id})`);
  const again = names.length === 0 ? "" : ` This overwrites ${listed(names)} with what ${provider} has now.`;
  return `Import ${what} from ${provider}?${again}`;
}

async function noteOutcome(io: Io, { came, isFound }: ProviderImport): Promise<void> {
  const found = isFound ? " The answer was lost, and they were found." : "";
  await note(io, visible(`Imported ${came.map(({ id }) => id).join(", ") || "nothing"}.${found}`));
}

interface Migrating {
  readonly setting: CopiesSetting;
  readonly options: ImportOptions;
}

interface Came {
  readonly outcome: ProviderImport;
  readonly earlier: readonly EarlierImport[];
}

async function pulled(
  { setting, options }: Migrating,
  { provider }: ImportRequest,
  { outcome, earlier }: Came,
): Promise<ExitCode> {
  const { io, workspace } = setting;
  const { came, missing, left } = outcome;
  const managed = new Map(earlier.map(({ id, owner }) => [id, owner?.address]));
  const ids = came.map(({ id }) => id).filter((id) => managed.get(id) === undefined);
  const pull = ids.length === 0 ? undefined : await pullNew(setting, ids, undefined);
  const assistants = came.map(({ id, name, importId }): ImportedObject => {
    const { todos = [], gaps = [] } = left.get(id) ?? {};
    return {
      id,
      name,
      importId,
      address: managed.get(id) ?? addressIn(pull, id),
      isOverwritten: managed.get(id) !== undefined,
      todos: todos.map((todo) =>
        Object.assign({ address: managed.get(todo.id) ?? addressIn(pull, todo.id) }, todo),
      ),
      gaps,
    };
  });
  const shown: ImportResult = {
    provider,
    environment: workspace.environment,
    assistants,
    missing,
    leftOut: workspace.provider.copies.leftOutBy(provider),
    pull,
    drift: nextCommand(["drift"], setting.options),
  };
  return saying(io, codeOf(shown), async () =>
    print(io, await options.format.render(shown, styleOf(io, options.color))),
  );
}

function codeOf({ missing, assistants, pull }: ImportResult): ExitCode {
  if (missing.length > 0 || assistants.some(({ address }) => address === undefined)) return 3;
  return pull === undefined ? 0 : exitCode(pullEnding(pull));
}

function addressIn(result: PullResult | undefined, id: string) {
  if (result?.status !== "pulled") return undefined;
  return result.objects.find((one) => one.id === id)?.address;
}
