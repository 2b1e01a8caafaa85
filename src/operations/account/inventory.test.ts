import { beforeEach, describe, expect, test } from "vitest";
import { kinds, robot } from "../../../test/memory/kinds.ts";
import { manifest, world, type World } from "../../../test/memory/memory-project.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { Workspace } from "../workspace.ts";
import { SelectionError } from "./account.ts";
import { findObject } from "./find.ts";
import { inventory } from "./inventory.ts";

const [, part, edition, trial] = kinds;
const RESOURCES = [
  manifest("Robot/desk", { name: "Desk", script: "Hello." }),
  manifest("Robot/new", { script: "Later." }),
  manifest("Robot/taken", { script: "Old." }, { import: { id: "r-import", place: "taken.yaml:4" } }),
];

const stateOf = (entries: Readonly<Record<string, readonly [kind: string, id: string]>>): LedgerState => ({
  lineage: "l",
  serial: 1,
  entries: Object.fromEntries(
    Object.entries(entries).map(([address, [kind, id]]) => [address, { kind, id, applied: {}, observed: {} }]),
  ),
});

let here: World;
let account: Workspace;

beforeEach(() => {
  here = world();
  const robots: readonly (readonly [id: string, name: string])[] = [
    ["r-desk", "Desk"],
    ["r-import", "Old one"],
    ["r-staging", "Twin"],
    ["r-free", "Twin"],
    ["r-born", "Born"],
  ];
  for (const [id, name] of robots) here.provider.put("Robot", { id, spec: { name, script: "x", tags: [id] } });
  here.provider.put("Part", { id: "p1", spec: { title: "Wheel" }, updatedAt: "2026-01-02T00:00:00Z" });
  here.provider.put("Edition", { id: "r-desk/e1", spec: { robot: "r-desk", label: "Two" } });
  here.provider.put("Trial", { id: "r-desk", spec: { robot: "r-desk", rules: [{}] } });
  const state = stateOf({
    "Robot/desk": ["Robot", "r-desk"],
    "Trial/t": ["Trial", "r-desk"],
    "Robot/lost": ["Robot", "r-lost"],
  });
  const intent = {
    id: "i",
    step: "s",
    address: "Robot/born" as const,
    action: "create" as const,
    kind: "Robot",
  };
  here.ledger.state = {
    ...state,
    intents: [{ ...intent, run: "r", at: "2026-01-01T00:00:00Z", who: "me", objectId: "r-born" } as never],
  };
  account = {
    ...here.workspace(RESOURCES),
    otherLedgers: [
      { environment: "staging", read: async () => stateOf({ "Robot/twin": ["Robot", "r-staging"] }) },
    ],
  };
});

describe("the inventory", () => {
  test("lists each kind without a parent once, with the manager of each object", async () => {
    const all = await inventory(account);
    expect(here.provider.reads).toEqual(["list Robot", "list Part"]);
    expect(all.map(({ live, owner }) => [live.id, owner?.address, owner?.environment])).toEqual([
      ["r-desk", "Robot/desk", "default"],
      ["r-import", "Robot/taken", "default"],
      ["r-staging", "Robot/twin", "staging"],
      ["r-free", undefined, undefined],
      ["r-born", "Robot/born", "default"],
      ["p1", undefined, undefined],
    ]);
    expect(all.at(-1)).toMatchObject({
      kind: part,
      name: "Wheel",
      updatedAt: "2026-01-02T00:00:00Z",
      tags: [],
    });
    expect(all[0]).toMatchObject({ name: "Desk", tags: ["r-desk"] });
  });

  test("lists child objects only of the requested parents", async () => {
    const found = await inventory(account, {
      kinds: [edition, trial],
      parentsOf: (_, parents) => parents.filter(({ name }) => name === "Desk"),
    });
    expect(here.provider.reads).toEqual(["list Robot", "list Edition r-desk", "read Trial r-desk"]);
    expect(found.map(({ live, name, parent, owner }) => [live.id, name, parent, owner?.address])).toEqual([
      ["r-desk/e1", "Two", { id: "r-desk", name: "Desk" }, undefined],
      ["r-desk", "Desk", { id: "r-desk", name: "Desk" }, "Trial/t"],
    ]);
  });
});

describe("one object is found", () => {
  test.each([
    ["Robot/desk", "r-desk", "Robot/desk"],
    ["robots/desk", "r-desk", "Robot/desk"],
    ["r-desk", "r-desk", "Robot/desk"],
    ["Desk", "r-desk", "Robot/desk"],
    ["Robot/taken", "r-import", "Robot/taken"],
    ["r-staging", "r-staging", undefined],
    ["Wheel", "p1", undefined],
    ["parts/Wheel", "p1", undefined],
  ])("by %s", async (text, id, address) => {
    const found = await findObject(account, text);
    expect([found.id, found.address]).toEqual([id, address]);
  });

  test("by an id that no list has yet, if the kind is known", async () => {
    here.provider.list = async () => [];
    expect(await findObject(account, "r-free", robot)).toMatchObject({ id: "r-free", name: "Twin" });
    expect(await findObject(account, "Edition/r-desk/e1")).toMatchObject({ id: "r-desk/e1", name: "Two" });
  });

  test.each([
    ["Twin", "Twin is the name of 2 objects: Robot r-staging, Robot r-free"],
    ["Nobody", "there is no object with the address, id or name Nobody"],
    ["D*", "there is no object with the address, id or name D*"],
    ["Robot/new", "Robot/new has no live object yet"],
    ["Robot/lost", "Robot/lost no longer has a live object: r-lost was deleted"],
    ["Robot/Nobody", "there is no robot with the address, id or name Robot/Nobody"],
  ])("never by %s", async (text, message) => {
    await expect(findObject(account, text)).rejects.toMatchObject({
      name: SelectionError.name,
      message: expect.stringContaining(message),
    });
  });

  test("only of the requested kind", async () => {
    await expect(findObject(account, "Wheel", robot)).rejects.toThrow("there is no robot with");
    await expect(findObject(account, "Part/Wheel", robot)).rejects.toThrow("Part/Wheel is not a robot");
  });
});
