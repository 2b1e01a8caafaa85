import { idOf, type Http } from "./http.ts";

/** One object of every kind, and two assistants of one name that hand over to each other. */
export async function makeSmallAccount({ post }: Http): Promise<void> {
  const tool = await post("/ai/tools", {
    type: "webhook",
    display_name: "Open ticket",
    webhook: { name: "open_ticket", description: "Opens a ticket.", url: "https://desk.example/tickets" },
  });
  const server = await post("/ai/mcp_servers", { name: "CRM", type: "sse", url: "https://crm.example/sse" });
  const first = await post("/ai/assistants", {
    name: "Support",
    instructions: "# Role\n\nYou answer.\n---\n\tTab, ${var.x} and {{name}}  \n\n",
    dynamic_variables: { name: "" },
    greeting: "Hi",
    tool_ids: [idOf(tool)],
    mcp_servers: [{ id: idOf(server) }],
  });
  const second = await post("/ai/assistants", {
    name: "Support",
    instructions: "You answer, too.",
    tools: [handoffTo(idOf(first))],
  });
  await post(`/ai/assistants/${idOf(first)}`, { tools: [handoffTo(idOf(second))] });
  const version = await post(`/ai/assistants/${idOf(first)}`, {
    greeting: "Good day",
    version_name: "warmer",
    promote_to_main: false,
  });
  await post(`/ai/assistants/${idOf(first)}/canary-deploys`, {
    rules: [{ serve: { rollout: [{ version_id: version["version_id"] ?? "", weight: 10 }] } }],
  });
  await post("/ai/assistants/tests", {
    name: "Says hello",
    test_suite: "Smoke",
    telnyx_conversation_channel: "phone_call",
    destination: "+15550001111",
    instructions: "Say hello.",
    rubric: [{ name: "Polite", criteria: "The assistant says hello." }],
  });
}

function handoffTo(id: string) {
  return { type: "handoff", handoff: { ai_assistants: [{ name: "colleague", id }] } };
}

/** How many objects a pull of it writes manifests for. */
export const SMALL_ACCOUNT = 7;
