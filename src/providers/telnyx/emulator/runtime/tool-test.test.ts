import { expect, test } from "vitest";
import type { JsonObject } from "../../../../model/json.ts";
import { emulatorForTests } from "../../../../../test/e2e/raw-client.ts";

const { emulator, api } = await emulatorForTests();

const LOOKUP = {
  name: "lookup",
  description: "d",
  url: "https://example.com/orders/{id}?v=1",
  headers: [{ name: "X-Customer", value: "{{customer}}" }],
  path_parameters: { type: "object", properties: { id: { type: "string" } } },
  query_parameters: { type: "object", properties: { full: { type: "boolean" } } },
  preset_body_fields: { source: "phone" },
};

async function attached(
  webhook: JsonObject = LOOKUP,
): Promise<(body?: JsonObject) => ReturnType<typeof api.post>> {
  const tool = await api.post("/ai/tools", { display_name: "Look up", type: "webhook", webhook });
  const body = { name: "Front desk", instructions: "i", tool_ids: [tool.body.id] };
  const assistant = await api.post("/ai/assistants", body);
  return (test) => api.post(`/ai/assistants/${assistant.body.id}/tools/${tool.body.id}/test`, test);
}

test("the answer shows the request that the webhook would get", async () => {
  const run = await attached();
  const { body } = await run({
    arguments: { id: "a/1", full: true, note: "hurry" },
    dynamic_variables: { customer: "Ada" },
  });
  expect(body["data"]).toEqual({
    success: true,
    status_code: 200,
    content_type: "application/json",
    response: "{}",
    request: {
      method: "POST",
      url: "https://example.com/orders/a%2F1?v=1&full=true",
      headers: { "X-Customer": "Ada" },
      body: { source: "phone", note: "hurry" },
    },
  });
});

test("a GET without arguments has no body", async () => {
  const run = await attached({ ...LOOKUP, method: "GET", url: "https://example.com" });
  expect((await run()).body["data"]).toMatchObject({ request: { method: "GET", url: "https://example.com" } });
});

test("a rule sets the answer of the webhook", async () => {
  const run = await attached();
  emulator.toolRule({ tool: "Look up", response: { state: "shipped" } });
  emulator.toolRule({
    arguments: { id: "2" },
    status: 404,
    content_type: "text/plain",
    response: "no such order",
  });
  emulator.toolRule({ tool: "another", status: 500 });
  expect((await run({ arguments: { id: "1" } })).body["data"]).toMatchObject({
    response: '{"state":"shipped"}',
  });
  expect((await run({ arguments: { id: "2" } })).body["data"]).toMatchObject({
    success: false,
    status_code: 404,
    content_type: "text/plain",
    response: "no such order",
  });
});

test("a tool that is not attached, another type and a list of arguments are refused", async () => {
  const run = await attached();
  expect((await run({ arguments: ["1"] })).body["detail"]).toMatchObject([{ loc: ["body", "arguments"] }]);
  const hangup = await api.post("/ai/tools", { display_name: "Hang up", type: "hangup", hangup: {} });
  const body = { name: "Front desk", instructions: "i", tool_ids: [hangup.body.id] };
  const { id } = (await api.post("/ai/assistants", body)).body;
  expect((await api.post(`/ai/assistants/${id}/tools/${hangup.body.id}/test`, {})).status).toBe(400);
  const loose = await api.post("/ai/tools", { display_name: "Loose", type: "webhook", webhook: LOOKUP });
  expect((await api.post(`/ai/assistants/${id}/tools/${loose.body.id}/test`, {})).status).toBe(404);
});
