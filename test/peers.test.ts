/**
 * What the nearest tools are seen to do, or their users to complain of, row by row, and what this one does instead.
 * Each test is named after its row.
 */
import { execFile } from "node:child_process";
import { readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { desk, type Desk } from "./e2e/cli.ts";

const run = promisify(execFile);

let one: Desk;

afterEach(() => one.close());

const HEAD = "apiVersion: rollcall.dev/v1\nkind: Assistant\n";

async function start(specs: Readonly<Record<string, string>>): Promise<void> {
  one = await desk();
  await declare(specs);
}

/** One manifest a name; `spec` is YAML in flow style. */
async function declare(specs: Readonly<Record<string, string>>): Promise<void> {
  const documents = Object.entries(specs).map(
    ([name, spec]) => `${HEAD}metadata: { name: ${name} }\nspec: ${spec}\n`,
  );
  await writeFile(join(one.folder, "all.yaml"), documents.join("---\n"));
}

async function applied(specs: Readonly<Record<string, string>>): Promise<void> {
  await start(specs);
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  one.emulator.clearRequests();
}

function idOf(name: string): string {
  return one.emulator.state().assistants.find(({ main }) => main["name"] === name)?.id ?? "";
}

function live(name: string) {
  return one.emulator.state().assistants.find(({ main }) => main["name"] === name)?.main;
}

describe("voice agents as code", () => {
  test("a fresh clone overwrites a portal edit, or reverts the merge, depending on file times", async () => {
    await applied({ desk: "{ instructions: Be kind. }" });
    one.emulator.portal.edit("Assistant", idOf("desk"), { instructions: "Edited in the portal." });
    await utimes(join(one.folder, "all.yaml"), 1, 1);
    const old = await one.rollcall("plan", "--format", "json");
    await utimes(join(one.folder, "all.yaml"), new Date(), new Date());
    expect((await one.rollcall("plan", "--format", "json")).stdout).toBe(old.stdout);
    expect((await one.rollcall("drift")).code).toBe(2);
  });

  test("the nightly check always passes, because the baseline is not in the clone", async () => {
    await applied({ desk: "{ instructions: Be kind. }" });
    await rm(join(one.folder, ".rollcall"), { recursive: true });
    one.emulator.portal.edit("Assistant", idOf("desk"), { instructions: "Edited." });
    const drift = await one.rollcall("drift");
    expect(drift.code).toBe(2);
    expect(drift.stdout).toMatch(/without a baseline/);
  });

  test("a push that drift blocks says that it is complete, and exits 0", async () => {
    await applied({ desk: "{ instructions: Be kind. }" });
    one.emulator.portal.edit("Assistant", idOf("desk"), { instructions: "Edited." });
    await declare({ desk: "{ instructions: Be brief. }" });
    const ran = await one.rollcall("apply", "--yes");
    expect(ran.code).toBe(4);
    expect(ran.stdout + ran.stderr).not.toMatch(/Apply complete/);
  });

  test("the dry run would update everything although nothing changed, and deletes local baselines", async () => {
    await applied({ desk: "{ instructions: Be kind. }" });
    const before = await readFile(join(one.folder, ".rollcall/default.json"), "utf8");
    expect((await one.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
    expect(await readFile(join(one.folder, ".rollcall/default.json"), "utf8")).toBe(before);
    expect(one.writes()).toEqual([]);
  });

  test("a list stops after 100 objects, and the rest counts as deleted", async () => {
    one = await desk();
    const server = (index: number) =>
      `apiVersion: rollcall.dev/v1\nkind: McpServer\nmetadata: { name: s-${index} }\nspec: { type: http, url: "https://s-${index}.example" }\n`;
    await writeFile(
      join(one.folder, "all.yaml"),
      Array.from({ length: 130 }, (_, index) => server(index)).join("---\n"),
    );
    expect((await one.rollcall("apply", "--yes", "-q")).code).toBe(0);
    expect((await one.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
  }, 60_000);

  test("a removed key stays live without a message", async () => {
    await applied({
      desk: "{ instructions: x, greeting: Hello., telephony_settings: { time_limit_secs: 600 } }",
    });
    await declare({ desk: "{ instructions: x }" });
    const plan = await one.rollcall("plan");
    expect(plan.stdout).toMatch(/greeting\s+Hello\. → ""\s+\(no longer declared\)/);
    expect(plan.stdout).toMatch(/time_limit_secs.*kept live, no longer managed/);
  });

  test("a mistyped tool reference detaches all tools", async () => {
    await start({ desk: "{ instructions: x, tool_ids: [{ ref: Tool/typo }] }" });
    const ran = await one.rollcall("apply", "--yes");
    expect(ran.stderr).toMatch(/no manifest declares Tool\/typo/);
    expect(ran.code).toBe(1);
    expect(one.emulator.requests()).toEqual([]);
  });

  test("trailing white space of a live prompt is permanent drift", async () => {
    await applied({ desk: "{ instructions: Be kind. }" });
    one.emulator.portal.edit("Assistant", idOf("desk"), { instructions: "Be kind. \r\n" });
    expect((await one.rollcall("drift")).code).toBe(0);
  });

  test("twenty of twenty updates are refused, and it exits 0", async () => {
    await applied({ a: "{ instructions: x }", b: "{ instructions: x }" });
    await declare({ a: "{ instructions: y }", b: "{ instructions: y }" });
    one.emulator.inject({
      match: { method: "POST" },
      times: "always",
      fault: { kind: "status", status: 422, body: "fastapi" },
    });
    const ran = await one.rollcall("apply", "--yes");
    expect(ran.stdout).toMatch(/2 failed/);
    expect(ran.code).toBe(1);
  });

  test("a refused deletion is forgotten locally and reported as a success", async () => {
    await applied({ a: "{ instructions: x }", b: "{ instructions: x }" });
    await declare({ a: "{ instructions: x }" });
    one.emulator.inject({
      match: { method: "DELETE" },
      times: "always",
      fault: { kind: "status", status: 403, body: "telnyx" },
    });
    const ran = await one.rollcall("apply", "--yes", "--prune");
    expect(ran.code).toBe(1);
    expect((await one.rollcall("ledger", "list")).stdout).toContain("Assistant/b");
    one.emulator.clearFaults();
    expect((await one.rollcall("apply", "--yes", "--prune")).code).toBe(0);
    expect((await one.rollcall("ledger", "list")).stdout).not.toContain("Assistant/b");
  });

  test("without a terminal it does nothing, and exits 0", async () => {
    await start({ desk: "{ instructions: x }" });
    const ran = await one.rollcall("apply");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("--yes");
  });

  test("a rollback sends read-only fields and is refused", async () => {
    await applied({ desk: "{ instructions: x, telephony_settings: { time_limit_secs: 600 } }" });
    one.emulator.portal.edit("Assistant", idOf("desk"), { telephony_settings: { time_limit_secs: 900 } });
    one.emulator.clearRequests();
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    const sent = one.emulator.requests().find(({ method }) => method === "POST")?.body;
    for (const key of ["id", "created_at", "version_id", "version_created_at"])
      expect(sent).not.toHaveProperty(key);
  });

  test("unchanged resources are written again", async () => {
    await applied({ a: "{ instructions: x }", b: "{ instructions: x }" });
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    expect(one.writes()).toEqual([]);
  });
});

describe("infrastructure as code", () => {
  test("server defaults are permanent differences", async () => {
    await applied({
      desk: "{ instructions: x, voice_settings: { voice: Telnyx.NaturalHD.astra, voice_speed: 1 }, telephony_settings: { time_limit_secs: 1800 } }",
    });
    expect((await one.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
  });

  test("will be updated, with no visible change", async () => {
    await applied({ desk: "{ instructions: x, greeting: a }" });
    await declare({ desk: "{ instructions: x, greeting: b }" });
    const { stdout } = await one.rollcall("plan");
    const section = stdout.slice(stdout.indexOf("# Assistant/desk will be updated"));
    expect(section).toMatch(/~ greeting\s+a → b/);
  });

  test("the exit code contradicts the text", async () => {
    await applied({ desk: "{ instructions: x }" });
    const clean = await one.rollcall("drift");
    expect([clean.code, clean.stdout.includes("No drift.")]).toEqual([0, true]);
    one.emulator.portal.edit("Assistant", idOf("desk"), { instructions: "Edited." });
    const found = await one.rollcall("drift");
    expect([found.code, found.stdout.includes("No drift.")]).toEqual([2, false]);
  });

  test("a portal edit cannot be distinguished from a missing setting", async () => {
    await applied({ desk: "{ instructions: x, greeting: Hello. }" });
    one.emulator.portal.edit("Assistant", idOf("desk"), { greeting: "Edited." });
    const edited = await one.rollcall("plan", "--format", "json");
    expect(edited.stdout).toContain('"class": "drift"');
    one.emulator.portal.edit("Assistant", idOf("desk"), { greeting: "Hello." });
    await declare({ desk: "{ instructions: x }" });
    expect((await one.rollcall("plan", "--format", "json")).stdout).toContain('"class": "unset"');
  });

  test("the dry run differs from the apply", async () => {
    await applied({ desk: "{ instructions: x }" });
    await declare({ desk: "{ instructions: y, greeting: Hello. }" });
    await one.rollcall("plan", "--out", "plan.json");
    one.emulator.clearRequests();
    expect((await one.rollcall("apply", "plan.json")).code).toBe(0);
    expect(one.writes()).toHaveLength(1);
    expect(live("desk")).toMatchObject({ instructions: "y", greeting: "Hello." });
  });

  test("a failure summary says that nothing changed", async () => {
    await start({ a: "{ instructions: x }", b: "{ instructions: x }" });
    one.emulator.inject({
      match: { method: "POST", path: "/ai/assistants", nth: 2 },
      fault: { kind: "status", status: 422, body: "fastapi" },
    });
    const ran = await one.rollcall("apply", "--yes", "--parallelism", "1");
    expect(ran.stdout).toMatch(/Apply incomplete: .*1/);
    expect(ran.stdout).toMatch(/Assistant\/a\s+created/);
    expect(ran.code).toBe(3);
  });

  test("removing a block removes its protection", async () => {
    one = await desk();
    const manifest = (lifecycle: string) =>
      writeFile(
        join(one.folder, "all.yaml"),
        `${HEAD}metadata: { name: desk }\n${lifecycle}spec: { instructions: x }\n---\n${HEAD}metadata: { name: other }\nspec: { instructions: x }\n`,
      );
    await manifest("lifecycle: { protect: true }\n");
    await one.rollcall("apply", "--yes");
    await manifest("");
    await one.rollcall("apply", "--yes");
    await declare({ other: "{ instructions: x }" });
    const ran = await one.rollcall("apply", "--yes", "--prune");
    expect(ran.stdout).toMatch(/is protected|protected/);
    expect(ran.code).toBe(4);
    expect(live("desk")).toBeDefined();
  });

  test("prune deletes objects that it does not own", async () => {
    await applied({ desk: "{ instructions: x }" });
    one.emulator.portal.create("Assistant", { name: "theirs", instructions: "x" });
    await declare({ desk: "{ instructions: y }" });
    expect((await one.rollcall("apply", "--yes", "--prune")).code).toBe(0);
    expect(live("theirs")).toBeDefined();
  });

  test("a rename means delete and create", async () => {
    await applied({ desk: "{ instructions: x }" });
    const id = idOf("desk");
    await declare({ desk: "{ name: Front desk, instructions: x }" });
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    expect(idOf("Front desk")).toBe(id);
  });

  test("saved plans are stale for no reason", async () => {
    await applied({ desk: "{ instructions: x }", other: "{ instructions: x }" });
    await declare({ desk: "{ instructions: y }", other: "{ instructions: x }" });
    await one.rollcall("plan", "--out", "plan.json");
    one.emulator.portal.edit("Assistant", idOf("other"), { greeting: "Hello." });
    expect((await one.rollcall("apply", "plan.json")).code).toBe(0);
  });

  test("plans contain secrets", async () => {
    const tools =
      '[{ type: refer, refer: { targets: [{ name: d, sip_address: "sip:a@example.com", sip_auth_username: u, sip_auth_password: open-sesame-9 }] } }]';
    await start({ desk: `{ instructions: x, tools: ${tools} }` });
    const ran = [
      await one.rollcall("plan", "--out", "plan.json"),
      await one.rollcall("plan", "--format", "json"),
      await one.rollcall("apply", "--yes", "-v"),
    ];
    const files = [
      await readFile(join(one.folder, "plan.json"), "utf8"),
      await readFile(join(one.folder, ".rollcall/default.json"), "utf8"),
    ];
    expect([...ran.map(({ stdout, stderr }) => stdout + stderr), ...files].join("")).not.toContain(
      "open-sesame-9",
    );
  });

  test("a comment on a pull request over 65,536 characters is refused", async () => {
    one = await desk();
    const line = "Never promise a date, and say so kindly. ";
    await writeFile(
      join(one.folder, "all.yaml"),
      `${HEAD}metadata: { name: desk }\nspec:\n  instructions: |\n${`    ${line}\n`.repeat(3000)}`,
    );
    const { stdout } = await one.rollcall("plan", "--format", "markdown");
    expect(stdout.length).toBeLessThan(65_536);
  });

  test("with JSON output errors are stored, and it exits 0", async () => {
    await start({ desk: "{ instructions: x }" });
    one.emulator.inject({
      match: { method: "POST" },
      times: "always",
      fault: { kind: "status", status: 422, body: "fastapi" },
    });
    const ran = await one.rollcall("apply", "--yes", "--format", "json");
    expect(JSON.parse(ran.stdout)).toMatchObject({ complete: false, failed: [{ address: "Assistant/desk" }] });
    expect(ran.code).toBe(1);
  });

  test("state is lost when the job is killed, and its lock is stuck", async () => {
    await start({ desk: "{ instructions: x }" });
    const lock = {
      who: "gone",
      host: "here",
      pid: 2 ** 22 + 1,
      operation: "apply",
      token: "t",
      since: "2020-01-01T00:00:00Z",
      expires: "2020-01-01T00:01:00Z",
    };
    await run("mkdir", ["-p", join(one.folder, ".rollcall")]);
    await writeFile(join(one.folder, ".rollcall/default.json.lock"), JSON.stringify(lock));
    const ran = await one.rollcall("apply", "--yes");
    expect(ran.stderr).toMatch(/took over|gone/);
    expect(ran.code).toBe(0);
  });
});
