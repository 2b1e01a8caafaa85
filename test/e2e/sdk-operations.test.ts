import Telnyx from "telnyx";
import { expect, test } from "vitest";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";

/** Operations of the SDK that the emulator does not have, with the reason. */
const WITHOUT: Readonly<Record<string, string>> = {
  "GET /ai/conversations/x/conversations-insights":
    "what a model judges about a conversation; no command reads it",
  "GET /ai/conversations/conversation-insights/aggregates": "statistics of the account; no command reads them",
};

type Operation = (...values: readonly unknown[]) => PromiseLike<unknown>;

/** Every method of a resource of the SDK and of the resources below it. */
function operationsOf(resource: object): readonly Operation[] {
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter(
    (name) => name !== "constructor",
  );
  const methods = own.map((name): Operation => (Reflect.get(resource, name) as Operation).bind(resource));
  const below = Object.entries(resource).filter(([name]) => name !== "_client");
  return [...methods, ...below.flatMap(([, value]) => (isResource(value) ? operationsOf(value) : []))];
}

const isResource = (value: unknown): value is object => typeof value === "object" && value !== null;

test("the emulator has every operation of the SDK for assistants and their objects", async () => {
  const emulator = await startEmulator();
  const client = new Telnyx({ apiKey: "KEY0123", baseURL: emulator.url, maxRetries: 0 });
  const { assistants, conversations, mcpServers, tools, integrations } = client.ai;
  const operations = [
    assistants,
    conversations,
    mcpServers,
    tools,
    integrations,
    client.integrationSecrets,
  ].flatMap(operationsOf);
  const names = { assistant_id: "x", test_id: "x", group_id: "x" };
  const unknown: string[] = [];
  for (const operation of operations) {
    emulator.clearRequests();
    const message = await Promise.resolve(operation("x", names)).then(
      () => "",
      (error: unknown) => String(error),
    );
    const [request] = emulator.requests();
    expect(request, `${String(operation)} sends nothing`).toBeDefined();
    if (message.includes("The requested resource or URL could not be found"))
      unknown.push(`${request?.method} ${request?.path}`);
  }
  await emulator.close();
  expect(operations.length).toBeGreaterThan(60);
  expect(unknown.toSorted()).toEqual(Object.keys(WITHOUT).toSorted());
});
