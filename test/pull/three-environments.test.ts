/** Three accounts of which each has another part of the same objects become the environments of one project. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator, type Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn } from "../e2e/cli.ts";
import { treeOf } from "../file-tree.ts";
import { httpTo } from "./http.ts";

const NAMES = ["staging", "production", "dev"] as const;
/** The variable with the key of an environment. */
const keyOf = (name: string) =>
  name === "staging" ? "TELNYX_API_KEY" : `TELNYX_${name.toUpperCase()}_API_KEY`;
const KEYS = Object.fromEntries(NAMES.map((name) => [keyOf(name), KEY]));

interface Three {
  readonly folder: string;
  readonly accounts: readonly Emulator[];
  ends(code: number, environment: string, ...args: readonly string[]): Promise<string>;
}

async function three(work: (here: Three) => Promise<void>): Promise<void> {
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
async function pullAll({ folder, accounts, ends }: Three): Promise<void> {
  for (const [index, name] of NAMES.entries()) {
    if (index > 0) {
      const file = join(folder, "rollcall.yaml");
      const text = await readFile(file, "utf8");
      await writeFile(file, `${text}    ${name}: { apiKey: { env: ${keyOf(name)} } }\n`);
    }
    for (const account of accounts) account.clearRequests();
    await ends(0, name, "pull");
    for (const known of NAMES.slice(0, index + 1)) await ends(0, known, "plan", "--detailed-exitcode");
    expect(accounts.flatMap((account) => account.requests()).filter(({ wrote }) => wrote)).toEqual([]);
  }
  const before = treeOf(folder);
  for (const name of NAMES) {
    await ends(0, name, "validate");
    await ends(0, name, "pull");
  }
  expect(treeOf(folder)).toEqual(before);
}

const SUBSETS = {
  staging: ["All", "Staging and production", "Staging"],
  production: ["All", "Staging and production", "Production and dev"],
  dev: ["All", "Production and dev", "Dev"],
};

test(
  "an object of some environments exists in these, and its texts differ by patches",
  { timeout: 60_000 },
  () =>
    three(async (here) => {
      for (const [index, name] of NAMES.entries()) {
        const http = httpTo(here.accounts[index]?.url ?? "");
        for (const object of SUBSETS[name])
          await http.post("/ai/assistants", { name: object, instructions: "Hi", greeting: `From ${name}` });
      }
      await pullAll(here);
      const files = treeOf(here.folder);
      const environments = Object.entries(files).flatMap(([file, text]) => {
        const limit = /environments: (\[.*\])/.exec(text);
        return file.startsWith("assistants/") ? [[file.slice(11, -5), limit?.[1]]] : [];
      });
      expect(Object.fromEntries(environments)).toEqual({
        all: undefined,
        "staging-and-production": "[staging, production]",
        staging: "[staging]",
        "production-and-dev": "[production, dev]",
        dev: "[dev]",
      });
      const patches = files["rollcall.yaml"] ?? "";
      expect(patches.match(/greeting: From production/g)).toHaveLength(2);
      expect(patches.match(/greeting: From dev/g)).toHaveLength(2);
    }),
);
