import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { APPLY, CREATION } from "./edits.ts";
import { assistant, type Manifest, tool } from "./manifests.ts";
import { isInOrder } from "./order.ts";
import { type Moment, story, type Story } from "./story.ts";

const PRUNE = ["apply", "--yes", "--prune", "--allow-mass-change"] as const;
const OTHER = tool("other");
const ANNOUNCED = "did not finish";
const HOUR = 3_600_000;

/** A creation that was killed and whose manifest was taken back. */
async function takenBack(manifest: Manifest, at: Moment, lag?: number): Promise<Story> {
  const told = await story();
  await told.declare(OTHER);
  await told.ends(0, ...APPLY);
  if (lag !== undefined) told.emulator.lag({ milliseconds: lag, onlyLists: false });
  await told.declare(OTHER, manifest);
  await told.killed(at, ...APPLY);
  await told.declare(OTHER);
  return told;
}

const openIntents = (told: Story): unknown =>
  (JSON.parse(readFileSync(join(told.folder, ".rollcall/default.json"), "utf8")) as { intents?: unknown })
    .intents;

describe("a killed creation without an effect, whose manifest was reverted", () => {
  const before = () => takenBack(assistant("wanted"), { side: "before", ...CREATION.Assistant });

  test("is reported once, with the time until which it is searched for", async () => {
    const told = await before();
    const { stderr } = await told.ends(0, ...APPLY);
    expect(stderr).toContain(ANNOUNCED);
    expect(stderr).toMatch(
      /Assistant\/wanted: not found; lists can lag, so each apply searches for it until \d{4}-/,
    );
    for (const command of [APPLY, PRUNE, APPLY]) {
      const again = await told.ends(0, ...command);
      expect(again.stderr).not.toContain(ANNOUNCED);
    }
  });

  test("is closed without a report by the first apply after that time", async () => {
    const told = await before();
    await told.ends(0, ...APPLY);
    expect(openIntents(told)).toBeDefined();
    told.clock.pass(HOUR + 1);
    const { stderr } = await told.ends(0, ...APPLY);
    expect(stderr).not.toContain(ANNOUNCED);
    expect(openIntents(told)).toBeUndefined();
  });

  test("is reported when it appears late", async () => {
    const told = await takenBack(assistant("wanted"), { side: "after", ...CREATION.Assistant }, 300_000);
    const first = await told.ends(0, ...APPLY);
    expect(first.stderr).toContain("Assistant/wanted: not found");
    told.emulator.lag();
    const second = await told.ends(0, ...APPLY);
    expect(second.stderr).toContain("Assistant/wanted: matched by name");
    await told.ends(0, ...PRUNE);
    expect(told.all("Assistant")).toEqual([]);
  });

  test("is forgotten by ledger forget, with a warning that its object may exist", async () => {
    const told = await before();
    const { stdout } = await told.ends(0, "ledger", "forget", "Assistant/wanted");
    expect(stdout).toContain("may have created an object");
    expect(openIntents(told)).toBeUndefined();
    const { stderr } = await told.ends(0, ...APPLY);
    expect(stderr).not.toContain(ANNOUNCED);
  });

  test("is moved by ledger move", async () => {
    const told = await before();
    await told.ends(0, "ledger", "move", "Assistant/wanted", "Assistant/new");
    expect(openIntents(told)).toMatchObject([{ address: "Assistant/new" }]);
  });

  test("is listed as unknown", async () => {
    const told = await before();
    const { stderr } = await told.ends(0, "ledger", "list");
    expect(stderr).toContain("Assistant/wanted");
  });
});

describe("other killed steps without an effect are reported once", () => {
  test("an update, while others are applied", async () => {
    const told = await story();
    await told.declare(OTHER, assistant("front", { greeting: "one" }));
    await told.ends(0, ...APPLY);
    await told.declare(OTHER, assistant("front", { greeting: "two" }));
    await told.killed({ side: "before", writes: true }, ...APPLY);
    const first = await told.ends(0, ...APPLY, "--target", "Tool/other");
    expect(first.stderr).toContain("Assistant/front: not done");
    const second = await told.ends(0, ...APPLY, "--target", "Tool/other");
    expect(second.stderr).not.toContain(ANNOUNCED);
    await told.ends(0, ...APPLY);
    await isInOrder(told);
  });

  test("a reverted deletion", async () => {
    const told = await story();
    await told.declare(OTHER, assistant("front"));
    await told.ends(0, ...APPLY);
    await told.declare(OTHER);
    await told.killed({ side: "before", writes: true }, ...PRUNE);
    await told.declare(OTHER, assistant("front"));
    const first = await told.ends(0, ...APPLY);
    expect(first.stderr).toContain("Assistant/front: not done");
    const second = await told.ends(0, ...APPLY);
    expect(second.stderr).not.toContain(ANNOUNCED);
    await isInOrder(told);
  });
});

/** Put together here, so that no file holds anything like a secret. */
const SECRET = ["s3cret", "value", "0123456789"].join("-");

const HOLDING: readonly (readonly [string, Manifest, "Tool" | "Assistant"])[] = [
  ["a shared tool", tool("wanted", { headers: [{ name: "X-Token", value: SECRET }] }), "Tool"],
  [
    "an assistant with a tool of its own",
    assistant("wanted", {
      tools: [
        {
          type: "webhook",
          webhook: {
            name: "w",
            description: "d",
            url: "https://tools.example/w",
            headers: [{ name: "X-Token", value: SECRET }],
          },
        },
      ],
    }),
    "Assistant",
  ],
];

describe.each(HOLDING)("a killed creation with a secret in it, %s", (_, manifest, kind) => {
  test("with an effect, whose manifest was reverted, is deleted by the second prune at the latest", async () => {
    const told = await takenBack(manifest, { side: "after", ...CREATION[kind] });
    await told.ends(0, ...PRUNE);
    await told.ends(0, ...PRUNE);
    expect(told.all(kind, "wanted")).toEqual([]);
    await isInOrder(told);
    expect(openIntents(told)).toBeUndefined();
  });

  test("without an effect does not delete an equal foreign object", async () => {
    const told = await takenBack(manifest, { side: "before", ...CREATION[kind] });
    const { name: _name, ...spec } = manifest.spec;
    const id = told.emulator.portal.create(kind, kind === "Tool" ? manifest.spec : { ...spec, name: "wanted" });
    await told.ends(0, ...PRUNE);
    await told.ends(0, ...PRUNE);
    expect(told.all(kind, "wanted").map((one) => one.id)).toEqual([id]);
    expect(openIntents(told)).toBeUndefined();
  });
});

test("an object whose key has expired is not changed, and the message says what to do", async () => {
  const told = await takenBack(tool("wanted"), { side: "after", ...CREATION.Tool });
  await told.ends(0, ...APPLY);
  told.clock.pass(24 * HOUR);
  const { stdout, stderr } = await told.run(...PRUNE);
  const said = `${stdout}\n${stderr}`;
  expect(said).toContain("rollcall ledger forget Tool/wanted");
  expect(said).not.toContain("plan again");
  expect(told.all("Tool", "wanted")).toHaveLength(1);
  await told.ends(0, "ledger", "forget", "Tool/wanted");
  await told.ends(0, ...PRUNE);
  await isInOrder(told);
});
