import { createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { KINDS } from "../../src/cli/project.ts";
import { ProviderError } from "../../src/model/provider.ts";
import type { FaultKind } from "../../src/providers/telnyx/emulator/faults.ts";
import { createTelnyxProvider } from "../../src/providers/telnyx/provider.ts";
import { scenario } from "./scenarios.ts";
import type { Picture } from "./state-snapshot.ts";
import { HASTY } from "../hasty.ts";
import { openStage, startOf, type Stage, type Start } from "./scenario-run.ts";

const SHORT = { requestTimeoutMs: 100 };

let start: Start;
let stage: Stage;
let after: Picture;

beforeAll(async () => {
  start = await startOf(scenario("create things"));
  const undisturbed = await openStage(start);
  expect((await undisturbed.apply()).code).toBe(0);
  after = await undisturbed.picture();
  await undisturbed.close();
});

beforeEach(async () => {
  stage = await openStage(start);
});

afterEach(() => stage.close());

async function finishes(): Promise<void> {
  stage.emulator.clearFaults();
  expect(await stage.apply()).toMatchObject({ code: 0 });
  expect(await stage.picture()).toEqual(after);
}

test("an apply ends before it writes if the server never responds", async () => {
  stage.emulator.inject({ times: "always", fault: { kind: "timeout-before" } });
  const { code, error } = await stage.apply(SHORT);
  expect(code).toBe(1);
  expect(error?.message).toContain("no complete answer within");
  expect(stage.emulator.requests().length).toBeLessThan(10);
  await finishes();
});

test.each<FaultKind>([{ kind: "timeout-before" }, { kind: "timeout-after" }])(
  "a server that never responds to a write ends the apply ($kind)",
  async (fault) => {
    stage.emulator.inject({ match: { method: "POST", path: "/ai/mcp_servers" }, times: "always", fault });
    const { code, outcome } = await stage.apply(SHORT);
    expect(outcome?.status).toBe("done");
    // What took effect is found by looking; what did not may still come.
    expect(code).toBe(fault.kind === "timeout-after" ? 0 : 3);
    const sent = stage.emulator
      .requests()
      .filter(({ method, path }) => `${method} ${path}` === "POST /ai/mcp_servers");
    expect(sent.length, "patience has an end").toBeLessThanOrEqual(3);
    await finishes();
  },
);

let server: Server | undefined;

afterEach(() => server?.close());

test("a server that accepts connections and never responds is an error", async () => {
  const sockets: { destroy(): void }[] = [];
  server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const provider = createTelnyxProvider({
    apiKey: "KEY_of_a_test",
    baseUrl: `http://127.0.0.1:${port}/v2`,
    runtime: HASTY,
    parallelism: 1,
    ...SHORT,
  });
  const [kind = ""] = KINDS.keys();
  await expect(provider.list(kind)).rejects.toThrow(ProviderError);
  for (const socket of sockets) socket.destroy();
  await provider.close();
});
