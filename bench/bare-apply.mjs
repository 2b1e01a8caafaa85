// The least that a first apply has to do: read and parse the manifests, create each object, and read it back.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent, request } from "undici";
import { parseAllDocuments } from "yaml";

const { manifests, url } = JSON.parse(process.argv[2]);
const agent = new Agent({ connections: 4 });

async function send(method, path, content) {
  const { body, statusCode } = await request(`${url}${path}`, {
    dispatcher: agent,
    method,
    headers: { authorization: "Bearer bench", "content-type": "application/json" },
    ...(content !== undefined && { body: JSON.stringify(content) }),
  });
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
  return JSON.parse(text);
}

const waiting = readdirSync(manifests).flatMap((name) =>
  parseAllDocuments(readFileSync(join(manifests, name), "utf8")).map((document) => document.toJS().spec),
);
const worker = async () => {
  for (let spec = waiting.shift(); spec !== undefined; spec = waiting.shift()) {
    const { id } = await send("POST", "/ai/assistants", spec);
    await send("GET", `/ai/assistants/${id}`);
  }
};
await Promise.all(Array.from({ length: 4 }, worker));
await agent.close();
