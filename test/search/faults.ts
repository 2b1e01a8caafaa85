import fc from "fast-check";
import type { Fault, FaultKind } from "../../src/providers/telnyx/emulator/faults.ts";

const WRITES = ["POST", "PUT", "PATCH", "DELETE"] as const;

const applied = fc.constantFrom<Pick<Extract<FaultKind, { kind: "status" }>, "applied">>(
  {},
  {},
  { applied: true },
  { applied: "forgotten" },
);

/** The server fails, and perhaps has done what was asked for. */
const failing: fc.Arbitrary<FaultKind> = fc
  .tuple(fc.constantFrom(500, 502, 503, 504), fc.constantFrom("telnyx", "html", "empty"), applied)
  .map(([status, body, effect]) => Object.assign({ kind: "status" as const, status, body }, effect));

const broken: fc.Arbitrary<FaultKind> = fc.constantFrom<FaultKind>(
  { kind: "reset-before" },
  { kind: "reset-after" },
  { kind: "truncate" },
  { kind: "status", status: 429, headers: { "retry-after": "1" } },
  { kind: "status", status: 429 },
  { kind: "status", status: 408 },
);

/** Nothing has happened, and repeating does not help. */
const refusing: fc.Arbitrary<FaultKind> = fc.constantFrom<FaultKind>(
  { kind: "status", status: 400, code: "10015" },
  { kind: "status", status: 401, code: "10009" },
  { kind: "status", status: 404, code: "10005" },
  { kind: "status", status: 409, code: "10012" },
  { kind: "status", status: 409, code: "10036" },
  { kind: "status", status: 422, body: "fastapi" },
  { kind: "status", status: 422, body: "telnyx", code: "10027" },
);

const onWrites = fc
  .tuple(fc.constantFrom(...WRITES, undefined), fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }))
  .map(([method, nth]) =>
    Object.assign(method === undefined ? { pattern: "." } : { method }, nth === undefined ? {} : { nth }),
  );

const times = fc.constantFrom<number | "always">(1, 1, 2, 3, 9, "always");

export const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ match: onWrites, times, fault: fc.oneof(failing, broken) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      match: fc.constantFrom(...WRITES).map((method) => ({ method })),
      times,
      fault: refusing,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      match: fc.integer({ min: 1, max: 12 }).map((nth) => ({ method: "GET", nth })),
      fault: fc.oneof(failing, broken),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      probability: fc.constant(0.2),
      times: fc.constant("always" as const),
      fault: broken,
    }),
  },
);
