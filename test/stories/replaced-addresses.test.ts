import { describe, expect, test } from "vitest";
import { APPLY } from "./edits.ts";
import { assistant, type Manifest, ref, version } from "./manifests.ts";
import { callsNothingForeign, comesInOrder, isInOrder } from "./order.ts";
import { story } from "./story.ts";

const PARENTS = [assistant("one"), assistant("two")];
const LONG = "x".repeat(128);

/** A version cannot move to another assistant: there it is created anew, and then deleted here. */
function under(parent: string, name: string): Manifest {
  const { spec, ...rest } = version("v", parent);
  const version_name = name === LONG ? "v" : name;
  return {
    ...rest,
    metadata: { name },
    spec: { ...spec, assistant: ref(`Assistant/${parent}`), version_name },
  };
}

describe.each([
  ["another resource has its address with .replaced", "v", ["v.replaced"]],
  ["its address is as long as possible", LONG, []],
] as const)("an object is replaced, and %s", (_, name, others) => {
  const rest = [...PARENTS, ...others.map((one) => under("one", one))];

  test("all are as declared", async () => {
    const told = await story();
    await told.declare(under("one", name), ...rest);
    await told.ends(0, ...APPLY);
    const ids = others.map((one) => told.idOf("AssistantVersion", one));
    await told.declare(under("two", name), ...rest);
    await told.ends(0, ...APPLY);
    await isInOrder(told);
    expect(others.map((one) => told.idOf("AssistantVersion", one))).toEqual(ids);
  });

  test("the run is killed in between: all are as declared after the next one", async () => {
    const told = await story();
    await told.declare(under("one", name), ...rest);
    await told.ends(0, ...APPLY);
    const ids = others.map((one) => told.idOf("AssistantVersion", one));
    await told.declare(under("two", name), ...rest);
    await told.killed({ side: "before", method: "DELETE" }, ...APPLY);
    await callsNothingForeign(told);
    await comesInOrder(told);
    expect(others.map((one) => told.idOf("AssistantVersion", one))).toEqual(ids);
    expect(told.all("AssistantVersion")).toHaveLength(1 + others.length);
  });
});

test("an object that waits for its deletion can be forgotten", async () => {
  const told = await story();
  await told.declare(...PARENTS, under("one", "v"));
  await told.ends(0, ...APPLY);
  await told.declare(...PARENTS, under("two", "v"));
  await told.killed({ side: "before", method: "DELETE" }, ...APPLY);
  await told.ends(0, "ledger", "forget", "AssistantVersion/v#replaced");
  await comesInOrder(told);
  expect(told.all("AssistantVersion", "v")).toHaveLength(2);
});
