import type { Address } from "../../model/address.ts";
import type { LedgerState } from "../../model/ledger.ts";
import { listed } from "../../model/suggest.ts";
import { runTests, selectTests } from "../../operations/test.ts";
import { visible } from "../../model/visible.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import type { Format } from "../formats/format.ts";
import { addressFrom, type ProjectOptions } from "../project.ts";
import { openWorkspace, type OpenWorkspace } from "../workspace.ts";

export interface TestOptions extends ProjectOptions {
  readonly project?: string;
  readonly versionOf?: string;
  readonly timeout: number;
  readonly parallelism: number;
  readonly format: Format<"tests">;
}

/** A version that the project has. Throws `UsageError`. */
function versionIn(
  { resources, provider: { kinds } }: OpenWorkspace,
  entries: LedgerState["entries"],
  text: string,
): Address {
  const address = addressFrom(text);
  const all = [...resources, ...Object.entries(entries).map(([key, { kind }]) => ({ address: key, kind }))];
  const known = all.filter(({ kind }) => kinds.get(kind)?.inherits !== undefined).map((one) => one.address);
  if (known.includes(address)) return address;
  const isOther = all.some((one) => one.address === address);
  throw new UsageError(
    isOther ? `${address} is not a version` : `${address} is not declared in this project`,
    known.length === 0 ? "the project declares no version" : `versions: ${listed([...new Set(known)])}`,
  );
}

/** Runs tests of the project on Telnyx. 1: a test failed; 3: none failed, and one could not be judged. */
export async function testCommand(io: Io, names: readonly string[], options: TestOptions): Promise<ExitCode> {
  const workspace = await openWorkspace(io, options.project, options);
  try {
    const { tests, unknown } = selectTests(workspace.resources, workspace.provider.kinds, names);
    if (unknown.length > 0)
      throw new UsageError(`no test suite and no test is called ${unknown.join(", ")}`, {
        to: "to see the suites and their tests",
        run: ["test", "suites"],
      });
    if (tests.length === 0) throw new UsageError("this project declares no tests");
    const ledger = await workspace.ledger.read();
    const { versionOf } = options;
    const version =
      versionOf === undefined ? undefined : versionIn(workspace, ledger?.entries ?? {}, versionOf);
    const results = await runTests(tests, {
      ledger,
      runner: workspace.provider.tests,
      runtime: io.runtime,
      ...(version !== undefined && { version }),
      parallelism: options.parallelism,
      timeout: options.timeout,
      signal: io.interruption(),
      onProgress: (address, status) => {
        if (options.quiet !== true) void note(io, visible(`${address}: ${status}`));
      },
    });
    await print(io, await options.format.render(results, styleOf(io, options.color)));
    return exitCode({ command: "test", verdicts: results.map(({ verdict }) => verdict) });
  } finally {
    await workspace.provider.close();
  }
}
