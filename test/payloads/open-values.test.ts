import { expect, test } from "vitest";
import { desked, payloadDesk } from "./project.ts";

test("unknown values get a warning, and the emulator accepts them", async () => {
  const office = await payloadDesk();
  const spec = { type: "streamable_http", url: "https://mcp.acme.example" };
  const fields = {
    tools: [{ type: "teleport", teleport: { to: "mars" } }],
    transcription: { model: "deepgram/nova-3-medical" },
    telephony_settings: { noise_suppression: "hush" },
  };
  await office.applied({ kind: "McpServer", name: "crm", spec }, desked(fields));
  expect(office.assistant().main).toMatchObject(fields);
  expect((await office.planned()).code).toBe(0);
  await office.close();
});
