import { addressOf, isName, type Address } from "../../model/address.ts";
import type { CloneResult } from "../../model/copies-result.ts";
import { findObject, type FoundObject } from "../../operations/account/find.ts";
import { ownersIn } from "../../operations/account/owners.ts";
import { visible } from "../../model/visible.ts";
import { objectKey } from "../../schema/author/slugs.ts";
import { exitCode, pullEnding, type ExitCode } from "../exit-code.ts";
import { Refused, UsageError } from "../failure.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import type { Format } from "../formats/format.ts";
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

export interface CloneOptions extends CopiesOptions {
  readonly as: string;
  readonly format: Format<"cloned">;
}

/** Clones a live assistant, and writes the manifest of the clone. */
export async function cloneCommand(io: Io, text: string, options: CloneOptions): Promise<ExitCode> {
  const setting = await openCopies(io, "clone", options);
  const { workspace } = setting;
  try {
    const address = await freeAddress(setting, options.as);
    const source = await findObject(workspace, text, setting.kind);
    const { id, name } = source;
    await checkNotCloned(setting, source);
    await checkUnlocked(setting);
    if (!(await isApproved(setting, `Clone ${source.address ?? name} (${id}) as ${address}?`))) return 1;
    const clone = await workspace.provider.copies.clone(id, io.runtime.uuid()).catch((error: unknown) => {
      throw inDoubt(error, "to look for it before you clone again");
    });
    const found = clone.isFound ? "; the answer was lost, and the clone was found" : "";
    await note(io, visible(`Cloned ${id} as ${clone.id}${found}.`));
    const { kind } = setting;
    const result = await pullNew(setting, [clone.id], new Map([[objectKey(kind.kind, clone.id), address]]));
    const shown: CloneResult = {
      environment: workspace.environment,
      source: { id, name, address: source.address },
      clone: { id: clone.id, address },
      notCloned: workspace.provider.copies.notCloned,
      isNamesake: result.objects.some((one) => one.id === clone.id && one.name === name),
      pull: result,
      again: nextCommand(["pull", clone.id], options),
    };
    return await saying(io, exitCode(pullEnding(result)), async () =>
      print(io, await options.format.render(shown, styleOf(io, options.color))),
    );
  } finally {
    await workspace.provider.close();
  }
}

async function freeAddress({ workspace, kind, files }: CopiesSetting, text: string): Promise<Address> {
  const name = text.startsWith(`${kind.kind}/`) ? text.slice(kind.kind.length + 1) : text;
  if (!isName(name))
    throw new UsageError(`--as ${text} is not the name or address of ${kind.nouns.one}`, "--as night-desk");
  const address = addressOf(kind.kind, name);
  if (workspace.resources.some((one) => one.address === address) || files.loaded.elsewhere.has(address))
    throw new UsageError(`${address} is already declared`);
  if ((await workspace.ledger.read())?.entries[address] !== undefined)
    throw new UsageError(`${address} is already in the ledger`, {
      to: "to see it",
      run: ["ledger", "show", address],
    });
  return address;
}

/** An interrupted run may have made a clone that is not managed yet. No second one is made. */
async function checkNotCloned({ workspace, kind }: CopiesSetting, { id }: FoundObject): Promise<void> {
  const [alike, ownerOf] = await Promise.all([workspace.provider.copies.alike(id), ownersIn(workspace)]);
  const first = alike.find((other) => ownerOf(kind.kind, other) === undefined);
  if (first === undefined) return;
  throw new Refused(`${first} is like ${id} and is not managed: it may be an earlier clone`, {
    to: "to manage it",
    run: ["pull", first],
    or: "to clone anyway, change or delete it",
  });
}
