import { expect, test } from "vitest";
import { desked, payloadDesk } from "./project.ts";

const NAMES = { description: "Looks up.", url: "https://api.acme.example" };
const TOOLS = [
  { kind: "Tool", name: "one", spec: { type: "webhook", webhook: { name: "look", ...NAMES } } },
  { kind: "Tool", name: "two", spec: { type: "webhook", webhook: { name: "find", ...NAMES } } },
  { kind: "Tool", name: "end", spec: { type: "hangup", hangup: { description: "Ends the call." } } },
];

test("attached tools without an id are in sync, and their removal is noticed", async () => {
  const office = await payloadDesk({ hazards: { sharedToolIdsOmitted: true } });
  const tool_ids = ["two", "end"].map((name) => ({ ref: `Tool/${name}` }));
  await office.applied(...TOOLS, desked({ tool_ids }));
  expect((await office.planned()).code).toBe(0);
  expect((await office.rollcall("drift")).code).toBe(0);
  office.emulator.portal.edit("Assistant", office.assistant().id, { tool_ids: [] });
  expect((await office.rollcall("drift")).code).toBe(2);
  await office.applied(...TOOLS, desked({ tool_ids }));
  expect((await office.planned()).code).toBe(0);
  await office.close();
});
