import { importObject, type ImportOutcome } from "../../operations/import.ts";
import { visible } from "../../report/safe.ts";
import type { ExitCode } from "../exit-code.ts";
import { Refused, UsageError } from "../failure.ts";
import { print, type Io } from "../io.ts";
import { saying } from "../reports.ts";
import { addressFrom, type ProjectOptions } from "../project.ts";
import { holderOf, openWorkspace } from "../workspace.ts";

export interface ImportOptions extends ProjectOptions {
  readonly lockTimeout: number;
}

export async function importCommand(
  io: Io,
  typed: string,
  id: string,
  path: string | undefined,
  options: ImportOptions,
): Promise<ExitCode> {
  const address = addressFrom(typed);
  const workspace = await openWorkspace(io, path, { ...options, parallelism: 1, mayShareNames: true });
  try {
    const outcome = await importObject(workspace, address, id, holderOf(io, "import"), options.lockTimeout);
    const text = visible(said(outcome, address, id));
    return await saying(io, 0, () => print(io, text));
  } finally {
    await workspace.provider.close();
  }
}

function said(outcome: ImportOutcome, address: string, id: string): string {
  switch (outcome.status) {
    case "imported":
      return `${address} is ${id} from now on. See what the manifest declares differently: rollcall plan`;
    case "already":
      return `${address} is ${id} already.`;
    case "undeclared":
      throw new UsageError(
        `${address} is not declared in this project`,
        "write its manifest first, then import",
      );
    case "not-found":
      throw new UsageError(`there is no live object with the id ${id}`);
    case "taken":
      throw new UsageError(
        `${id} is ${outcome.by} already`,
        `move it: rollcall ledger move ${outcome.by} ${address}`,
      );
    case "known":
      throw new UsageError(
        `${address} is ${outcome.id} already`,
        `let go of that one first: rollcall ledger forget ${address}`,
      );
    case "owned":
      throw new Refused(
        `${id} belongs to environment ${outcome.environment} (${outcome.by})`,
        `let go of it there first: rollcall ledger forget ${outcome.by} --env ${outcome.environment}`,
      );
  }
}
