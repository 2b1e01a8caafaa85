import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FaultKind } from "../../src/providers/telnyx/emulator/faults.ts";
import { desk, type Desk } from "./cli.ts";
import { treeOf } from "../file-tree.ts";

let one: Desk;

const PIZZA = "6f1c0a52-90c4-4f0e-9d53-2f6a3b6f0a01";
const CLINIC = "6f1c0a52-90c4-4f0e-9d53-2f6a3b6f0a02";
const IMPORT = "POST /ai/assistants/import";

beforeEach(async () => {
  one = await desk();
  one.emulator.portal.create("IntegrationSecret", {
    identifier: "other-key",
    type: "bearer",
    token: ["any", "thing"].join("-"),
  });
});
afterEach(() => one.close());

const ends: Desk["ends"] = (code, ...args) => one.ends(code, ...args);

const migrate = (code: number, provider: string, ...options: readonly string[]) =>
  ends(code, "migrate", provider, "--secret-ref=other-key", "--yes", ...options);

describe("assistants of another provider", () => {
  test.each(["vapi", "elevenlabs", "retell"])(
    "are imported from %s with manifests, and the plan is empty",
    async (provider) => {
      const said = await migrate(0, provider);
      expect(one.writes()).toEqual([IMPORT]);
      await ends(0, "validate");
      await ends(0, "plan", "--detailed-exitcode");
      const imported = one.emulator.state().assistants.map(({ main }) => main["name"]);
      for (const name of imported) expect(said).toContain(String(name));
      const addresses = [...said.matchAll(/^ {2}(Assistant\/\S+) ".*" \(/gm)].map(([, address]) => address);
      expect(addresses).toHaveLength(imported.length);
      for (const address of addresses) {
        expect(said).toMatch(new RegExp(`^ {2}${address} \\S.*: knowledge bases are not imported`, "m"));
        expect(said).toMatch(new RegExp(`^ {2}${address} \\S*emperature.*: Telnyx has no such setting`, "m"));
      }
      expect(said.includes("Agents with a conversation flow are not imported")).toBe(provider === "retell");
    },
  );

  test("are imported one by one, with a list of secrets to fill in", async () => {
    const said = await migrate(0, "vapi", "--id", PIZZA);
    expect(one.emulator.state().assistants).toHaveLength(1);
    expect(said).toMatch(
      /Assistant\/pizza-hotline "Pizza hotline" \(assistant-\S+\), at the provider 6f1c0a52\S+\n/,
    );
    expect(said).toContain(
      '  Assistant/pizza-hotline /tools/0/webhook/headers/0/value: the integration secret "pizza-orders" has no value.',
    );
    const other = await migrate(0, "vapi", "--id", CLINIC);
    expect(other).not.toContain("has no value");
    expect(one.emulator.state().assistants).toHaveLength(2);
    await ends(0, "plan", "--detailed-exitcode");
  });

  test("are not imported again if manifests declare them, except on request", async () => {
    await migrate(0, "vapi", "--id", PIZZA);
    one.writes();
    const file = join(one.folder, "assistants/pizza-hotline.yaml");
    const text = await readFile(file, "utf8");
    const before = treeOf(one.folder);
    expect(await migrate(4, "vapi")).toContain("Assistant/pizza-hotline");
    expect(treeOf(one.folder)).toEqual(before);
    expect(one.writes()).toEqual([]);
    const said = await migrate(0, "vapi", "--id", PIZZA, "--overwrite");
    expect(said).toContain("The manifest of Assistant/pizza-hotline was not changed");
    expect(one.writes()).toEqual([IMPORT]);
    expect(await readFile(file, "utf8")).toBe(text);
  });

  test("end with 3 if a manifest already declares the name", async () => {
    await mkdir(join(one.folder, "assistants"), { recursive: true });
    const manifest = [
      "apiVersion: rollcall.dev/v1",
      "kind: Assistant",
      "metadata: { name: pizza }",
      "spec: { name: Pizza hotline, instructions: Hi }",
    ];
    await writeFile(join(one.folder, "assistants/pizza.yaml"), `${manifest.join("\n")}\n`);
    expect(await migrate(3, "vapi", "--id", PIZZA)).toMatch(/"Pizza hotline" \(\S+\) has no manifest/);
    expect(one.writes()).toEqual([IMPORT]);
  });

  test("never overwrite an observed assistant", async () => {
    await migrate(0, "vapi", "--id", CLINIC);
    const file = join(one.folder, "assistants/clinic-intake.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("spec:", "lifecycle: { observe: true }\nspec:"));
    one.writes();
    expect(await migrate(4, "vapi", "--overwrite")).toContain("is observed, and is never written");
    expect(one.writes()).toEqual([]);
  });

  const FAULTS: readonly (readonly [string, FaultKind])[] = [
    ["a connection that is lost after the request", { kind: "reset-after" }],
    ["a server that fails after the request", { kind: "status", status: 500, applied: "forgotten" }],
  ];
  test.each(FAULTS)("come once, with %s", async (_, fault) => {
    one.emulator.inject({ match: { method: "POST", path: "/ai/assistants/import" }, fault });
    await migrate(0, "vapi", "--id", PIZZA);
    expect(one.emulator.state().assistants).toHaveLength(1);
    await ends(0, "plan", "--detailed-exitcode");
  });

  test("that may have been imported end with 3", async () => {
    const fault: FaultKind = { kind: "status", status: 500 };
    one.emulator.inject({ match: { method: "POST", path: "/ai/assistants/import" }, fault });
    expect(await migrate(3, "vapi", "--id", PIZZA)).toContain("rollcall get assistants --unmanaged");
  });
});

describe("as JSON", () => {
  interface Said {
    readonly provider: string;
    readonly missing: readonly string[];
    readonly assistants: readonly {
      readonly address: string;
      readonly isOverwritten: boolean;
      readonly gaps: readonly { readonly fields: readonly string[] }[];
      readonly todos: readonly { readonly address: string; readonly path: string; readonly what: string }[];
    }[];
    readonly pull: {
      readonly status: string;
      readonly files: readonly { readonly file: string }[];
      readonly objects: readonly unknown[];
      readonly skipped: readonly unknown[];
    } | null;
  }
  async function json(code: number, provider: string, ...options: readonly string[]): Promise<Said> {
    const args = ["migrate", provider, "--secret-ref=other-key", "--yes", "--format=json", ...options];
    const ran = await one.rollcall(...args);
    expect(ran.code, ran.stdout + ran.stderr).toBe(code);
    return JSON.parse(ran.stdout) as Said;
  }

  test("an import has its assistants, what is left to do in each and in what they use, and the pull", async () => {
    const said = await json(0, "elevenlabs");
    const todos = said.assistants.flatMap((assistant) => assistant.todos);
    expect(todos.map(({ address, path }) => `${address} ${path}`)).toContainEqual(
      expect.stringMatching(/^McpServer\/\S+ \/api_key_ref$/),
    );
    for (const { what } of todos) expect(what).toMatch(/has no value/);
    for (const { gaps, address } of said.assistants) {
      expect(
        gaps.flatMap(({ fields }) => fields),
        address,
      ).toContain("agent.prompt.temperature");
    }
    expect(said.pull).toMatchObject({ status: "pulled", skipped: [] });
    expect(said.pull?.files.length).toBeGreaterThan(0);
    expect(said.pull?.objects.length).toBeGreaterThan(said.assistants.length);
  });

  test("a secret that was there before is to be checked, and a managed assistant has no pull", async () => {
    await json(0, "vapi", "--id", PIZZA);
    const said = await json(0, "vapi", "--id", PIZZA, "--overwrite");
    expect(said.pull).toBeNull();
    expect(said.assistants).toMatchObject([{ address: "Assistant/pizza-hotline", isOverwritten: true }]);
    expect(said.assistants[0]?.todos.map(({ what }) => what)).toEqual([
      'the integration secret "pizza-orders" was there before the import. Check that its value is the right one.',
    ]);
  });
});

test("an agent with a retrieval tool has its knowledge base", async () => {
  const retrieval = { type: "retrieval", retrieval: { bucket_ids: ["b"] } };
  one.emulator.providerHas("vapi", [
    { id: PIZZA, config: { name: "P", instructions: "x", tools: [retrieval] } },
  ]);
  const said = await migrate(0, "vapi");
  expect(said).not.toContain("knowledge base");
  expect(said).toContain("model.temperature");
});

test("nothing is imported without the secret, without approval, or into an observed environment", async () => {
  expect(await ends(1, "migrate", "vapi", "--secret-ref=missing", "--yes")).toContain(
    "there is no integration secret missing",
  );
  expect(await ends(1, "migrate", "vapi", "--secret-ref=other-key")).toContain("needs approval");
  await writeFile(
    join(one.folder, "rollcall.yaml"),
    "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec: { environments: { only: { observe: true } } }\n",
  );
  expect(await migrate(4, "vapi")).toContain("is observed: nothing is written there");
  expect(one.writes()).toEqual([]);
});
