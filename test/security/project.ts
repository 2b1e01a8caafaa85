import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { EmulatorOptions } from "../../src/providers/telnyx/emulator/emulator.ts";
import { desk, type Desk } from "../e2e/cli.ts";

/** A project in a temporary folder, with an emulator of its own; both are gone after the test. */
export async function project(
  files: Readonly<Record<string, string>> = {},
  options: EmulatorOptions = {},
): Promise<Desk> {
  const one = await desk(undefined, options);
  onTestFinished(() => one.close());
  await put(one, { "front.yaml": assistant("instructions: Answer."), ...files });
  return one;
}

/** Files of the project, by their path. */
export async function put({ folder }: Desk, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** A folder that is none of the project's business. */
export function elsewhere(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rollcall-elsewhere-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function assistant(spec: string, name = "front"): string {
  return `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: ${name} }\nspec:\n  ${spec}\n`;
}

export function settings(spec: string): string {
  return `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec: ${spec}\n`;
}
