import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { startEmulator, type Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn } from "../e2e/cli.ts";
import { treeOf } from "../file-tree.ts";

export const NAMES = ["staging", "production", "dev"] as const;
/** The variable with the key of an environment. */
const keyOf = (name: string) =>
  name === "staging" ? "TELNYX_API_KEY" : `TELNYX_${name.toUpperCase()}_API_KEY`;
const KEYS = Object.fromEntries(NAMES.map((name) => [keyOf(name), KEY]));

export interface Three {
  readonly folder: string;
  readonly accounts: readonly Emulator[];
  ends(code: number, environment: string, ...args: readonly string[]): Promise<string>;
}

/** Makes the accounts, and removes them in the end. */
export async function three(work: (here: Three) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-three-"));
  const accounts = await Promise.all(NAMES.map((_, index) => startEmulator({ seed: index + 1 })));
  try {
    await work({
      folder,
      accounts,
      async ends(code, environment, ...args) {
        const url = accounts[NAMES.findIndex((name) => name === environment)]?.url ?? "";
        const ran = await runIn(folder, { ...KEYS, TELNYX_BASE_URL: url }, [...args, "--env", environment]);
        expect(ran.code, `${args.join(" ")} --env ${environment}\n${ran.stdout}${ran.stderr}`).toBe(code);
        return ran.stdout;
      },
    });
  } finally {
    await Promise.all(accounts.map((account) => account.close()));
    await rm(folder, { recursive: true });
  }
}

/** Pulls one after the other; after each, the plans of all that are pulled are empty. */
export async function pullAll(here: Three): Promise<void> {
  for (const [index, name] of NAMES.entries()) {
    if (index > 0) await declare(here, name);
    await pullInto(here, name);
  }
  await isDone(here);
}

/** With more lines of the environment. */
export async function declare({ folder }: Three, name: string, more = ""): Promise<void> {
  const file = join(folder, "rollcall.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, `${text}    ${name}:\n      apiKey: { env: ${keyOf(name)} }\n${more}`);
}

export async function edit({ folder }: Three, name: string, change: (text: string) => string): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, change(await readFile(file, "utf8")));
}

/** Afterwards the plans of this environment and of those before it are empty, and nothing was written live. */
export async function pullInto(
  { accounts, ends }: Three,
  name: string,
  ...args: readonly string[]
): Promise<void> {
  for (const account of accounts) account.clearRequests();
  await ends(0, name, "pull", ...args);
  for (const known of NAMES.slice(0, NAMES.findIndex((one) => one === name) + 1))
    await ends(0, known, "plan", "--detailed-exitcode");
  expect(accounts.flatMap((account) => account.requests()).filter(({ wrote }) => wrote)).toEqual([]);
}

/** All environments are valid, and another pull changes no file. */
export async function isDone({ folder, ends }: Three): Promise<void> {
  const before = treeOf(folder);
  for (const name of NAMES) {
    await ends(0, name, "validate");
    await ends(0, name, "pull");
  }
  expect(treeOf(folder)).toEqual(before);
}
