import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { stringify, type JsonObject } from "../../src/model/json.ts";
import type { EmulatorOptions } from "../../src/providers/telnyx/emulator/emulator.ts";
import { desk, type Desk } from "../e2e/cli.ts";

export interface Declared {
  readonly kind: string;
  readonly name: string;
  readonly spec: JsonObject;
}

/** A desk whose project is given as data. */
export interface PayloadDesk extends Desk {
  declare(...resources: readonly Declared[]): Promise<void>;
  /** Declares them and applies, which has to succeed. */
  applied(...resources: readonly Declared[]): Promise<void>;
  /** What the next plan would do, by exit code: 0 nothing, 2 something. */
  planned(): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  /** The assistant of that name as the emulator keeps it. */
  assistant(name?: string): { readonly id: string; readonly main: JsonObject };
}

export async function payloadDesk(options: EmulatorOptions = {}): Promise<PayloadDesk> {
  const office = await desk(undefined, options);
  const declare = async (...resources: readonly Declared[]) => {
    const manifests = resources.map(({ name, ...rest }) =>
      stringify({ apiVersion: "rollcall.dev/v1", metadata: { name }, ...rest }, 2),
    );
    await writeFile(join(office.folder, "office.yaml"), manifests.join("\n---\n"));
  };
  return {
    ...office,
    declare,
    applied: async (...resources) => {
      await declare(...resources);
      const { code, stdout, stderr } = await office.rollcall("apply", "--yes");
      expect(code, stderr + stdout).toBe(0);
    },
    planned: () => office.rollcall("plan", "--detailed-exitcode"),
    assistant: (name = "desk") => {
      const found = office.emulator.state().assistants.find(({ main }) => main["name"] === name);
      if (found === undefined) throw new Error(`there is no ${name}`);
      return found;
    },
  };
}

/** An assistant `desk` with these fields. */
export function desked(fields: JsonObject): Declared {
  return { kind: "Assistant", name: "desk", spec: { instructions: "Be brief.", ...fields } };
}
