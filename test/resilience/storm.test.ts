import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { RequestCount } from "../../src/model/provider.ts";
import type { Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import type { FaultKind } from "../../src/providers/telnyx/emulator/faults.ts";
import { desk, type Desk } from "../e2e/cli.ts";

const COUNT = 200;
/** Four in a hundred requests each. */
const STORM: readonly FaultKind[] = [
  { kind: "status", status: 429, headers: { "retry-after": "1" } },
  { kind: "status", status: 503, applied: "forgotten" },
  { kind: "status", status: 502, body: "html" },
  { kind: "reset-before" },
  { kind: "reset-after" },
];

/** What is looked at. */
interface ApplyJson {
  readonly resources: { readonly added: number };
  readonly x_rollcall: { readonly requests: RequestCount };
}

let office: Desk;
afterEach(() => office.close());

test.each([1, 2, 3])("200 creations succeed while 20 % of the requests fail, seed %i", async (seed) => {
  office = await desk(undefined, { seed });
  await declare(office.folder);
  brewUp(office.emulator);
  const { code, stdout, stderr } = await office.rollcall("apply", "--yes", "--quiet", "--format", "json");
  expect(code, stderr).toBe(0);

  const names = office.emulator.state().tools.map((tool) => tool["display_name"]);
  expect(names).toHaveLength(COUNT);
  expect(new Set(names).size).toBe(COUNT);
  const { resources, x_rollcall: more } = JSON.parse(stdout) as ApplyJson;
  expect(resources.added).toBe(COUNT);
  const { reads, writes, repeated } = more.requests;
  expect(reads + writes, "every request is counted").toBe(office.emulator.requests().length);
  expect(repeated).toBeGreaterThan(0);

  office.emulator.clearFaults();
  expect((await office.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
});

function brewUp(emulator: Emulator): void {
  for (const fault of STORM) emulator.inject({ times: "always", probability: 0.04, fault });
}

async function declare(folder: string): Promise<void> {
  const project = { apiVersion: "rollcall.dev/v1", kind: "Project", metadata: { name: "storm" }, spec: {} };
  await writeFile(join(folder, "rollcall.yaml"), JSON.stringify(project));
  await mkdir(join(folder, "manifests"));
  const tools = Array.from({ length: COUNT }, (_, index) =>
    JSON.stringify({
      apiVersion: "rollcall.dev/v1",
      kind: "Tool",
      metadata: { name: `tool-${index}` },
      spec: {
        display_name: `Tool ${index}`,
        type: "webhook",
        webhook: { name: `tool_${index}`, description: "A tool.", url: `https://tools.example/${index}` },
      },
    }),
  );
  await writeFile(join(folder, "manifests", "tools.yaml"), tools.join("\n---\n"));
}
