import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Desk } from "./cli.ts";

/** A project whose manifests are changed in Git and live. */
export const PROJECT = `apiVersion: rollcall.dev/v1
kind: Project
metadata: { name: desk }
spec: { vars: { company: Acme } }
`;

export const SUPPORT = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: support }
spec:
  # What callers hear first.
  greeting: "Hello from \${var.company}." # one sentence
  instructions: { file: support.md }
`;

export async function writeTo({ folder }: Desk, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
}

/** The options that decide conflicts. */
export function on(...rules: readonly string[]): readonly string[] {
  return rules.flatMap((rule) => ["--on-conflict", rule]);
}
