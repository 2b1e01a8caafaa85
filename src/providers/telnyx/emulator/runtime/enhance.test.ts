import { expect, test } from "vitest";
import type { JsonObject } from "../../../../model/json.ts";
import { emulatorForTests } from "../../../../../test/e2e/raw-client.ts";

const { emulator, api } = await emulatorForTests();

async function enhanced(body?: JsonObject): Promise<Response> {
  const { id } = (await api.post("/ai/assistants", { name: "Front desk", instructions: "Be brief." })).body;
  return fetch(`${emulator.url}/ai/assistants/${id}/instructions/enhance`, {
    method: "POST",
    headers: { authorization: "Bearer KEY0123" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

test("enhances the assistant's instructions or the ones in the body, and uses the prompt", async () => {
  const bare = await enhanced();
  expect(bare.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(bare.headers.get("content-length")).toBeNull();
  expect(await bare.text()).toMatch(/^Be brief\.\n\n/);
  const sent = await (await enhanced({ instructions: "Be kind.", enhancement_prompt: "Be short." })).text();
  expect(sent).toMatch(/^Be kind\.\n\n(.*\n)+Be short\.\n$/);
  expect(await (await enhanced({ instructions: null, enhancement_prompt: null })).text()).toMatch(
    /^Be brief\./,
  );
});

test("a rule sets the result or an error; the assistant does not change", async () => {
  emulator.enhanceRule({ assistant: "Front desk", instructions: "Better.\n" });
  expect(await (await enhanced({})).text()).toBe("Better.\n");
  emulator.enhanceRule({ fail: { status: 503 } });
  expect((await enhanced({})).status).toBe(503);
  expect((await enhanced({ instructions: 7 })).status).toBe(422);
  const { assistants } = emulator.state();
  expect(new Set(assistants.map(({ main }) => main["instructions"]))).toEqual(new Set(["Be brief."]));
});

test("a fault cuts the text in the middle", async () => {
  emulator.inject({ match: { pattern: "enhance$" }, fault: { kind: "truncate", after: 1 } });
  const response = await enhanced({});
  await expect(response.text()).rejects.toThrow("terminated");
});
