import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatLedger, parseLedger } from "../../src/ledger/format.ts";
import type { Intent, LedgerEntry } from "../../src/model/ledger.ts";
import { desk, type Desk } from "../e2e/cli.ts";
import { manifest, ref, world } from "../memory/memory-project.ts";

let one: Desk;

beforeEach(async () => {
  one = await desk();
});
afterEach(() => one.close());

const LEDGER = ".rollcall/default.json";
const file = (name: string) => join(one.folder, name);

function declare(kind: string, name: string, spec: object): void {
  const document = { apiVersion: "rollcall.dev/v1", kind, metadata: { name }, spec };
  writeFileSync(file(`${name}.yaml`), JSON.stringify(document));
}

const assistant = (name: string) => declare("Assistant", name, { instructions: "Be brief." });

/** A ledger that is whole, and in which somebody has changed an entry. */
function tamper(address: `${string}/${string}`, change: Partial<LedgerEntry>): void {
  const state = parseLedger(readFileSync(file(LEDGER), "utf8"), "ledger");
  const entry = { ...(state.entries[address] as LedgerEntry), ...change };
  writeFileSync(file(LEDGER), formatLedger({ ...state, entries: { ...state.entries, [address]: entry } }));
}

const live = () => one.emulator.state().assistants.filter(({ deleted_at }) => deleted_at === null);
const names = () => live().map(({ main }) => main["name"]);
const unwrapped = (text: string) => text.replaceAll(/\s+/g, " ");

async function theirs(
  kind: string,
  object: Parameters<Desk["emulator"]["portal"]["create"]>[1],
): Promise<string> {
  return one.emulator.portal.create(kind as never, object);
}

describe("a ledger entry for a foreign object", () => {
  test.each([["apply", "--prune"], ["destroy"]])("makes %s delete nothing", async (...command) => {
    assistant("desk");
    assistant("other");
    await one.rollcall("apply", "--yes");
    const id = await theirs("Assistant", { name: "Theirs", instructions: "Mine." });
    tamper("Assistant/desk", { id });
    rmSync(file("desk.yaml"));
    one.writes();
    const ran = await one.rollcall(...command, "--yes");
    expect(ran.code).toBe(4);
    expect(unwrapped(ran.stdout)).toContain(`${id} has the name "Theirs", but "desk" in the ledger`);
    expect(one.writes()).toEqual([]);
    expect(names()).toEqual(["desk", "other", "Theirs"]);
  });

  test("without a recorded name makes apply --prune delete nothing", async () => {
    assistant("desk");
    assistant("other");
    await one.rollcall("apply", "--yes");
    const id = await theirs("Assistant", { name: "Theirs", instructions: "Mine." });
    tamper("Assistant/desk", { id, applied: {}, observed: {} });
    rmSync(file("desk.yaml"));
    one.writes();
    const ran = await one.rollcall("apply", "--prune", "--yes");
    expect(ran.code).toBe(4);
    expect(unwrapped(ran.stdout)).toContain(`${id} has the name "Theirs", but none in the ledger`);
    expect(one.writes()).toEqual([]);
    expect(names()).toEqual(["desk", "other", "Theirs"]);
  });

  test("of an interrupted creation without a name is not deleted", async () => {
    assistant("other");
    await one.rollcall("apply", "--yes");
    const objectId = await theirs("Assistant", { name: "Theirs", instructions: "Mine." });
    const state = parseLedger(readFileSync(file(LEDGER), "utf8"), "ledger");
    const address = "Assistant/gone";
    const origin = { run: "run", who: "somebody", began: "2026-01-01T00:00:00Z" };
    const intent = {
      id: "1",
      step: address,
      address,
      action: "create",
      kind: "Assistant",
      ...origin,
      objectId,
    };
    writeFileSync(file(LEDGER), formatLedger({ ...state, intents: [intent as Intent] }));
    one.writes();
    await one.rollcall("apply", "--prune", "--yes");
    expect(one.writes()).toEqual([]);
    expect(names()).toEqual(["other", "Theirs"]);
  });

  test("with the same name and another type is not deleted", async () => {
    const webhook = { name: "look_up", description: "Looks it up.", url: "https://a.example" };
    declare("Tool", "ticket", { type: "webhook", webhook });
    assistant("other");
    await one.rollcall("apply", "--yes");
    const id = await theirs("Tool", {
      display_name: "ticket",
      type: "hangup",
      hangup: { description: "Ends it." },
    });
    tamper("Tool/ticket", { id });
    rmSync(file("ticket.yaml"));
    one.writes();
    const ran = await one.rollcall("apply", "--prune", "--yes");
    expect(ran.code).toBe(4);
    expect(unwrapped(ran.stdout)).toContain(`${id} has the type "hangup", but "webhook" in the ledger`);
    expect(one.writes()).toEqual([]);
  });
});

describe("a forged intent to update a foreign object", () => {
  const forge = async (address: `${string}/${string}`, more: Partial<Intent> = {}) => {
    assistant("other");
    await one.rollcall("apply", "--yes");
    const objectId = await theirs("Assistant", { name: "desk", instructions: "Mine." });
    const state = parseLedger(readFileSync(file(LEDGER), "utf8"), "ledger");
    const intent = {
      id: "1",
      step: address,
      address,
      action: "update",
      kind: "Assistant",
      run: "run",
      who: "somebody",
      began: new Date().toISOString(),
      objectId,
      before: { instructions: "Old." },
      after: { instructions: "Mine." },
      ...more,
    };
    writeFileSync(file(LEDGER), formatLedger({ ...state, intents: [intent as Intent] }));
    one.writes();
    return objectId;
  };

  test("at an address without an entry does not allow a change", async () => {
    const id = await forge("Assistant/desk");
    assistant("desk");
    const ran = await one.rollcall("apply", "--yes");
    expect(ran.code, ran.stdout).toBe(4);
    expect(unwrapped(ran.stdout)).toContain(`it was matched by name (${id})`);
    expect(one.writes()).toEqual([]);
  });

  test.each([[["apply", "--prune"]], [["destroy"]]])(
    "at an undeclared address does not let %s delete it",
    async (command) => {
      await forge("Assistant/desk", { after: { name: "desk", instructions: "Mine." } });
      await one.rollcall(...command, "--yes");
      expect(names()).toContain("desk");
    },
  );

  test("at the address of another object does not change that entry", async () => {
    await forge("Assistant/other");
    assistant("desk");
    const ran = await one.rollcall("apply", "--yes");
    expect(ran.code, ran.stdout).toBe(4);
    expect(one.writes()).toEqual([]);
  });
});

describe("an object that somebody renamed", () => {
  beforeEach(async () => {
    assistant("desk");
    assistant("other");
    await one.rollcall("apply", "--yes");
    one.emulator.portal.edit("Assistant", idOf("desk"), { name: "Reception" });
    rmSync(file("desk.yaml"));
  });

  const idOf = (name: string) => live().find(({ main }) => main["name"] === name)?.id ?? "";

  test("is drift, and is deleted when it has its name again", async () => {
    const plan = await one.rollcall("plan", "--prune");
    expect(plan.stdout).toMatch(/has drifted[^]*last applied +desk[^]*live +Reception/);
    expect((await one.rollcall("apply", "--prune", "--yes")).code).toBe(4);
    one.emulator.portal.edit("Assistant", idOf("Reception"), { name: "desk" });
    expect((await one.rollcall("apply", "--prune", "--yes")).code).toBe(0);
    expect(names()).toEqual(["other"]);
  });

  test("is kept by ledger forget, as the refusal advises", async () => {
    const advice = /rollcall (ledger forget [^"\s]+)/.exec((await one.rollcall("plan", "--prune")).stdout)?.[1];
    expect((await one.rollcall(...(advice ?? "").split(" "))).code).toBe(0);
    expect((await one.rollcall("apply", "--prune", "--yes")).code).toBe(0);
    expect(names()).toEqual(["Reception", "other"]);
  });

  test("gets its name back while its manifest exists, and can then be destroyed", async () => {
    assistant("desk");
    expect((await one.rollcall("destroy", "--yes")).code).toBe(4);
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    expect((await one.rollcall("destroy", "--yes")).code).toBe(0);
    expect(names()).toEqual([]);
  });
});

test("an object that is renamed just before its deletion is kept", async () => {
  const memory = world();
  const circle = ["a", "b"].map((name) =>
    manifest(`Robot/${name}`, { script: name, colleagues: [{ id: ref(`Robot/${name === "a" ? "b" : "a"}`) }] }),
  );
  const keep = manifest("Robot/keep", { script: "k" });
  await memory.apply([...circle, keep]);
  // One of the circle is detached first, and changes by that: its fingerprint says nothing any more.
  let renamed = "";
  memory.provider.afterWrite = (what) => {
    const id = /^update Robot (\S+)/.exec(what)?.[1];
    if (id === undefined) return;
    renamed = id;
    memory.provider.edit("Robot", id, { name: "theirs" });
  };
  const outcome = await memory.apply([keep], { prune: true });
  expect(renamed).not.toBe("");
  expect(JSON.stringify(outcome)).toContain("it is no longer the object in the ledger");
  expect(memory.provider.objects.get("Robot")?.has(renamed)).toBe(true);
});
