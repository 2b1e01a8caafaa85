import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, LONGEST_WAIT, mayHaveRun, type Outcome, retryBudget, retryHint } from "./retry.ts";

const answer = (status: number, more: Partial<Extract<Outcome, { type: "answer" }>> = {}): Outcome => ({
  type: "answer",
  status,
  ...more,
});
const lost: Outcome = { type: "fault", fault: "connection", sent: true };
const unreachable: Outcome = { type: "fault", fault: "connection", sent: false };
const garbled: Outcome = { type: "fault", fault: "garbled", sent: true };
const untrusted: Outcome = { type: "fault", fault: "certificate", sent: false };

const GET = ["GET", false] as const;
const KEYED = ["POST", true] as const;
const UNKEYED = ["POST", false] as const;

const RETRIED = "retried";
test.each([
  ["a read, 500", answer(500), GET, RETRIED],
  ["a read, 408", answer(408), GET, RETRIED],
  ["a read, lost", lost, GET, RETRIED],
  ["a read, garbled", garbled, GET, RETRIED],
  ["a read, 404", answer(404), GET, "final"],
  ["a read, 409", answer(409, { code: "10036" }), GET, "final"],
  ["a read, a web page", { type: "fault", fault: "foreign", sent: true } as Outcome, GET, "final"],
  ["a read, no trust", untrusted, GET, "final"],
  ["with a key, 503", answer(503), KEYED, "unsafe"],
  ["with a key, 429", answer(429), KEYED, RETRIED],
  ["with a key, lost", lost, KEYED, RETRIED],
  ["with a key, garbled", garbled, KEYED, RETRIED],
  ["with a key, still in progress", answer(409, { code: "10036" }), KEYED, RETRIED],
  ["with a key, another conflict", answer(409, { code: "10012" }), KEYED, "final"],
  ["with a key, 422", answer(422), KEYED, "final"],
  ["with a key, 401", answer(401), KEYED, "final"],
  ["without, 429", answer(429), UNKEYED, RETRIED],
  ["without, never sent", unreachable, UNKEYED, RETRIED],
  ["without, lost", lost, UNKEYED, "unsafe"],
  ["without, garbled", garbled, UNKEYED, "unsafe"],
  ["without, 500", answer(500), UNKEYED, "unsafe"],
  ["without, 408", answer(408), UNKEYED, "unsafe"],
  ["without, 400", answer(400), UNKEYED, "final"],
  ["without, 500, told to", answer(500, { hint: { should: true } }), UNKEYED, "unsafe"],
  ["without, 425, told to", answer(425, { hint: { should: true } }), UNKEYED, RETRIED],
  ["a read, 500, told not to", answer(500, { hint: { should: false } }), GET, "final"],
])("%s", (_, outcome, [method, hasKey], expected) => {
  const verdict = decide(1, outcome, { method, hasIdempotencyKey: hasKey }, 0.5);
  expect("giveUp" in verdict ? verdict.giveUp : RETRIED).toBe(expected);
});

describe("waiting", () => {
  test("grows and is capped, with full jitter", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) =>
      decide(attempt, answer(500), { method: "GET", hasIdempotencyKey: false }, 1),
    );
    expect(waits.map((wait) => "retryAfter" in wait && wait.retryAfter)).toEqual([
      500, 1000, 2000, 4000, 8000, 8000, 8000,
    ]);
    expect(decide(4, answer(500), { method: "GET", hasIdempotencyKey: false }, 0)).toEqual({ retryAfter: 0 });
  });

  test("follows Retry-After with some added jitter", () => {
    expect(
      decide(1, answer(429, { hint: { after: 7000 } }), { method: "PUT", hasIdempotencyKey: false }, 0),
    ).toEqual({ retryAfter: 7000 });
    expect(
      decide(1, answer(429, { hint: { after: 7000 } }), { method: "PUT", hasIdempotencyKey: false }, 0.5),
    ).toEqual({ retryAfter: 7125 });
  });

  test("a wait that is too long is not waited for", () => {
    expect(
      decide(
        1,
        answer(429, { hint: { after: LONGEST_WAIT + 1 } }),
        { method: "GET", hasIdempotencyKey: false },
        0,
      ),
    ).toEqual({
      giveUp: "wait",
    });
  });

  test("an unreachable server is retried less often than a failing one", () => {
    const last = (outcome: Outcome) =>
      [1, 2, 3, 4, 5, 6, 7, 8, 9].find(
        (attempt) => "giveUp" in decide(attempt, outcome, { method: "GET", hasIdempotencyKey: false }, 0),
      );
    expect([last(unreachable), last(answer(500)), last(garbled)]).toEqual([5, 8, 8]);
  });
});

const outcomes = fc.oneof(
  fc.record({
    type: fc.constant("answer" as const),
    status: fc.integer({ min: 300, max: 599 }),
    code: fc.constantFrom("10036", "10012", "10015"),
    hint: fc.record({ after: fc.nat(), should: fc.boolean() }, { requiredKeys: [] }),
  }),
  fc.record({
    type: fc.constant("fault" as const),
    fault: fc.constantFrom(
      "connection" as const,
      "garbled" as const,
      "certificate" as const,
      "foreign" as const,
    ),
    sent: fc.boolean(),
  }),
);

test("a write without a key is never repeated if it may have run, and every request ends", () => {
  fc.assert(
    fc.property(
      fc.nat(20),
      outcomes,
      fc.constantFrom("POST", "PUT", "PATCH", "DELETE"),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (before, outcome, method, random) => {
        const verdict = decide(before + 1, outcome, { method, hasIdempotencyKey: false }, random);
        if (mayHaveRun(outcome)) expect(verdict).toHaveProperty("giveUp");
        if (before >= 8) expect(verdict).toHaveProperty("giveUp");
        if ("retryAfter" in verdict) expect(verdict.retryAfter).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

describe("header values", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  test.each([
    [503, { "retry-after": "3" }, { after: 3000 }],
    [503, { "retry-after": "0.5" }, { after: 500 }],
    [503, { "retry-after": "Sun, 01 Mar 2026 12:00:09 GMT" }, { after: 9000 }],
    [503, { "retry-after": "Sun, 01 Mar 2026 11:00:00 GMT" }, { after: 0 }],
    [
      503,
      { "retry-after": "Sun, 01 Mar 2026 12:00:09 GMT", date: "Sun, 01 Mar 2026 12:00:02 GMT" },
      { after: 7000 },
    ],
    [503, { "retry-after": "soon" }, {}],
    [503, { "retry-after-ms": "250", "retry-after": "3" }, { after: 250 }],
    [429, { "x-ratelimit-reset": "12" }, { after: 12_000 }],
    [503, { "x-ratelimit-reset": "12" }, {}],
    [500, { "x-should-retry": "false" }, { should: false }],
    [500, { "x-should-retry": "true" }, { should: true }],
    [500, { "x-should-retry": "perhaps" }, {}],
  ])("%i %o", (status, headers: Record<string, string>, expected) => {
    expect(retryHint(status, (name) => headers[name], now)).toEqual(expected);
  });
});

test("the budget ends a long outage and is enough for 20% failures", () => {
  const outage = retryBudget(10);
  expect(Array.from({ length: 12 }, () => outage.spend(1)).filter(Boolean)).toHaveLength(10);
  const shaky = retryBudget(10);
  const spent = Array.from({ length: 1000 }, (_, index) => {
    shaky.earn();
    return index % 4 !== 0 || shaky.spend(1);
  });
  expect(spent.every(Boolean)).toBe(true);
});
