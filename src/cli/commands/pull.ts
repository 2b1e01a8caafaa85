import { Interrupted } from "../../model/interrupted.ts";
import { kindNamed } from "../../model/kind-words.ts";
import type { Kind } from "../../model/kind.ts";
import type { PullChoices } from "../../operations/pull/choices.ts";
import { pull } from "../../operations/pull/pull.ts";
import { visible } from "../../model/visible.ts";
import { connected } from "../../workspace/open.ts";
import { exitCode, pullEnding, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import type { Format } from "../formats/format.ts";
import { note, noteCancelled, print, styleOf, type Io } from "../io.ts";
import type { ProjectOptions } from "../project.ts";
import { openPullFiles } from "../pull-files.ts";
import { saying } from "../reports.ts";
import { around } from "../surroundings.ts";
import { clientOptions, lockOf } from "../workspace.ts";

export interface PullOptions extends ProjectOptions {
  readonly project?: string;
  readonly kind: readonly string[];
  readonly tag: readonly string[];
  readonly unmanaged?: boolean;
  readonly dependencies: boolean;
  readonly versions: PullChoices["versions"];
  readonly fields: PullChoices["fields"];
  readonly layout: PullChoices["layout"];
  readonly observe?: boolean;
  readonly update?: boolean;
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly format: Format<"pull">;
  readonly parallelism: number;
  readonly lockTimeout: number;
}

/** Writes manifests for live objects. It writes nothing live. */
export async function pullCommand(
  io: Io,
  selectors: readonly string[],
  options: PullOptions,
): Promise<ExitCode> {
  const files = await openPullFiles(io, options.project, { ...options, mayMend: true });
  const workspace = await connected(files.loaded, around(io), clientOptions(io, options));
  const signal = io.interruption();
  const isChecked = options.check === true;
  try {
    const result = await pull(
      workspace,
      files,
      { ...choicesOf(options, workspace.provider.kinds.values()), selectors },
      {
        ...lockOf(io, "pull", options),
        write: !isChecked && options.dryRun !== true,
        signal,
        onProgress: (what) => {
          if (options.quiet !== true && io.isTerminal.stderr) void note(io, visible(`${what} …`));
        },
      },
    );
    const code = exitCode(pullEnding(result, isChecked));
    const shown = { result, environment: workspace.environment };
    return await saying(io, code, async () =>
      print(io, await options.format.render(shown, styleOf(io, options.color))),
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    await noteCancelled(io, "Nothing was written: the pull was interrupted.");
    return exitCode({ command: "pull", status: "interrupted", left: 0, isChecked, isPartial: false });
  } finally {
    // After an interruption, the last request may never be answered.
    if (!signal.aborted) await workspace.provider.close();
  }
}

function choicesOf(
  { kind, tag, unmanaged, dependencies, versions, fields, layout, observe, update }: PullOptions,
  all: Iterable<Kind>,
): Omit<PullChoices, "selectors"> {
  const known = [...all];
  const kinds = kind.map((word) => {
    const found = kindNamed(word, known);
    if (found === undefined)
      throw new UsageError(`there is no kind ${word}`, `kinds: ${known.map((one) => one.kind).join(", ")}`);
    return found;
  });
  return {
    ...(kinds.length > 0 && { kinds }),
    tags: tag,
    unmanaged: unmanaged === true,
    dependencies,
    versions,
    fields,
    layout,
    observe: observe === true,
    update: update === true,
  };
}
