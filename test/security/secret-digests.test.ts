import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { formatLedger, parseLedger } from "../../src/ledger/format.ts";
import { desk, KEY, type Desk } from "../e2e/cli.ts";

const open: Desk[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const manifest = (pin: string) => `apiVersion: rollcall.dev/v1
kind: Tool
metadata: { name: door }
spec:
  type: webhook
  webhook:
    name: door
    description: Opens the door.
    url: https://door.example/open
    headers: [{ name: X-Pin, value: "${pin}" }]
`;

const ledgerOf = ({ folder }: Desk) => join(folder, ".rollcall", "default.json");

async function applied(pin: string): Promise<Desk> {
  const one = await desk();
  open.push(one);
  declare(one, pin);
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  return one;
}

function declare({ folder }: Desk, pin: string): void {
  writeFileSync(join(folder, "door.yaml"), manifest(pin));
}

/** Somebody in the portal gives the door another PIN. */
function turn({ emulator }: Desk, pin: string): void {
  const [tool] = emulator.state().tools as unknown as { readonly id: string }[];
  emulator.portal.edit("Tool", tool?.id ?? "", {
    tool_definition: { headers: [{ name: "X-Pin", value: pin }] },
  });
}

const shortDigest = (value: string) =>
  `rollcall:sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 10)}`;

/** The ledger as an earlier version would have written it. */
function makeOld(one: Desk, pin: string): void {
  const text = readFileSync(ledgerOf(one), "utf8");
  const old = formatLedger(parseLedger(text, "ledger")).replaceAll(
    /rollcall:hmac:[0-9a-f:]+/g,
    shortDigest(pin),
  );
  const { checksum: _, ...body } = JSON.parse(old);
  writeFileSync(ledgerOf(one), formatLedger(body));
}

async function classesOf(one: Desk, env: Record<string, string> = {}): Promise<readonly string[]> {
  const { stdout } = await one.rollcallWith(env, "plan", "--format", "json");
  const { changes, drift } = JSON.parse(stdout).x_rollcall as Record<
    "changes" | "drift",
    readonly { readonly changes: readonly { readonly class: string }[] }[]
  >;
  return [...changes, ...drift].flatMap((one) => one.changes.map((change) => change.class));
}

test("a PIN cannot be guessed from the ledger or a plan", async () => {
  const one = await applied("4711");
  const plan = join(one.folder, "plan.json");
  declare(one, "4712");
  expect((await one.rollcall("plan", "--out", plan)).code).toBe(0);
  const texts = [ledgerOf(one), plan].map((path) => readFileSync(path, "utf8")).join("\n");
  const found = Array.from({ length: 10_000 }, (_, index) => String(index).padStart(4, "0")).filter((pin) =>
    [pin, JSON.stringify(pin)].some((text) =>
      texts.includes(createHash("sha256").update(text).digest("hex").slice(0, 10)),
    ),
  );
  expect(found).toEqual([]);
  expect(texts).toMatch(/rollcall:hmac:[0-9a-f]{8}:[0-9a-f]{32}"/);
});

test("equal secrets have different digests with different API keys", async () => {
  const [one, other] = [await applied("4711"), await desk()];
  open.push(other);
  declare(other, "4711");
  await other.rollcallWith({ TELNYX_API_KEY: `${KEY}2` }, "apply", "--yes");
  const digest = ({ folder }: Desk) =>
    /rollcall:hmac:[0-9a-f:]+/.exec(readFileSync(ledgerOf({ folder } as Desk), "utf8"))?.[0];
  expect(digest(one)).not.toBe(digest(other));
});

test("a ledger of an earlier version is read, and the next apply renews its digests", async () => {
  const one = await applied("4711");
  makeOld(one, "4711");
  expect(await classesOf(one)).toEqual([]);
  expect((await one.rollcall("drift")).code).toBe(0);
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  const text = readFileSync(ledgerOf(one), "utf8");
  expect(text).not.toContain("sha256:");
  expect(text).toContain("rollcall:hmac:");
});

test("with such a ledger, pending, drift and conflict are detected", async () => {
  const one = await applied("4711");
  makeOld(one, "4711");
  declare(one, "1234");
  expect(await classesOf(one)).toEqual(["pending"]);
  declare(one, "4711");
  turn(one, "9999");
  expect(new Set(await classesOf(one))).toEqual(new Set(["drift"]));
  declare(one, "1234");
  expect(await classesOf(one)).toContain("conflict");
});

test("after a rotation of the API key nothing is reported as changed, and a changed secret has no baseline", async () => {
  const one = await applied("4711");
  const rotated = { TELNYX_API_KEY: `${KEY}2` };
  expect(await classesOf(one, rotated)).toEqual([]);
  expect((await one.rollcallWith(rotated, "drift")).code).toBe(0);
  declare(one, "1234");
  expect(await classesOf(one, rotated)).toEqual(["no-baseline"]);
  expect((await one.rollcallWith(rotated, "apply", "--yes")).code).toBe(0);
  expect((await one.rollcallWith(rotated, "plan", "--detailed-exitcode")).code).toBe(0);
});
