/** Values that name objects of the account that no manifest can declare, and that each environment has under other ids. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { idOf } from "./http.ts";
import { twoAccounts, type Environment, type TwoAccounts } from "./two-accounts.ts";

let here: TwoAccounts;
beforeEach(async () => {
  here = await twoAccounts();
});
afterEach(() => here.close());

/** Returns the id of its insight group. */
async function makeDesk(environment: Environment, number: string): Promise<string> {
  const http = here.http(environment);
  const group = idOf(await http.post("/ai/conversations/insight-groups", { name: "Quality" }));
  const token = ["tok", "en"].join("");
  await http.post("/integration_secrets", { identifier: `crm-${environment}`, type: "bearer", token });
  const url = "https://crm.example/sse";
  const server = { name: "CRM", type: "sse", url, api_key_ref: `crm-${environment}` };
  const id = idOf(await http.post("/ai/mcp_servers", server));
  await http.post("/ai/assistants", {
    name: "Desk",
    instructions: "Hi",
    mcp_servers: [{ id }],
    llm_api_key_ref: `llm-${environment}`,
    insight_settings: { insight_group_id: group },
    tools: [
      { type: "retrieval", retrieval: { bucket_ids: [`faq-${environment}`] } },
      { type: "transfer", transfer: { from: number, targets: [{ name: "Sales", to: number }] } },
    ],
  });
  return group;
}

test("stay as they are, with a comment at an id, and become patches of the second environment", async () => {
  const group = await makeDesk("production", "+15550001111");
  await here.ends(0, "production", "pull");
  const manifest = await here.read("assistants/desk.yaml");
  expect(manifest).toContain(
    `    # The id of an insight group of this account, which Rollcall does not manage.\n    insight_group_id: ${group}\n`,
  );
  await here.addStaging();
  const before = await here.declared("production");
  const other = await makeDesk("staging", "+15550002222");
  await here.ends(0, "staging", "pull");
  expect(await here.read("assistants/desk.yaml")).toBe(manifest);
  expect(await here.declared("production")).toEqual(before);
  const patches = (await here.read("rollcall.yaml")).split("patches:\n")[1];
  for (const value of [other, "crm-staging", "llm-staging", "[faq-staging]", '"+15550002222"'])
    expect(patches).toContain(value);
  for (const environment of ["production", "staging"] as const)
    await here.ends(0, environment, "plan", "--detailed-exitcode");
});

test("that are the same in both are written once", async () => {
  await makeDesk("production", "+15550001111");
  await here.ends(0, "production", "pull");
  await here.addStaging();
  const group = await makeDesk("staging", "+15550001111");
  await here.ends(0, "staging", "pull");
  const patches = (await here.read("rollcall.yaml")).split("patches:\n")[1] ?? "";
  expect(patches).toContain(group);
  expect(patches).not.toContain("+15550001111");
});
