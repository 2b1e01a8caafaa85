/**
 * A plan without changes for 1,000 assistants, 1,000 tests and 100 MCP servers on the emulator, against a bare script
 * that fetches the same answers. Both run in turn in one process; what counts is the ratio.
 */
import { performance } from "node:perf_hooks";
import { Agent, request } from "undici";
import { runtime } from "../src/cli/runtime.ts";
import type { Address } from "../src/model/address.ts";
import type { Ledger, LedgerEntry, LedgerState } from "../src/model/ledger.ts";
import type { Resource } from "../src/model/resource.ts";
import { planProject } from "../src/operations/plan.ts";
import { startEmulator } from "../src/providers/telnyx/emulator/emulator.ts";
import { createTelnyxProvider, type TelnyxProvider } from "../src/providers/telnyx/provider.ts";

const COUNTS = { Assistant: 1000, AssistantTest: 1000, McpServer: 100 } as const;
const ROUNDS = 5;
/** And one for each declared canary; here is none. */
const MOST_REQUESTS = 20;
const PROMPT = "You answer calls for a workshop. Be brief, be kind, and never promise a date.\n".repeat(40);

const emulator = await startEmulator({ seed: 1 });
for (let index = 0; index < COUNTS.Assistant; index += 1) {
  emulator.portal.create("Assistant", { name: `assistant-${index}`, instructions: `${PROMPT}${index}` });
  emulator.portal.create("AssistantTest", {
    name: `test-${index}`,
    destination: "+15550100000",
    instructions: "Ask.",
    rubric: [{ name: "kind", criteria: "It is kind." }],
  });
  if (index < COUNTS.McpServer) {
    emulator.portal.create("McpServer", {
      name: `mcp-${index}`,
      type: "http",
      url: `https://mcp-${index}.example`,
    });
  }
}

const provider = createTelnyxProvider({ apiKey: "bench", baseUrl: emulator.url, runtime });
const { resources, state } = await adopted(provider);
emulator.clearRequests();

const times = { rollcall: [] as number[], bare: [] as number[] };
let requests: readonly { readonly path: string; readonly query: string }[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  emulator.clearRequests();
  const began = performance.now();
  const plan = await planProject(
    workspace(),
    { prune: false, onConflict: "refuse", allowMassChange: false },
    state,
  );
  times.rollcall.push(performance.now() - began);
  if (plan.steps.length > 0 || plan.refusals.length > 0) throw new Error("the plan is not empty");
  requests = emulator.requests();
  if (emulator.requests().some(({ method }) => method !== "GET")) throw new Error("the plan wrote");
  times.bare.push(await bare(requests.map(({ path, query }) => `${path}${query === "" ? "" : `?${query}`}`)));
}
await provider.close();
await emulator.close();

const [rollcall, plain] = [median(times.rollcall), median(times.bare)];
console.log(`no-change plan of ${resources.length} resources: ${requests.length} requests, 0 writes`);
console.log(
  `  rollcall ${rollcall.toFixed(0)} ms, bare fetch of the same answers ${plain.toFixed(0)} ms, ratio ${(rollcall / plain).toFixed(2)}`,
);

if (requests.length > MOST_REQUESTS) process.exitCode = 1;

/** Every live object as a manifest of a few fields, and the ledger that an apply would have left. */
async function adopted(from: TelnyxProvider): Promise<{ resources: readonly Resource[]; state: LedgerState }> {
  const found: Resource[] = [];
  const entries: Record<Address, LedgerEntry> = {};
  for (const kind of Object.keys(COUNTS)) {
    for (const object of await from.list(kind)) {
      const name = String(object.spec["name"]);
      const address: Address = `${kind}/${name}`;
      const fields = new Set(["name", "instructions", "destination", "rubric", "type", "url"]);
      const spec = Object.fromEntries(Object.entries(object.spec).filter(([key]) => fields.has(key)));
      found.push({
        address,
        kind,
        name,
        labels: {},
        lifecycle: { ignore: [], movedFrom: [] },
        spec,
        file: "all.yaml",
      });
      const version = object.versionId === undefined ? {} : { versionId: object.versionId };
      entries[address] = { kind, id: object.id, applied: spec, observed: object.spec, ...version };
    }
  }
  return { resources: found, state: { lineage: "bench", serial: 1, entries } };
}

function workspace() {
  const ledger = {} as Ledger;
  const includedFile = () => undefined;
  return {
    project: "bench",
    environment: "default",
    protectAll: false,
    resources,
    includedFile,
    provider,
    ledger,
    runtime,
  };
}

async function bare(paths: readonly string[]): Promise<number> {
  const agent = new Agent({ connections: 4 });
  const began = performance.now();
  await Promise.all(
    paths.map(async (path) => {
      const { body } = await request(`${emulator.url}${path}`, {
        dispatcher: agent,
        headers: { authorization: "Bearer bench" },
      });
      JSON.parse(await body.text());
    }),
  );
  const time = performance.now() - began;
  await agent.close();
  return time;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
