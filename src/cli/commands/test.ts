import { runTests, selectTests } from "../../operations/test.ts";
import { visible } from "../../report/safe.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import type { Format } from "../formats/format.ts";
import { addressFrom, type ProjectOptions } from "../project.ts";
import { openWorkspace } from "../workspace.ts";

export interface TestOptions extends ProjectOptions {
  readonly project?: string;
  readonly versionOf?: string;
  readonly timeout: number;
  readonly parallelism: number;
  readonly format: Format<"tests">;
}

/** Runs tests of the project on Telnyx. 1: a test failed; 3: none failed, and one could not be judged. */
export async function testCommand(io: Io, names: readonly string[], options: TestOptions): Promise<ExitCode> {
  const workspace = await openWorkspace(io, options.project, options);
  try {
    const { tests, unknown } = selectTests(workspace.resources, workspace.provider.kinds, names);
    if (unknown.length > 0) throw new UsageError(`no test suite and no test is called ${unknown.join(", ")}`);
    if (tests.length === 0) throw new UsageError("this project declares no tests");
    const results = await runTests(tests, {
      ledger: await workspace.ledger.read(),
      runner: workspace.provider.tests,
      runtime: io.runtime,
      ...(options.versionOf === undefined ? {} : { version: addressFrom(options.versionOf) }),
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
