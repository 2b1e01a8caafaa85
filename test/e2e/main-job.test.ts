import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { isObject, property, type Json } from "../../src/model/json.ts";
import { desk, EXAMPLE, KEY, type Desk } from "./cli.ts";

let open: Desk[] = [];

afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

async function example(): Promise<Desk> {
  const one = await desk(EXAMPLE);
  open.push(one);
  return one;
}

/** A project of one assistant; `spec` is YAML. */
async function single(spec: string): Promise<Desk> {
  const one = await desk();
  open.push(one);
  await declare(one, spec);
  return one;
}

function declare({ folder }: Desk, spec: string): Promise<void> {
  const head = "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec:\n";
  return writeFile(join(folder, "desk.yaml"), head + spec.replace(/^(?=.)/gm, "  "));
}

function onlyAssistant({ emulator }: Desk) {
  const [first] = emulator.state().assistants;
  if (first === undefined) throw new Error("there is no assistant");
  return first;
}

describe("the main job on the example", () => {
  test("validate, plan, apply, no changes, portal edit, drift, restore", async () => {
    const { rollcall, writes, emulator } = await example();
    const staging = ["--env", "staging"];
    expect(await rollcall("validate", ...staging)).toMatchObject({ code: 0, stderr: "" });

    const plan = await rollcall("plan", ...staging);
    expect(plan.stdout).toContain("Plan: 27 to add, 0 to change, 0 to destroy.");
    expect(plan.code).toBe(0);
    expect(writes()).toEqual([]);

    const applied = await rollcall("apply", ...staging, "--yes");
    expect(applied.stdout).toContain("Apply complete! Resources: 27 added, 0 changed, 0 destroyed.");
    expect(applied.code).toBe(0);
    expect(writes().length).toBeGreaterThan(27);

    const again = await rollcall("plan", ...staging, "--detailed-exitcode");
    expect(again.stdout).toContain("No changes.");
    expect(again.code).toBe(0);
    expect((await rollcall("apply", ...staging, "--yes")).code).toBe(0);
    expect(writes()).toEqual([]);

    const billing = emulator.state().assistants.find(({ main }) => main["name"] === "Billing");
    emulator.portal.edit("Assistant", billing?.id ?? "", { greeting: "Money, money, money." });
    emulator.clearRequests();
    const drift = await rollcall("drift", ...staging);
    expect(drift.code).toBe(2);
    expect(drift.stdout).toMatch(
      /greeting\s+last applied\s+Billing at Larkmoor Staging.*\s+live\s+Money, money, money\./,
    );
    expect(writes()).toEqual([]);

    const restored = await rollcall("apply", ...staging, "--yes");
    expect(restored.code).toBe(0);
    expect(writes()).toEqual([`POST /ai/assistants/${billing?.id}`]);
    expect((await rollcall("drift", ...staging)).code).toBe(0);
  });

  test("the result of an apply as JSON names what was applied, with the ids of its requests", async () => {
    const { rollcall, emulator } = await example();
    const ran = await rollcall("apply", "--env", "staging", "--yes", "--format", "json");
    const result = JSON.parse(ran.stdout) as {
      complete: boolean;
      applied: { step: string; request_ids: string[] }[];
    };
    expect(result.complete).toBe(true);
    const sent = emulator
      .requests()
      .filter(({ method }) => method !== "GET")
      .map(({ requestId }) => requestId);
    expect(result.applied.flatMap(({ request_ids }) => request_ids).sort()).toEqual(sent.sort());
  });

  test("every declared value reads back: a second environment is created completely", async () => {
    const { rollcall } = await example();
    expect((await rollcall("apply", "--env", "production", "--yes")).code).toBe(0);
    const json = JSON.parse((await rollcall("plan", "--env", "production", "--format", "json")).stdout) as Json;
    expect(property(json, "applyable")).toBe(false);
    expect(property(json, "complete")).toBe(true);
  });
});

describe("one block, two writers", () => {
  test("a portal edit and a manifest change in one block are drift and pending, and both are written", async () => {
    const spec = (limit: number) =>
      `instructions: Be kind.\ntelephony_settings:\n  time_limit_secs: ${limit}\n  user_idle_reply_secs: 20\n`;
    const one = await single(spec(600));
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    const { id } = onlyAssistant(one);
    one.emulator.portal.edit("Assistant", id, {
      telephony_settings: {
        user_idle_reply_secs: 99,
        noise_suppression: "krisp",
        recording_settings: { enabled: false },
      },
    });
    one.emulator.clearRequests();
    await declare(one, spec(900));
    const plan = JSON.parse((await one.rollcall("plan", "--format", "json")).stdout) as Json;
    expect(classes(plan)).toEqual({
      "/telephony_settings/time_limit_secs": "pending",
      "/telephony_settings/user_idle_reply_secs": "drift",
    });
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    const updates = one.emulator.requests().filter(({ method }) => method === "POST");
    expect(updates).toHaveLength(1);
    expect(updates[0]?.body).toMatchObject({
      telephony_settings: {
        time_limit_secs: 900,
        user_idle_reply_secs: 20,
        noise_suppression: "krisp",
        recording_settings: { enabled: false },
      },
      promote_to_main: true,
    });
    const sent = isObject(updates[0]?.body) ? Object.keys(updates[0].body).sort() : [];
    expect(sent).toEqual(["promote_to_main", "telephony_settings", "version_name"]);
    expect(onlyAssistant(one).main["telephony_settings"]).toMatchObject({
      time_limit_secs: 900,
      user_idle_reply_secs: 20,
      noise_suppression: "krisp",
      recording_settings: { enabled: false },
    });
  });
});

function classes(plan: Json): Record<string, Json> {
  const changes = property(property(plan, "x_rollcall"), "changes");
  const paths = (Array.isArray(changes) ? changes : []).flatMap(
    (change: Json) => property(change, "changes") ?? [],
  );
  return Object.fromEntries(
    paths.map((path: Json) => [String(property(path, "path")), property(path, "class") ?? null]),
  );
}

describe("mistakes in manifests: file, line, column, what is allowed; exit 1; nothing is sent", () => {
  test.each([
    [
      "an unknown key",
      "instructions: x\ngreting: Hi\n",
      /desk\.yaml:6:3: unknown field "greting"[\s\S]*did you mean "greeting"/,
    ],
    [
      "a dangling reference",
      "instructions: x\ntool_ids:\n  - { ref: Tool/ghost }\n",
      /desk\.yaml:7:\d+: .*Tool\/ghost/,
    ],
    ["a missing file", "instructions: { file: prompts/none.md }\n", /desk\.yaml:5:\d+: .*prompts\/none\.md/],
  ])("%s", async (_, spec, message) => {
    const { rollcall, emulator } = await single(spec);
    for (const command of [["validate"], ["plan"], ["apply", "--yes"], ["drift"]]) {
      const { code, stdout, stderr } = await rollcall(...command);
      expect(stdout + stderr).toMatch(message);
      expect(code).toBe(1);
    }
    expect(emulator.requests()).toEqual([]);
  });

  test("one address twice", async () => {
    const one = await single("instructions: x\n");
    await writeFile(join(one.folder, "other.yaml"), await readFile(join(one.folder, "desk.yaml"), "utf8"));
    const { code, stdout } = await one.rollcall("validate");
    expect(stdout).toMatch(/other\.yaml:3:\d+: .*Assistant\/desk[\s\S]*desk\.yaml/);
    expect(code).toBe(1);
  });
});

describe("an API that fails", () => {
  const telnyx = (status: number, detail: string) =>
    ({ kind: "status", status, body: "telnyx", detail }) as const;

  test.each([
    ["401", telnyx(401, "No key found"), /401.*No key found/, 1],
    ["403", telnyx(403, "Not for this account"), /403.*Not for this account/, 1],
    ["404", telnyx(404, "No such thing"), /404/, 1],
    ["422 of the gateway", telnyx(422, "Refused"), /422.*Refused/, 1],
    ["422 of the service", { kind: "status", status: 422, body: "fastapi" } as const, /422/, 1],
  ])("%s to a write: reported with status and reason, nothing recorded", async (_, fault, message, code) => {
    const one = await single("instructions: x\n");
    one.emulator.inject({ match: { method: "POST", path: "/ai/assistants" }, times: "always", fault });
    const ran = await one.rollcall("apply", "--yes");
    expect(ran.stdout).toMatch(message);
    expect(ran.stdout).not.toContain("Apply complete!");
    expect(ran.code).toBe(code);
    expect(one.emulator.state().assistants).toEqual([]);
    one.emulator.clearFaults();
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    expect(one.emulator.state().assistants).toHaveLength(1);
  });

  test.each([
    ["429 with Retry-After", { kind: "status", status: 429, headers: { "retry-after": "0" } } as const],
    ["500", { kind: "status", status: 500 } as const],
    ["502 with HTML", { kind: "status", status: 502, body: "html" } as const],
    ["a reset before the effect", { kind: "reset-before" } as const],
    ["a reset after the effect", { kind: "reset-after" } as const],
    ["a truncated answer", { kind: "truncate" } as const],
  ])("%s once, to the creation and to the update: converges without a duplicate", async (_, fault) => {
    const one = await single("instructions: x\n");
    one.emulator.inject({ match: { method: "POST", path: "/ai/assistants" }, fault });
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    expect(one.emulator.state().assistants).toHaveLength(1);
    await declare(one, "instructions: y\n");
    one.emulator.inject({ match: { method: "POST", path: "/ai/assistants/" }, fault });
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    expect(onlyAssistant(one).main["instructions"]).toBe("y");
    expect((await one.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
  });

  test.each([
    ["500", { kind: "status", status: 500 } as const],
    ["truncated JSON", { kind: "truncate" } as const],
    ["a reset connection", { kind: "reset-before" } as const],
  ])(
    "%s on every read: a clear error, exit 1, and an unchanged ledger",
    async (_, fault) => {
      const one = await single("instructions: x\n");
      await one.rollcall("apply", "--yes");
      const ledger = await readFile(join(one.folder, ".rollcall/default.json"), "utf8");
      one.emulator.inject({ match: { path: "/ai/assistants" }, times: "always", fault });
      for (const command of [["plan"], ["drift"], ["apply", "--yes"]]) {
        const ran = await one.rollcall(...command);
        expect(ran.stderr).toMatch(/^error: .*GET \/ai\/assistants/m);
        expect(ran.stdout).toBe("");
        expect(ran.code).toBe(1);
      }
      expect(await readFile(join(one.folder, ".rollcall/default.json"), "utf8")).toBe(ledger);
    },
    60_000,
  );
});

describe("conventions", () => {
  test("without a terminal, apply names the flag instead of asking", async () => {
    const { rollcall, emulator } = await single("instructions: x\n");
    const { code, stderr } = await rollcall("apply");
    expect(stderr).toMatch(/--yes/);
    expect(code).toBe(1);
    expect(emulator.requests()).toEqual([]);
  });

  test("the key is in no output and in no ledger", async () => {
    const one = await single("instructions: x\n");
    const ran = [
      await one.rollcall("plan", "-v"),
      await one.rollcall("apply", "--yes", "-v"),
      await one.rollcall("drift", "--format", "json", "-v"),
    ];
    const ledger = await readFile(join(one.folder, ".rollcall/default.json"), "utf8");
    expect(ran.map(({ stdout, stderr }) => stdout + stderr).join("") + ledger).not.toContain(KEY);
  });

  test("no key, wrong format, unknown command: one line, exit 1", async () => {
    const { rollcall, rollcallWith } = await single("instructions: x\n");
    expect(await rollcallWith({ TELNYX_API_KEY: "" }, "plan")).toMatchObject({
      code: 1,
      stderr: /TELNYX_API_KEY/ as never,
    });
    expect((await rollcall("plan", "--format", "xml")).code).toBe(1);
    expect((await rollcall("plann")).stderr).toMatch(/plan/);
    expect((await rollcall("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("an error of the system is one line", async () => {
    const { rollcall, folder } = await single("instructions: x\n");
    const { code, stderr } = await rollcall("emulator", "--data", join(folder, "desk.yaml", "data"));
    expect(stderr).toMatch(/^error: .*cannot be used: a part of its path is not a folder\n$/);
    expect(code).toBe(1);
  });

  test("a truncated ledger is reported, and nothing is written", async () => {
    const one = await single("instructions: x\n");
    await one.rollcall("apply", "--yes");
    const path = join(one.folder, ".rollcall/default.json");
    await writeFile(path, (await readFile(path, "utf8")).slice(0, -30));
    one.writes();
    const ran = await one.rollcall("apply", "--yes");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toMatch(/cannot be read/);
    expect(one.writes()).toEqual([]);
  });
});
