import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Runtime } from "../../model/runtime.ts";
import { createTelnyxProvider } from "./provider.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

const runtime: Runtime = {
  now: () => new Date(),
  random: () => 0,
  uuid: () => "00000000-0000-4000-8000-000000000000",
  sleep: async () => {},
};

interface Seen {
  readonly line: string;
  readonly body: unknown;
}

async function serving(answers: Readonly<Record<string, unknown>>) {
  const seen: Seen[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const line = `${request.method} ${decodeURIComponent(request.url ?? "")}`;
    seen.push({ line, body: text === "" ? undefined : JSON.parse(text) });
    const answer = answers[line];
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { errors: [{ code: "10005", title: "Not found" }] }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const provider = createTelnyxProvider({ apiKey: "KEY0123", baseUrl: `http://127.0.0.1:${port}/v2`, runtime });
  return { provider, seen };
}

test("an update of an assistant sends whole blocks, an explicit promotion, and tags through their endpoints", async () => {
  const { provider, seen } = await serving({
    "GET /v2/ai/assistants/a1": { id: "a1", name: "desk", tags: ["old", "foreign"] },
    "POST /v2/ai/assistants/a1": { id: "a1", name: "desk" },
    "POST /v2/ai/assistants/a1/tags": { tags: [] },
    "DELETE /v2/ai/assistants/a1/tags/old": { tags: [] },
  });
  const live = {
    version_name: "v7",
    voice_settings: { voice: "x", speed: 1 },
    greeting: "hi",
    tags: ["old"],
  };
  await provider.update({
    kind: "Assistant",
    id: "a1",
    live,
    target: { ...live, voice_settings: { voice: "y", speed: 1 }, tags: ["new"] },
    blocks: ["voice_settings", "tags"],
  });
  expect(seen).toEqual([
    {
      line: "POST /v2/ai/assistants/a1",
      body: { voice_settings: { voice: "y", speed: 1 }, version_name: "v7", promote_to_main: true },
    },
    { line: "GET /v2/ai/assistants/a1", body: undefined },
    { line: "POST /v2/ai/assistants/a1/tags", body: { tag: "new" } },
    { line: "DELETE /v2/ai/assistants/a1/tags/old", body: undefined },
  ]);
  await provider.close();
});
