import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { Resource } from "../../src/model/resource.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { loadProject } from "../../src/schema/load.ts";
import { desk, type Desk } from "../e2e/cli.ts";

const KINDS = new Map(kinds.map((kind) => [kind.kind, kind]));
const HEAD = "apiVersion: rollcall.dev/v1\n";

/** An assistant; `spec` is YAML. Without environments it is in all of them. */
export function assistant(name: string, spec: string, environments?: readonly string[]): string {
  const own = /^instructions:/m.test(spec) ? spec : `instructions: Be kind.\n${spec}`;
  const limit = environments === undefined ? "" : `, environments: [${environments.join(", ")}]`;
  return `${HEAD}kind: Assistant\nmetadata: { name: ${name}${limit} }\nspec:\n${own.replace(/^(?=.)/gm, "  ")}`;
}

/** A project with three environments and one account, that of staging. */
export function project(patches: readonly JsonObject[]): string {
  const own = patches.map((patch) => `        - ${JSON.stringify(patch)}\n`).join("");
  return `${HEAD}kind: Project
metadata: { name: desk }
spec:
  manifests: [assistants]
  tags: { common: [ours] }
  vars: { company: Acme, line: "+15550100001" }
  environments:
    dev:
      apiKey: { env: TELNYX_DEV_API_KEY }
    staging:
      apiKey: { env: TELNYX_STAGING_API_KEY }
      vars: { company: Acme of staging, line: "+15550100002" }
${own === "" ? "" : `      patches:\n${own}`}    production:
      apiKey: { env: TELNYX_API_KEY }
      patches:
        - { target: Assistant/other, patch: { spec: { description: Of production } } }
`;
}

export interface Scene extends Desk {
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** What an environment declares, wherever it is written. */
  declared(environment: string): Promise<readonly Json[]>;
  /** Changes an assistant in the portal; shared tools are left out of its own. */
  edit(name: string, change: (main: JsonObject) => JsonObject): void;
}

/** These files, applied to staging. */
export async function applied(files: Readonly<Record<string, string>>): Promise<Scene> {
  const one = await desk();
  const write: Scene["write"] = async (texts) => {
    for (const [file, text] of Object.entries(texts)) {
      await mkdir(dirname(join(one.folder, file)), { recursive: true });
      await writeFile(join(one.folder, file), text);
    }
  };
  await write(files);
  await one.ends(0, "apply", "--env", "staging", "--yes");
  return {
    ...one,
    write,
    async declared(environment) {
      const options = { path: one.folder, environment, env: {}, kinds: KINDS, isTied: () => true };
      const { diagnostics, resources } = await loadProject(options);
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      return resources.map(({ address, spec, labels, lifecycle }: Resource): Json => {
        return { address, spec, labels, ignore: lifecycle.ignore };
      });
    },
    edit(name, change) {
      const found = one.emulator.state().assistants.find(({ main }) => main["name"] === name);
      if (found === undefined) throw new Error(`there is no ${name}`);
      one.emulator.portal.edit("Assistant", found.id, change(found.main), { version: "same" });
    },
  };
}
