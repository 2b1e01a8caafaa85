import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder for what all test files of a run share; gone when the run ends. */
    readonly sharedFolder: string;
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-shared-"));
  provide("sharedFolder", folder);
  return () => rm(folder, { recursive: true, force: true });
}
