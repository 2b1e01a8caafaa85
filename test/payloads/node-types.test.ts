import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { desked, payloadDesk, type PayloadDesk } from "./project.ts";

const SAID = { type: "prompt", id: "intake", instructions: "Ask for the name." };
const UNSAID = { id: "intake", instructions: "Ask for the name." };
const SPEAK = { type: "speak", id: "intake", message: "Please hold." };

function flow(node: JsonObject) {
  return desked({ conversation_flow: { start_node_id: "intake", nodes: [node] } });
}

describe.each([
  ["shows the type of prompt nodes", false],
  ["leaves it out", true],
])("with a server that %s", (_, promptTypeOmitted) => {
  let office: PayloadDesk;

  beforeEach(async () => {
    office = await payloadDesk({ hazards: { promptTypeOmitted } });
  });

  afterEach(() => office.close());

  test.each([
    ["declared", SAID, UNSAID],
    ["not declared", UNSAID, SAID],
  ])("a prompt node whose type is %s is in sync in both forms", async (_, first, second) => {
    await office.applied(flow(first));
    expect((await office.planned()).code).toBe(0);
    await office.declare(flow(second));
    expect((await office.planned()).code).toBe(0);
  });

  test("a node that changes its type and back to prompt is updated both times", async () => {
    await office.applied(flow(UNSAID));
    await office.applied(flow(SPEAK));
    expect(office.assistant().main["conversation_flow"]).toMatchObject({ nodes: [SPEAK] });
    await office.applied(flow(UNSAID));
    const { nodes } = office.assistant().main["conversation_flow"] as { nodes: readonly JsonObject[] };
    expect(nodes).toEqual([expect.objectContaining(UNSAID)]);
    expect(nodes[0]).not.toHaveProperty("message");
    expect((await office.planned()).code).toBe(0);
  });
});

test("a node without type gets the errors of a prompt node", async () => {
  const office = await payloadDesk();
  const { type: _, ...untyped } = SPEAK;
  await office.declare(flow(untyped));
  const { code, stdout, stderr } = await office.rollcall("validate");
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('required field "instructions" is missing');
  await office.close();
});
