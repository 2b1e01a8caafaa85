import type { Address } from "../../model/address.ts";
import type { PullResult } from "../../model/pull-result.ts";
import { importObject, type ImportOutcome } from "../../operations/import.ts";
import type { PullFiles } from "../../operations/pull/files.ts";
import { pull } from "../../operations/pull/pull.ts";
import { visible } from "../../model/visible.ts";
import { pullText } from "../../report/pull.ts";
import { objectKey } from "../../schema/author/slugs.ts";
import { connected } from "../../workspace/open.ts";
import { exitCode, pullEnding, type ExitCode } from "../exit-code.ts";
import { Refused, UsageError } from "../failure.ts";
import { nextCommand, type Place } from "../next-command.ts";
import { print, styleOf, type Io } from "../io.ts";
import { saying } from "../reports.ts";
import { addressFrom, KINDS, type ProjectOptions } from "../project.ts";
import { openPullFiles } from "../pull-files.ts";
import { around } from "../surroundings.ts";
import { clientOptions, lockOf, openWorkspace } from "../workspace.ts";

export interface ImportOptions extends ProjectOptions {
  readonly lockTimeout: number;
}

/** Takes a live object under management. Without a manifest it writes one: it pulls the object under that address. */
export async function importCommand(
  io: Io,
  object: { readonly address: string; readonly id: string },
  path: string | undefined,
  options: ImportOptions,
): Promise<ExitCode> {
  const { id } = object;
  const address = addressFrom(object.address);
  const files = await openPullFiles(io, path, options);
  const others = files.loaded.elsewhere.get(address);
  if (others !== undefined)
    throw new UsageError(
      `${address} exists only in ${others.join(", ")}`,
      "to import it here, add the environment to metadata.environments of its manifest",
    );
  if (!files.loaded.resources.some((one) => one.address === address))
    return pullOne(io, files, { address, id }, options);
  const workspace = await openWorkspace(io, path, { ...options, parallelism: 1, mayShareNames: true });
  try {
    const outcome = await importObject(workspace, { address, id }, lockOf(io, "import", options));
    const text = visible(said(outcome, { address, id }, { project: path, env: options.env }));
    return await saying(io, 0, () => print(io, text));
  } finally {
    await workspace.provider.close();
  }
}

interface Wanted {
  readonly address: Address;
  readonly id: string;
}

async function pullOne(io: Io, files: PullFiles, wanted: Wanted, options: ImportOptions): Promise<ExitCode> {
  const { address, id } = wanted;
  const name = address.slice(0, address.indexOf("/"));
  const kind = KINDS.get(name);
  if (kind === undefined)
    throw new UsageError(`there is no kind ${name}`, `kinds: ${[...KINDS.keys()].join(", ")}`);
  const client = clientOptions(io, { ...options, parallelism: 1 });
  const workspace = await connected(files.loaded, around(io), client);
  try {
    const known = (await workspace.ledger.read())?.entries[address];
    if (known !== undefined && known.id !== id) said({ status: "known", id: known.id }, wanted);
    const own = workspace.provider.kinds.get(name) ?? kind;
    const choices = {
      ...ONE,
      selectors: [id],
      kinds: [own],
      addresses: new Map([[objectKey(name, id), address]]),
    };
    const result = await pull(workspace, files, choices, { ...lockOf(io, "import", options), write: true });
    const code = exitCode(pullEnding(result));
    const text = result.status === "pulled" ? pulled(result, wanted) : notPulled(result, io, wanted, options);
    return await saying(io, code, () => print(io, text));
  } finally {
    await workspace.provider.close();
  }
}

/** The object alone. */
const ONE = {
  tags: [],
  unmanaged: false,
  dependencies: false,
  versions: "none",
  fields: "set",
  layout: "split",
} as const;

function pulled({ files, unwritten }: PullResult, { address, id }: Wanted): string {
  const left = unwritten.map(({ path, why, hint }) => `Not written: ${path}: ${why}; ${hint}.`);
  const names = files.map(({ file }) => file).join(", ");
  return [`Imported ${address} (${id}). Its manifest is new: ${names}.`, ...left].map(visible).join("\n");
}

/** What is in the way, or whose the object is. */
function notPulled(result: PullResult, io: Io, wanted: Wanted, { color }: ImportOptions): string {
  const { id } = wanted;
  const [other] = result.skipped;
  if (other?.reason === "other-environment")
    said({ status: "owned", environment: other.environment ?? "", by: other.address }, wanted);
  if (other?.reason === "managed") said({ status: "taken", by: other.address }, wanted);
  if (other !== undefined)
    throw new UsageError(`${other.address} declares the name of ${id}`, {
      to: "to import it there",
      run: ["import", other.address, id],
    });
  if (result.status !== "blocked") said({ status: "not-found" }, wanted);
  return pullText(result, "", styleOf(io, color));
}

function said(outcome: ImportOutcome, { address, id }: Wanted, place: Place = {}): string {
  switch (outcome.status) {
    case "imported":
      return `Imported ${address} (${id}). To compare it with its manifest, run: ${nextCommand(["plan"], place)}`;
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
      throw new UsageError(`${id} is already in the ledger as ${outcome.by}`, {
        to: "to move it",
        run: ["ledger", "move", outcome.by, address],
      });
    case "known":
      throw new UsageError(`${address} is already in the ledger with the id ${outcome.id}`, {
        to: "to import another object, first remove the entry",
        run: ["ledger", "forget", address],
      });
    case "owned":
      throw new Refused(`${id} is managed by environment ${outcome.environment} (${outcome.by})`, {
        to: "to move it, first remove the entry",
        run: ["ledger", "forget", outcome.by],
        env: outcome.environment,
      });
  }
}
