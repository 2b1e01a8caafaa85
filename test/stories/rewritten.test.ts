import { describe, expect, test } from "vitest";
import { APPLY, BODY, CREATION } from "./edits.ts";
import { assistant, type Manifest, probe, server, tool, version } from "./manifests.ts";
import { at, callsNothingForeign, comesInOrder, pathsOf, planned } from "./order.ts";
import { story, type Story } from "./story.ts";

interface Request {
  readonly method: string;
  readonly path: RegExp;
}

/** A field that the server rewrites, the request that writes it, and the path of its object. */
interface Case {
  readonly what: string;
  readonly make: (value: string) => readonly Manifest[];
  readonly creation: Request;
  /** Where it is in the body of a request. */
  readonly field: string;
  readonly update: Request;
  readonly item: RegExp;
}

const ITEM = /^\/ai\/assistants\/(?!tests$)[^/]+$/;

const CASES: readonly Case[] = [
  {
    what: "a field of an assistant",
    make: (description) => [assistant("front", { description })],
    field: "description",
    creation: CREATION.Assistant,
    update: BODY,
    item: ITEM,
  },
  {
    what: "a member of a block of an assistant",
    make: (name) => [assistant("front", { dynamic_variables: { name, other: "same" } })],
    field: "/dynamic_variables/name",
    creation: CREATION.Assistant,
    update: BODY,
    item: ITEM,
  },
  {
    what: "a member of a shared tool",
    make: (description) => [tool("ticket", { description })],
    field: "/webhook/description",
    creation: CREATION.Tool,
    update: { method: "PATCH", path: /^\/ai\/tools\// },
    item: /^\/ai\/tools\/[^/]+$/,
  },
  {
    what: "a field of an MCP server",
    make: (name) => [server("crm", { url: `https://${name}.example` })],
    field: "url",
    creation: CREATION.McpServer,
    update: { method: "PUT", path: /^\/ai\/mcp_servers\// },
    item: /^\/ai\/mcp_servers\/[^/]+$/,
  },
  {
    what: "a field of a test",
    make: (description) => [probe("hours", { description })],
    field: "description",
    creation: CREATION.AssistantTest,
    update: { method: "PUT", path: /^\/ai\/assistants\/tests\// },
    item: /^\/ai\/assistants\/tests\/[^/]+$/,
  },
  {
    what: "a change of a version",
    make: (greeting) => [assistant("front"), version("warm", "front", { greeting })],
    field: "greeting",
    creation: BODY,
    update: { method: "POST", path: /\/versions\/[^/]+$/ },
    item: /\/versions\/[^/]+$/,
  },
];

type Write = "creation" | "update";

/** The run is killed before it reads back what it has written. */
async function killedBeforeReadBack(one: Case, write: Write): Promise<Story> {
  const told = await story();
  await told.declare(...one.make("one"));
  if (write === "update") {
    await told.ends(0, ...APPLY);
    await told.declare(...one.make("two"));
  }
  const match = one[write];
  told.emulator.inject({ match, times: 1, fault: { kind: "rewrite-field", field: one.field } });
  told.emulator.clearRequests();
  // An object that exists is read for the plan, and before it is updated.
  const nth = write === "creation" ? 1 : 3;
  await told.killed({ side: "before", method: "GET", path: one.item, nth }, ...APPLY);
  const isSent = ({ method, path }: { readonly method: string; readonly path: string }) =>
    method === match.method && match.path.test(path);
  expect(told.emulator.requests().filter(isSent)).toHaveLength(1);
  return told;
}

const GRID = CASES.flatMap((one) =>
  (["creation", "update"] as const).map((write): [string, Write, Case] => [one.what, write, one]),
);

describe("what the server rewrote for a run that was killed before it read it back", () => {
  test.each(GRID)("%s, %s: is no edit of somebody else, and is written again", async (_, write, one) => {
    const told = await killedBeforeReadBack(one, write);
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test.each(GRID)("%s, %s: is no edit of somebody else if the manifest changes", async (_, write, one) => {
    const told = await killedBeforeReadBack(one, write);
    await told.declare(...one.make("three"));
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test.each(CASES)("$what, read too late: is no edit of somebody else, and is written again", async (one) => {
    const told = await story();
    await told.declare(...one.make("one"));
    await told.ends(0, ...APPLY);
    await told.declare(...one.make("two"));
    told.emulator.inject({ match: one.update, times: 1, fault: { kind: "rewrite-field", field: one.field } });
    told.emulator.lag({ milliseconds: 300_000 });
    await told.ends(3, ...APPLY);
    told.emulator.lag();
    await callsNothingForeign(told);
    await comesInOrder(told);
  });

  test("an edit of it since is drift", async () => {
    const [one] = CASES;
    if (one === undefined) throw new Error("there are no cases");
    const told = await killedBeforeReadBack(one, "update");
    told.emulator.portal.edit("Assistant", told.idOf("Assistant", "front"), { description: "Theirs." });
    expect(pathsOf(await planned(told), "drift", "conflict")).toContain("Assistant/front /description");
  });

  test("a tag that somebody adds at the same time stays", async () => {
    const told = await story();
    await told.declare(assistant("front", { description: "one", tags: ["one"] }));
    await told.ends(0, ...APPLY);
    await told.declare(assistant("front", { description: "two", tags: ["one", "two"] }));
    const id = told.idOf("Assistant", "front");
    told.emulator.inject({
      match: BODY,
      times: 1,
      fault: { kind: "rewrite-field", field: "description" },
      onStrike: () => told.emulator.portal.edit("Assistant", id, { tags: ["one", "theirs"] }),
    });
    await told.killed({ side: "before", method: "GET", path: ITEM, nth: 3 }, ...APPLY);
    await comesInOrder(told);
    expect(at(told.one("Assistant", "front"), "tags")).toEqual(expect.arrayContaining(["theirs", "two"]));
  });
});
