/**
 * The life of one object of the kind VoiceGadget, in a copy of the sources that has it: each command, and how it ended,
 * as JSON. The API is a server that keeps what it is sent.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { runIn } from "../e2e/cli.ts";

const gadgets = new Map<string, Record<string, unknown>>();

/** `/v2/ai/gadgets`, and one of them below it. */
const server = createServer(async (request, response) => {
  const [, id] = /^\/v2\/ai\/gadgets(?:\/([^/?]+))?(?:\?|$)/.exec(request.url ?? "") ?? [];
  const known = gadgets.get(id ?? "");
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const sent = request.method === "GET" ? {} : (JSON.parse((await text(request)) || "{}") as object);
  if (request.method === "POST") {
    const made = { id: `gadget-${gadgets.size}`, created_at: "2026-01-01T00:00:00Z", ...sent };
    gadgets.set(made.id, made);
    answer(200, { data: made });
  } else if (id === undefined) {
    answer(200, { data: [...gadgets.values()], meta: { total_pages: 1 } });
  } else if (known === undefined) answer(404, { errors: [{ code: "10005", title: "not found" }] });
  else if (request.method === "PATCH") answer(200, { data: Object.assign(known, sent) });
  else if (request.method === "DELETE") {
    gadgets.delete(id);
    answer(200, { data: known });
  } else answer(200, { data: known });
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));

const folder = await mkdtemp(join(tmpdir(), "rollcall-gadget-"));
const env = {
  TELNYX_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`,
  TELNYX_API_KEY: "any",
};
const declare = (description: string, name = "door") =>
  writeFile(
    join(folder, `${name}.yaml`),
    `apiVersion: rollcall.dev/v1\nkind: VoiceGadget\nmetadata: { name: ${name} }\nspec: { description: ${description} }\n`,
  );
const ran: Record<string, unknown> = {};
const rollcall = async (as: string, ...args: readonly string[]) => {
  ran[as] = await runIn(folder, env, args);
};

await declare("7");
await rollcall("mistake", "validate");
await declare("Opens the door.");
await rollcall("validate", "validate");
await rollcall("plan", "plan");
await rollcall("apply", "apply", "--yes");
await rollcall("nothing", "plan", "--detailed-exitcode");
await declare("Opens every door.");
await rollcall("update", "apply", "--yes");
ran["live"] = structuredClone([...gadgets.values()]);
Object.assign(gadgets.get("gadget-0") ?? {}, { description: "Edited elsewhere." });
await rollcall("drift", "drift");
await rollcall("propose", "drift", "--propose");
await rollcall("graph", "graph");
await rollcall("explain", "explain", "VoiceGadget.spec.description");
await rollcall("schema", "schema");
await declare("Opens the window.", "window");
await rm(join(folder, "door.yaml"));
await rollcall("delete", "apply", "--yes", "--prune", "--allow-mass-change");
ran["left"] = [...gadgets.values()];

await rm(folder, { recursive: true, force: true });
server.close();
console.log(JSON.stringify(ran));
