import { test, expect } from "vitest";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { desk, KEY } from "./cli.ts";

test("try", async () => {
  const d = await desk();
  const post = async (path: string, body: unknown, method = "POST") => {
    const r = await fetch(d.emulator.url + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const t = await r.text();
    if (!r.ok) throw new Error(`${path} ${r.status} ${t}`);
    return JSON.parse(t);
  };
  const tool = await post("/ai/tools", {
    type: "webhook",
    display_name: "Open ticket",
    webhook: { name: "open_ticket", url: "https://x.example/t", method: "POST", description: "Opens" },
  });
  const mcp = await post("/ai/mcp_servers", { name: "CRM", type: "sse", url: "https://crm.example" });
  const toolId = tool.id ?? tool.data.id;
  const a = await post("/ai/assistants", {
    name: "Support",
    instructions: "A\n---\n\tb ${x} {{y}}  \n\n",
    model: "m",
    greeting: "Hi",
    tool_ids: [toolId],
    mcp_servers: [{ id: mcp.id ?? mcp.data.id }],
  });
  const b = await post("/ai/assistants", {
    name: "Support",
    instructions: "B",
    tools: [{ type: "handoff", handoff: { ai_assistants: [{ name: "s", id: a.id }] } }],
  });
  await post(`/ai/assistants/${a.id}`, {
    tools: [{ type: "handoff", handoff: { ai_assistants: [{ name: "s", id: b.id }] } }],
  });
  const v = await post(`/ai/assistants/${a.id}`, {
    greeting: "Good day",
    version_name: "warmer",
    promote_to_main: false,
  });
  await post(`/ai/assistants/${a.id}/canary-deploys`, {
    rules: [{ serve: { rollout: [{ version_id: v.version_id, weight: 10 }] } }],
  });
  await post("/ai/assistants/tests", {
    name: "T1",
    test_suite: "Smoke",
    telnyx_conversation_channel: "phone_call",
    destination: "+15550001111",
    instructions: "x",
    rubric: [{ name: "r", criteria: "c" }],
  });
  const r = await d.rollcall("pull");
  console.log(r.code, r.stdout, r.stderr);
  for (const f of readdirSync(d.folder, { recursive: true, encoding: "utf8" }))
    if (statSync(join(d.folder, f)).isFile() && !f.endsWith(".json"))
      console.log("=== " + f + "\n" + readFileSync(join(d.folder, f), "utf8"));
  console.log(await d.rollcall("validate"));
  console.log(await d.rollcall("plan", "--detailed-exitcode"));
  console.log(await d.rollcall("pull"));
  await d.close();
  expect(r.code).toBe(0);
});
