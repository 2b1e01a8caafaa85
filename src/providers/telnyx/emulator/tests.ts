import { createTest, updateTest } from "./check/others.ts";
import { recordIn } from "./store.ts";
import { askedFor, paged } from "./pages.ts";
import type { TestRecord } from "./records.ts";
import { bodyOf, type Call, created, EMPTY, type Handler, ok, param, timestamp } from "./world.ts";

const FILTERS = {
  test_suite: "test_suite",
  telnyx_conversation_channel: "telnyx_conversation_channel",
  destination: "destination",
};

export const testOf = (call: Call) =>
  recordIn(call.world.store.tests, "Assistant test", param(call, "test_id"));

export const listTests: Handler = (call) =>
  paged(call, call.world.store.tests.all().filter(askedFor(call, FILTERS)), (test) => test);

export const getTest: Handler = (call) => ok(testOf(call));

export const postTest: Handler = (call) => {
  const { world } = call;
  const test: TestRecord = {
    test_id: world.chance.uuid(),
    ...bodyOf(call, createTest),
    created_at: timestamp(world),
  };
  world.store.tests.put(test.test_id, test);
  return created(test);
};

export const putTest: Handler = (call) => {
  const test = testOf(call);
  const changed: TestRecord = { ...test, ...bodyOf(call, updateTest) };
  call.world.store.tests.put(test.test_id, changed);
  return ok(changed);
};

/** The runs of a test are deleted with it. */
export const deleteTest: Handler = (call) => {
  const { store } = call.world;
  const test = testOf(call);
  for (const run of store.runs.all()) if (run.test_id === test.test_id) store.runs.drop(run.run_id);
  store.tests.drop(test.test_id);
  return EMPTY;
};

/** A suite exists as long as a test names it. */
export const listSuites: Handler = ({ world }) => {
  const names = world.store.tests.all().flatMap((test) => {
    const suite = test["test_suite"];
    return typeof suite === "string" && suite !== "" ? [suite] : [];
  });
  return ok({ data: [...new Set(names)].sort() });
};
