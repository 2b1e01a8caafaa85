import fc from "fast-check";
import type { Json, JsonObject } from "../../src/model/json.ts";

/** How often. `ROLLCALL_TEST_RUNS` (a factor) lets the suite search further. */
export function search<T>(numRuns: number): fc.Parameters<T> {
  return { numRuns: Math.ceil(numRuns * FACTOR) };
}

const FACTOR = Number(process.env["ROLLCALL_TEST_RUNS"] ?? 1);

/** Milliseconds after which a search hangs, however slow the machine. */
export const PATIENCE = 900_000 * Math.max(1, FACTOR);

const word = fc.constantFrom("a", "b", "c d", "é");

/** Lines with either line end, with and without white space after the last one. */
const text = fc
  .tuple(
    fc.array(fc.constantFrom("", "one", "two  ", "\tthree"), { maxLength: 3 }),
    fc.constantFrom("\n", "\r\n"),
  )
  .map(([lines, end]) => lines.join(end));

const anything: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(word, fc.constant(null), fc.boolean(), fc.constantFrom(0, 1, 2 ** 60)) },
  fc.array(word, { maxLength: 2 }),
  fc.dictionary(word, fc.oneof(word, fc.constant(null)), { maxKeys: 2 }),
);

/** One or none of each member, as a plain object; `always` stands in every one. */
export function some(
  members: Readonly<Record<string, fc.Arbitrary<Json>>>,
  always: JsonObject = {},
): fc.Arbitrary<JsonObject> {
  return fc.record(members, { requiredKeys: [] }).map((value) => together(always, value as JsonObject));
}

function together(...parts: readonly JsonObject[]): JsonObject {
  return Object.assign({}, ...parts) as JsonObject;
}

const skill: fc.Arbitrary<Json> = fc.oneof(
  fc.record({
    type: fc.constant("call"),
    call: some({ name: fc.constantFrom("x", "y"), url: word, limit: fc.constantFrom(1, 2) }),
  }),
  fc.record({ type: fc.constant("hangup"), hangup: some({ words: word }) }),
);

const sound: fc.Arbitrary<JsonObject> = fc.oneof(
  some({ value: word }, { type: "file" }),
  some({ volume: fc.constantFrom(0.5, 1) }, { type: "preset" }),
);

/** The fields of an invented robot: every trait that a field can have. */
export const robotFields: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  script: text,
  greeting: fc.constantFrom("", "Hi", "Hello\r\n"),
  voice: some({
    tone: word,
    speed: fc.constantFrom(1, 2),
    boost: fc.option(word),
    pitch: fc.constantFrom(1, 2),
  }),
  tags: fc.uniqueArray(word, { maxLength: 3 }),
  skills: fc.uniqueArray(skill, { maxLength: 3, selector: (one) => JSON.stringify(one) }),
  colleagues: fc
    .uniqueArray(fc.constantFrom("id-1", "id-2", "id-3"), { maxLength: 3 })
    .chain((ids) => fc.tuple(...ids.map((id) => some({ note: word }, { id })))),
  variables: fc.dictionary(word, anything, { maxKeys: 2 }),
  sound,
  password: fc.constantFrom("hunter2-clear", "hunter3-clear"),
  plan: fc.array(some({ at: word, rest: word }), { maxLength: 2 }),
  serial: fc.constantFrom("1", "2"),
};

/** A robot's spec: the script always, everything else perhaps. */
export const robotSpec: fc.Arbitrary<JsonObject> = fc
  .tuple(text, some(robotFields))
  .map(([script, rest]) => together({ script }, rest));

/** A live robot: also fields that the schema does not know. */
export const liveRobot: fc.Arbitrary<JsonObject> = fc
  .tuple(robotSpec, some({ model: word, beta: some({ flag: fc.boolean() }) }))
  .map(([spec, rest]) => together(spec, rest));
