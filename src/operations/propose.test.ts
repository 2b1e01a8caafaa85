import { expect, test } from "vitest";
import type { PathChange, Plan, ResourceChange } from "../model/plan.ts";
import { settled, type Draft } from "./propose.ts";

function plan(...changes: readonly ResourceChange[]): Plan {
  return {
    project: "p",
    environment: "default",
    target: { baseUrl: "http://127.0.0.1", account: "a" },
    ledger: { serial: 1 },
    changes,
    drift: [],
    refusals: [],
    steps: [],
    names: {},
    foreign: {},
    counts: { manifests: 1, live: 1 },
  };
}

function change(address: `${string}/${string}`, path: string, what: PathChange["class"]): ResourceChange {
  const one = { path, label: path, class: what };
  return { address, kind: "K", action: "update", changes: [one], unmanaged: [], risks: [] };
}

const draft: Draft = {
  texts: new Map([["a.yaml", "text"]]),
  adopted: [{ address: "K/a", path: "/x", label: "x", file: "a.yaml" }],
  created: [],
  left: [],
};

test("a value that still differs after adoption is reported", () => {
  expect(settled(draft, plan(), plan(change("K/a", "/x/y", "drift"))).unsettled).toEqual([
    { address: "K/a", path: "/x", label: "x" },
  ]);
  expect(settled(draft, plan(), plan(change("K/a", "/xy", "drift"))).unsettled).toEqual([]);
  expect(settled(draft, plan(), plan(change("K/b", "/x", "drift"))).unsettled).toEqual([]);
});

test("resources that inherit adopted values are reported, without earlier pending changes", () => {
  const before = plan(change("K/old", "/x", "pending"));
  const after = plan(change("K/old", "/x", "pending"), change("K/new", "/x", "pending"));
  expect(settled(draft, before, after)).toMatchObject({ followers: ["K/new"] });
});
