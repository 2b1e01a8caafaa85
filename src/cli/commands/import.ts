import { importObject, type ImportOutcome } from "../../operations/import.ts";
import { visible } from "../../report/safe.ts";
import type { ExitCode } from "../exit-code.ts";
import { Refused, UsageError } from "../failure.ts";
import { print, type Io } from "../io.ts";
import { saying } from "../reports.ts";
import { addressFrom, type ProjectOptions } from "../project.ts";
import { lockOf, openWorkspace } from "../workspace.ts";

export interface ImportOptions extends ProjectOptions {
  readonly lockTimeout: number;
}

export async function importCommand(
  io: Io,
  object: { readonly address: string; readonly id: string },
  path: string | undefined,
  options: ImportOptions,
): Promise<ExitCode> {
  const { id } = object;
  const address = addressFrom(object.address);
  const workspace = await openWorkspace(io, path, { ...options, parallelism: 1, mayShareNames: true });
  try {
    const outcome = await importObject(workspace, { address, id }, lockOf(io, "import", options));
    const text = visible(said(outcome, address, id));
    return await saying(io, 0, () => print(io, text));
  } finally {
    await workspace.provider.close();
  }
}

function said(outcome: ImportOutcome, address: string, id: string): string {
  switch (outcome.status) {
    case "imported":
      return `Imported ${address} (${id}). Run "rollcall plan" to compare it with its manifest.`;
    case "already":
      return `${address} is already imported (${id}).`;
    case "undeclared":
      throw new UsageError(
        `${address} is not declared in this project`,
        "write its manifest first, then import it",
      );
    case "not-found":
      throw new UsageError(`there is no live object with the id ${id}`);
    case "taken":
      throw new UsageError(
        `${id} is already in the ledger as ${outcome.by}`,
        `to move it, run: rollcall ledger move ${outcome.by} ${address}`,
      );
    case "known":
      throw new UsageError(
        `${address} is already in the ledger with the id ${outcome.id}`,
        `to import another object, first run: rollcall ledger forget ${address}`,
      );
    case "owned":
      throw new Refused(
        `${id} is managed by environment ${outcome.environment} (${outcome.by})`,
        `to move it, first run: rollcall ledger forget ${outcome.by} --env ${outcome.environment}`,
      );
  }
}
