// The least that a plan has to do: read and parse the manifests, the answers of the API and the ledger.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent, request } from "undici";
import { parseAllDocuments } from "yaml";

const { manifests, ledger, url, paths } = JSON.parse(process.argv[2]);
const agent = new Agent({ connections: 4 });

async function answers() {
  const waiting = [...paths];
  const worker = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const { body } = await request(`${url}${path}`, {
        dispatcher: agent,
        headers: { authorization: "Bearer bench" },
      });
      JSON.parse(await body.text());
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

for (const name of readdirSync(manifests))
  for (const document of parseAllDocuments(readFileSync(join(manifests, name), "utf8"))) document.toJS();
JSON.parse(readFileSync(ledger, "utf8"));
await answers();
await agent.close();
