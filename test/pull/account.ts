import { isList, isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { idOf, type Http } from "./http.ts";

/** An account as its owner would describe it. A `{ ref: n }` in place of an id is the nth assistant, tool or server. */
export interface Account {
  readonly tools: readonly JsonObject[];
  readonly servers: readonly JsonObject[];
  readonly assistants: readonly AccountAssistant[];
  readonly tests: readonly JsonObject[];
}

export interface AccountAssistant {
  readonly fields: JsonObject;
  /** Positions of assistants that it hands over to. */
  readonly handoffs: readonly number[];
  readonly tools: readonly number[];
  readonly servers: readonly number[];
  readonly tags: readonly string[];
  /** Versions beside main, by what they change; `share` is what a canary gives them. */
  readonly versions: readonly {
    readonly name: string;
    readonly changes: JsonObject;
    readonly share?: number;
  }[];
}

/** Makes the account by HTTP alone. */
export async function makeAccount(http: Http, account: Account): Promise<void> {
  const tools: string[] = [];
  for (const tool of account.tools)
    tools.push(idOf(await http.post("/ai/tools", withIds(tool, { tools: [] }))));
  const servers: string[] = [];
  for (const server of account.servers) servers.push(idOf(await http.post("/ai/mcp_servers", server)));
  const assistants: string[] = [];
  for (const { fields } of account.assistants) {
    const { name = "", instructions = "" } = fields;
    assistants.push(idOf(await http.post("/ai/assistants", { name, instructions })));
  }
  const ids = { tools, servers, assistants };
  for (const [index, one] of account.assistants.entries())
    await finish(http, assistants[index] ?? "", one, ids);
  for (const test of account.tests) await http.post("/ai/assistants/tests", test);
}

interface Ids {
  readonly tools: readonly string[];
  readonly servers?: readonly string[];
  readonly assistants?: readonly string[];
}

async function finish(http: Http, id: string, one: AccountAssistant, ids: Ids): Promise<void> {
  const { handoffs, tools, servers, tags, versions } = one;
  const fields = withIds(one.fields, ids) as JsonObject;
  const own = isList(fields["tools"]) ? fields["tools"] : [];
  const colleagues = handoffs.map((index) => ({
    name: `colleague ${index}`,
    id: ids.assistants?.[index] ?? "",
  }));
  const handoff = colleagues.length === 0 ? [] : [{ type: "handoff", handoff: { ai_assistants: colleagues } }];
  await http.post(`/ai/assistants/${id}`, {
    ...fields,
    ...(own.length + handoff.length > 0 && { tools: [...own, ...handoff] }),
    ...(tools.length > 0 && { tool_ids: tools.map((index) => ids.tools[index] ?? "") }),
    ...(servers.length > 0 && { mcp_servers: servers.map((index) => ({ id: ids.servers?.[index] ?? "" })) }),
  });
  for (const tag of tags) await http.post(`/ai/assistants/${id}/tags`, { tag });
  const rollout: Json[] = [];
  for (const { name, changes, share } of versions) {
    const body = { ...(withIds(changes, ids) as JsonObject), version_name: name, promote_to_main: false };
    const version = await http.post(`/ai/assistants/${id}`, body);
    if (share !== undefined) rollout.push({ version_id: version["version_id"] ?? "", weight: share });
  }
  if (rollout.length > 0)
    await http.post(`/ai/assistants/${id}/canary-deploys`, { rules: [{ serve: { rollout } }] });
}

/** Placeholders such as `{ ref: "Tool/x" }` stand for the first tool, server or assistant. */
function withIds(value: Json, ids: Ids): Json {
  if (isList(value)) return value.map((item) => withIds(item, ids));
  if (!isObject(value)) return value;
  const { ref } = value;
  if (typeof ref === "string" && Object.keys(value).length === 1) {
    const of = ref.startsWith("Tool/")
      ? ids.tools
      : ref.startsWith("McpServer/")
        ? ids.servers
        : ids.assistants;
    return of?.[0] ?? "";
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withIds(member, ids)]));
}

/** How many objects it has. */
export function sizeOf({ tools, servers, assistants, tests }: Account): number {
  const nested = assistants.map(({ versions }) => {
    const served = versions.filter(({ share }) => share !== undefined).length;
    return served + (served > 0 ? 1 : 0);
  });
  return (
    tools.length + servers.length + assistants.length + tests.length + nested.reduce((sum, one) => sum + one, 0)
  );
}
