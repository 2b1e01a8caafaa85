import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { loadProject } from "../../src/schema/load.ts";
import { startEmulator, type Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn, type Ran } from "../e2e/cli.ts";
import { httpTo, type Http } from "./http.ts";

/** One project and an account for each of its environments. */
export interface TwoAccounts {
  readonly folder: string;
  readonly production: Emulator;
  readonly staging: Emulator;
  http(environment: Environment): Http;
  /** Runs a command that must end with this code; what it printed. */
  ends(code: number, environment: Environment, ...args: readonly string[]): Promise<string>;
  read(file: string): Promise<string>;
  edit(file: string, change: (text: string) => string): Promise<void>;
  /** What an environment declares, wherever it is written. */
  declared(
    environment: Environment,
  ): Promise<readonly Pick<Resource, "address" | "spec" | "labels" | "lifecycle">[]>;
  /** Adds staging to the environments of the project. */
  addStaging(): Promise<void>;
  /** The live id of a resource, by the ledger. */
  idOf(environment: Environment, address: string): Promise<string>;
  close(): Promise<void>;
}

const KINDS = new Map(kinds.map((kind) => [kind.kind, kind]));

export type Environment = "production" | "staging";

export async function twoAccounts(): Promise<TwoAccounts> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-second-"));
  const [production, staging] = [await startEmulator({ seed: 1 }), await startEmulator({ seed: 2 })];
  const urls = { production: production.url, staging: staging.url };
  const run = (environment: Environment, args: readonly string[]): Promise<Ran> => {
    const env = { TELNYX_BASE_URL: urls[environment], TELNYX_API_KEY: KEY, TELNYX_STAGING_API_KEY: KEY };
    return runIn(folder, env, [...args, "--env", environment]);
  };
  const read = (file: string) => readFile(join(folder, file), "utf8");
  const edit = async (file: string, change: (text: string) => string) => {
    const text = await read(file);
    expect(change(text)).not.toBe(text);
    await writeFile(join(folder, file), change(text));
  };
  return {
    folder,
    production,
    staging,
    http: (environment) => httpTo(urls[environment]),
    async ends(code, environment, ...args) {
      const ran = await run(environment, args);
      expect(ran.code, `${args.join(" ")} --env ${environment}\n${ran.stdout}${ran.stderr}`).toBe(code);
      return ran.stdout;
    },
    read,
    edit,
    async declared(environment) {
      const project = await loadProject({
        path: folder,
        environment,
        env: {},
        kinds: KINDS,
        isTied: () => true,
      });
      expect(project.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      return project.resources.map(({ address, spec, labels, lifecycle }) => ({
        address,
        spec,
        labels,
        lifecycle,
      }));
    },
    addStaging: () =>
      edit("rollcall.yaml", (text) => `${text}    staging:\n      apiKey: { env: TELNYX_STAGING_API_KEY }\n`),
    async idOf(environment, address) {
      const ledger = JSON.parse(await read(`.rollcall/${environment}.json`)) as JsonObject;
      const entries = ledger["entries"] as unknown as Readonly<Record<string, { readonly id: string }>>;
      return entries[address]?.id ?? "";
    },
    async close() {
      await Promise.all([production.close(), staging.close()]);
      await rm(folder, { recursive: true });
    },
  };
}
