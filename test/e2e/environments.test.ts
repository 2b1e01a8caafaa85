import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatLedger, parseLedger } from "../../src/ledger/format.ts";
import type { Intent } from "../../src/model/ledger.ts";
import { desk, KEY, type Desk, type Ran } from "./cli.ts";

let office: Desk;

beforeEach(async () => {
  office = await desk();
  assistant("desk");
});

afterEach(() => office.close());

const MODEL = "meta-llama/Llama-3.3-70B-Instruct";
const write = (file: string, text: string) => writeFileSync(join(office.folder, file), text);
const said = ({ stdout, stderr }: Ran) => `${stdout}\n${stderr}`.replaceAll(/\s+/g, " ");
const live = () => office.emulator.state().assistants.filter(({ deleted_at }) => deleted_at === null);

function assistant(name: string, remote = "Front desk"): void {
  const spec = { name: remote, model: MODEL, instructions: "Be brief.", greeting: "${var.hello}" };
  const manifest = { apiVersion: "rollcall.dev/v1", kind: "Assistant", metadata: { name }, spec };
  write(`${name}.yaml`, JSON.stringify(manifest));
}

function project(staging: object, production: object, more: object = {}): void {
  const environments = {
    staging: { vars: { hello: "Hi." }, ...staging },
    production: { protect: true, vars: { hello: "Welcome." }, ...production },
  };
  const document = {
    apiVersion: "rollcall.dev/v1",
    kind: "Project",
    metadata: { name: "acme" },
    spec: { environments, ...more },
  };
  write("rollcall.yaml", JSON.stringify(document));
}

/** Two keys of one account. */
const TWO_KEYS = [{ apiKey: { env: "TELNYX_STAGING_API_KEY" } }, {}] as const;
const run = (...args: readonly string[]) => office.rollcallWith({ TELNYX_STAGING_API_KEY: `${KEY}2` }, ...args);
const apply = (environment: string, ...args: readonly string[]) =>
  run("apply", "--yes", "--env", environment, ...args);

async function refused(...args: readonly string[]): Promise<string> {
  office.writes();
  const ran = await run(...args);
  expect(ran.code, said(ran)).toBe(4);
  expect(office.writes()).toEqual([]);
  return said(ran);
}

async function appliedIn(environment: string): Promise<void> {
  const ran = await apply(environment);
  expect(ran.code, said(ran)).toBe(0);
}

describe("two environments with one key and one base URL", () => {
  test.each([
    [["validate"]],
    [["validate", "--env", "staging"]],
    [["plan", "--env", "staging"]],
    [["apply", "--yes", "--env", "production"]],
    [["destroy", "--yes", "--env", "staging"]],
    [["drift", "--env", "staging"]],
    [["import", "Assistant/desk", "assistant-1", "--env", "staging"]],
  ])("with one remote name are refused by %s", async (args) => {
    project({}, {});
    const ran = await run(...args);
    expect(ran.code).toBe(1);
    expect(said(ran)).toMatch(/error\[RC3037\]: rollcall\.yaml:\d+:\d+: environments staging and production/);
    expect(office.emulator.requests()).toEqual([]);
  });

  test("may have names that a variable, a patch or the command line makes unique", async () => {
    const patches = [{ target: "Assistant/desk", path: "/spec/name", value: "Front desk (staging)" }];
    project({ patches }, {});
    expect((await run("validate")).code).toBe(0);
    assistant("desk", "Front desk ${var.place}");
    project({}, { vars: { hello: "Welcome.", place: "here" } }, { vars: { place: "there" } });
    expect((await run("validate")).code).toBe(0);
    project({}, {}, { vars: { place: "here" } });
    expect((await run("validate")).code).toBe(1);
    expect((await run("plan", "--env", "staging", "--var", "place=there")).code).toBe(0);
  });
});

describe("an object in the ledger of another environment", () => {
  beforeEach(async () => {
    project(...TWO_KEYS);
    await appliedIn("production");
  });

  test("is not adopted", async () => {
    const text = await refused("apply", "--yes", "--env", "staging");
    expect(text).toContain("belongs to environment production (Assistant/desk)");
    await refused("apply", "--yes", "--env", "staging", "--adopt");
    project({ ...TWO_KEYS[0], vars: { hello: "Welcome." } }, {});
    await refused("apply", "--yes", "--env", "staging");
    await refused("import", "Assistant/desk", live()[0]?.id ?? "", "--env", "staging");
    expect(live()[0]?.main).toMatchObject({ greeting: "Welcome." });
  });

  test("is not written or deleted, even if it is also in this ledger", async () => {
    write(".rollcall/staging.json", readFileSync(join(office.folder, ".rollcall/production.json"), "utf8"));
    expect(await refused("apply", "--yes", "--env", "staging")).toContain("environment production");
    project({ ...TWO_KEYS[0], protect: false }, { protect: false });
    expect(await refused("destroy", "--yes", "--env", "staging")).toContain("environment production");
    expect(live()).toHaveLength(1);
    const advice = ["ledger", "forget", "Assistant/desk", "--env", "staging"];
    expect((await run(...advice)).code).toBe(0);
  });

  test("is not adopted or deleted, even if that environment was removed from the project", async () => {
    const environments = { staging: { vars: { hello: "Hi." } } };
    project({}, {}, { environments });
    const text = await refused("apply", "--yes", "--env", "staging", "--adopt");
    expect(text).toContain("belongs to environment production (Assistant/desk)");
    expect(text).toContain("the project has no environment production any more");
    const ledger = JSON.parse(readFileSync(join(office.folder, ".rollcall/production.json"), "utf8")) as object;
    write(".rollcall/production.json", JSON.stringify({ ...ledger, format: 99 }));
    expect(await refused("apply", "--yes", "--env", "staging")).toContain(
      "it is not known whether it belongs to production",
    );
    write(".rollcall/production.json", JSON.stringify({ note: "no ledger" }));
    expect((await apply("staging", "--adopt")).code).toBe(0);
  });

  test("gets no child objects", async () => {
    const spec = { assistant: live()[0]?.id, version_name: "next", changes: { greeting: "Hey." } };
    const manifest = {
      apiVersion: "rollcall.dev/v1",
      kind: "AssistantVersion",
      metadata: { name: "next" },
      spec,
    };
    project({ ...TWO_KEYS[0], patches: [rename] }, {});
    write("next.yaml", JSON.stringify(manifest));
    const text = await refused("apply", "--yes", "--env", "staging");
    expect(text).toContain("AssistantVersion/next: owned by another environment");
  });

  const rename = { target: "Assistant/desk", path: "/spec/name", value: "Front desk (staging)" };

  test("is looked for only before a write", async () => {
    project({ ...TWO_KEYS[0], patches: [rename] }, {});
    await appliedIn("staging");
    write(".rollcall/production.json", "{");
    const ran = await apply("staging");
    expect(ran.code).toBe(0);
    expect(said(ran)).not.toContain("production");
  });

  test("is unknown if that ledger cannot be read, and the report says so", async () => {
    project({ ...TWO_KEYS[0], patches: [rename] }, {});
    write(".rollcall/production.json", "{");
    const ran = await apply("staging");
    expect(ran.code, said(ran)).toBe(0);
    const found = office.emulator.portal.create("Assistant", {
      name: "Back desk",
      model: MODEL,
      instructions: "x",
    });
    write("back.yaml", JSON.stringify(back));
    const text = await refused("apply", "--yes", "--env", "staging");
    expect(text).toContain("the ledger of environment production cannot be read");
    expect(text).toContain("it is not known whether it belongs to production");
    expect((await apply("staging", "--adopt")).code).toBe(0);
    expect(live().map(({ id }) => id)).toContain(found);
  });

  const back = {
    apiVersion: "rollcall.dev/v1",
    kind: "Assistant",
    metadata: { name: "back" },
    spec: { name: "Back desk", model: MODEL, instructions: "x" },
  };

  test("includes objects of open creations", async () => {
    project({ ...TWO_KEYS[0], patches: [rename] }, {});
    office.emulator.portal.create("Assistant", { name: "Back desk", model: MODEL, instructions: "x" });
    const path = ".rollcall/production.json";
    const state = parseLedger(readFileSync(join(office.folder, path), "utf8"), path);
    const intent = {
      id: "1",
      step: "Assistant/back",
      address: "Assistant/back",
      action: "create",
      kind: "Assistant",
      run: "run",
      who: "ci",
      began: new Date().toISOString(),
      after: { name: "Back desk" },
    };
    write(path, formatLedger({ ...state, intents: [intent as unknown as Intent] }));
    write("back.yaml", JSON.stringify(back));
    const text = await refused("apply", "--yes", "--env", "staging");
    expect(text).toContain("environment production has started to create an object with that name");
  });
});

describe("a manifest that names its environments", () => {
  function limited(environments: readonly string[]): void {
    const spec = { name: "Load test", model: MODEL, instructions: "Be brief." };
    const metadata = { name: "load-test", environments };
    const manifest = { apiVersion: "rollcall.dev/v1", kind: "Assistant", metadata, spec };
    write("load-test.yaml", JSON.stringify(manifest));
  }
  const names = () => live().map(({ main }) => String(main["name"]));

  test("creates its object only there, and removing an environment removes the resource there", async () => {
    project(
      { ...TWO_KEYS[0], patches: [{ target: "Assistant/desk", path: "/spec/name", value: "Desk (staging)" }] },
      { protect: false },
    );
    limited(["staging"]);
    expect((await run("validate")).code).toBe(0);
    await appliedIn("staging");
    await appliedIn("production");
    expect([...names()].sort()).toEqual(["Desk (staging)", "Front desk", "Load test"]);
    limited(["production"]);
    const ran = await run("plan", "--env", "staging", "--prune", "--format", "json");
    expect(ran.code, said(ran)).toBe(0);
    const { resource_changes: changes } = JSON.parse(ran.stdout) as {
      resource_changes: readonly { address: string; change: { actions: readonly string[] } }[];
    };
    const actions = new Map(changes.map(({ address, change }) => [address, change.actions]));
    expect(actions.get("Assistant/load-test")).toEqual(["delete"]);
    expect(actions.get("Assistant/desk")).toEqual(["no-op"]);
    const path = await run("plan", "load-test.yaml", "--env", "staging");
    expect([path.code, said(path)]).toEqual([
      1,
      expect.stringContaining(
        "load-test.yaml contains no manifests of this project in the environment staging",
      ),
    ]);
  });

  test("prevents importing or cloning to its address in other environments", async () => {
    project({ ...TWO_KEYS[0], patches: [] }, {}, {});
    limited(["staging"]);
    const desk = await run("apply", "--yes", "--env", "production");
    expect(desk.code, said(desk)).toBe(0);
    office.writes();
    const [one] = live();
    const imported = await run("import", "Assistant/load-test", one?.id ?? "", "--env", "production");
    expect(said(imported)).toContain("Assistant/load-test exists only in staging");
    const clone = ["clone", "Assistant/desk", "--as", "load-test", "--env", "production", "--yes"];
    expect(said(await run(...clone))).toContain("Assistant/load-test is already declared");
    expect(office.writes()).toEqual([]);
  });
});
