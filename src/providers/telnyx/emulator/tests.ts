import { createTest, updateTest } from "./check/others.ts";
import { notFound } from "./errors.ts";
import { pageBody, pageOf } from "./pages.ts";
import type { TestRecord } from "./records.ts";
import { bodyOf, type Call, created, EMPTY, type Handler, ok, param, timestamp } from "./world.ts";

const FILTERS = ["test_suite", "telnyx_conversation_channel", "destination"];

export function testOf(call: Call): TestRecord {
  const id = param(call, "test_id");
  const test = call.world.store.tests.get(id);
  if (test === undefined) throw notFound("Assistant test", id);
  return test;
}

export const listTests: Handler = (call) => {
  const found = call.world.store.tests
    .all()
    .filter((test) => FILTERS.every((key) => call.query[key] === undefined || test[key] === call.query[key]));
  return ok(pageBody(pageOf(call, found)));
};

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

/** The runs of a test go with it. */
export const deleteTest: Handler = (call) => {
  const { store } = call.world;
  const test = testOf(call);
  for (const run of store.runs.all()) if (run.test_id === test.test_id) store.runs.drop(run.run_id);
  store.tests.drop(test.test_id);
  return EMPTY;
};

/** Suites exist only through the tests that name them. */
export const listSuites: Handler = ({ world }) => {
  const names = world.store.tests.all().flatMap((test) => {
    const suite = test["test_suite"];
    return typeof suite === "string" && suite !== "" ? [suite] : [];
  });
  return ok({ data: [...new Set(names)].sort() });
};
