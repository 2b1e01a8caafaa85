import { appendFileSync, rmSync } from "node:fs";
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { beginBatch } from "../../src/host/files/batch.ts";
import { desk, type Desk } from "../e2e/cli.ts";
import { httpTo, idOf, type Http } from "./http.ts";
import { makeSmallAccount, SMALL_ACCOUNT } from "./small-account.ts";
import { manifestsIn, treeOf } from "../file-tree.ts";

let here: Desk;
let http: Http;
beforeEach(async () => {
  here = await desk();
  http = httpTo(here.emulator.url);
});
afterEach(() => here.close());

const files = () => manifestsIn(here.folder);

describe("an empty folder", () => {
  test("gets a project whose manifests are valid and whose plan is empty, and nothing is written live", async () => {
    await makeSmallAccount(http);
    here.writes();
    const pulled = await here.rollcall("pull");
    expect(pulled).toMatchObject({ code: 0, stderr: "" });
    expect(pulled.stdout).toContain(`Pulled ${SMALL_ACCOUNT} objects`);
    expect(pulled.stdout.match(/protect: true/g)).toHaveLength(1);
    expect(here.writes()).toEqual([]);
    expect(Object.keys(files())).toEqual([
      ".gitignore",
      "assistants/support-2.yaml",
      "assistants/support.yaml",
      "mcp/crm.yaml",
      "prompts/support-2.md",
      "prompts/support.md",
      "rollcall.yaml",
      "rollouts/support.yaml",
      "tests/smoke.yaml",
      "tools/open-ticket.yaml",
    ]);
    expect(files()["assistants/support.yaml"]).toContain("- { ref: Tool/open-ticket }");
    expect(await here.rollcall("validate")).toMatchObject({ code: 0 });
    expect(await here.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
    expect(await here.rollcall("drift")).toMatchObject({ code: 0 });
  });

  test("a second pull changes no file", async () => {
    await makeSmallAccount(http);
    await here.rollcall("pull");
    const before = treeOf(here.folder);
    const again = await here.rollcall("pull");
    expect(again.code).toBe(0);
    expect(again.stdout).toBe(
      `Nothing to pull: ${SMALL_ACCOUNT} objects of the selection are managed already.\n`,
    );
    expect(treeOf(here.folder)).toEqual(before);
    expect(await here.rollcall("pull", "--check")).toMatchObject({ code: 0 });
  });

  test("--env sets the environment", async () => {
    await makeSmallAccount(http);
    expect(await here.rollcall("pull", "--env", "staging")).toMatchObject({ code: 0 });
    expect(files()["rollcall.yaml"]).toContain("staging:\n      apiKey: { env: TELNYX_API_KEY }\n");
    expect(await here.rollcall("plan", "--env", "staging", "--detailed-exitcode")).toMatchObject({ code: 0 });
  });

  test.each([
    ["--dry-run", 0],
    ["--check", 2],
  ])("%s shows what would be written, and writes nothing", async (option, code) => {
    await makeSmallAccount(http);
    const run = await here.rollcall("pull", option);
    expect(run.code).toBe(code);
    expect(run.stdout).toContain("Nothing was written.");
    expect(treeOf(here.folder)).toEqual({});
  });

  test("a file in place of the folder of the ledger is an error, and nothing is written", async () => {
    await makeSmallAccount(http);
    await writeFile(join(here.folder, ".rollcall"), "notes");
    const run = await here.rollcall("pull");
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain("a part of its path is not a folder");
    expect(treeOf(here.folder)).toEqual({ ".rollcall": "notes" });
  });

  test("get takes the address that a version would have", async () => {
    await makeSmallAccount(http);
    const run = await here.rollcall("get", "AssistantVersion/support-warmer", "-o", "json");
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain("warmer");
  });

  test("an account without objects gives no project", async () => {
    expect(await here.rollcall("pull")).toMatchObject({ code: 0 });
    expect(Object.keys(treeOf(here.folder))).toEqual([]);
  });
});

describe("an existing project", () => {
  beforeEach(async () => {
    await writeFile(
      join(here.folder, "rollcall.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec:\n  manifests: [assistants] # ours\n",
    );
    await mkdir(join(here.folder, "assistants"));
    await writeFile(
      join(here.folder, "assistants/desk.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec: { name: Desk, instructions: Hello }\n",
    );
    await here.rollcall("apply", "--yes");
    here.writes();
  });

  test("keeps its files, and gets missing folders", async () => {
    await makeSmallAccount(http);
    const before = files();
    expect(await here.rollcall("pull")).toMatchObject({ code: 0 });
    expect(files()["rollcall.yaml"]).toContain("manifests: [assistants, mcp, rollouts, tests, tools] # ours\n");
    expect(files()["assistants/desk.yaml"]).toBe(before["assistants/desk.yaml"]);
    expect(await here.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
  });

  test("an object that is as its manifest declares is tied to it if the ledger was lost", async () => {
    await rm(join(here.folder, ".rollcall"), { recursive: true });
    const before = files();
    const run = await here.rollcall("pull");
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain("the plan is empty");
    expect(files()).toEqual(before);
    expect(await here.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
    expect(here.writes()).toEqual([]);
  });

  test("an object that differs from a manifest of its name is not pulled", async () => {
    await rm(join(here.folder, ".rollcall"), { recursive: true });
    const id = await here.rollcall("get", "assistants", "-o", "id");
    here.emulator.portal.edit("Assistant", id.stdout.trim(), { instructions: "Goodbye" });
    const alone = await here.rollcall("pull");
    expect(alone).toMatchObject({ code: 3 });
    expect(alone.stdout).toContain("Assistant/desk declares its name and different values");
    expect(Object.keys(files())).toEqual(["assistants/desk.yaml", "rollcall.yaml"]);
    await http.post("/ai/assistants", { name: "Claims", instructions: "You answer." });
    const run = await here.rollcall("pull", "--format", "json");
    expect(run).toMatchObject({ code: 3 });
    expect(JSON.parse(run.stdout)).toMatchObject({
      isPlanEmpty: false,
      objects: [{ address: "Assistant/claims" }],
      skipped: [{ address: "Assistant/desk", reason: "declared" }],
    });
  });

  test("the plan is not called empty if it creates what another manifest declares", async () => {
    await writeFile(
      join(here.folder, "assistants/later.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: later }\nspec: { instructions: Hello }\n",
    );
    await http.post("/ai/assistants", { name: "Claims", instructions: "You answer." });
    const run = await here.rollcall("pull");
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain("the plan does not change the pulled objects");
  });

  test("existing addresses and paths are not reused", async () => {
    await http.post("/ai/assistants", { name: "desk!", instructions: "Other" });
    expect(await here.rollcall("pull")).toMatchObject({ code: 0 });
    expect(Object.keys(files())).toContain("assistants/desk-2.yaml");
  });

  test.each([
    ["a folder", (path: string) => mkdir(path)],
    ["a link that leads nowhere", (path: string) => symlink("nowhere", path)],
  ])("%s at a path of a new file gives another path", async (_, occupy) => {
    await http.post("/ai/assistants", { name: "Claims", instructions: "You answer.\n\nBriefly.\n" });
    await mkdir(join(here.folder, "prompts"));
    await occupy(join(here.folder, "prompts/claims.md"));
    expect(await here.rollcall("pull")).toMatchObject({ code: 0 });
    expect(await readdir(join(here.folder, "prompts"))).toEqual(["claims-2.md", "claims.md"]);
  });

  test.each([
    ["a file", (path: string) => writeFile(path, "notes"), "prompts is not a folder"],
    ["a link that leads nowhere", (path: string) => symlink("nowhere", path), "prompts is a dangling link"],
    [
      "a link out of the project",
      (path: string) => symlink("..", path),
      "prompts is a link out of the project",
    ],
  ])("%s in place of a folder of new files stands in the way", async (_, occupy, why) => {
    await http.post("/ai/assistants", { name: "Claims", instructions: "You answer.\n\nBriefly.\n" });
    await occupy(join(here.folder, "prompts"));
    const before = await readdir(here.folder);
    const run = await here.rollcall("pull");
    expect(run.code, run.stdout + run.stderr).toBe(3);
    expect(run.stdout).toContain(`Assistant/claims  prompts/claims.md\n    the file cannot be made: ${why}`);
    expect(await readdir(here.folder)).toEqual(before);
  });

  test("an entry of spec.manifests that nothing fits stays, and does not prevent a pull", async () => {
    const text = files()["rollcall.yaml"] ?? "";
    await writeFile(
      join(here.folder, "rollcall.yaml"),
      text.replace("[assistants]", "[assistants, tools, later]"),
    );
    await makeSmallAccount(http);
    const dry = await here.rollcall("pull", "--dry-run", "--format=json");
    expect(JSON.parse(dry.stdout)).toMatchObject({
      unmatched: [{ where: "rollcall.yaml:5:34", message: 'there is no file or folder "later" [RC1001]' }],
    });
    const run = await here.rollcall("pull");
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain('rollcall.yaml:5:34: there is no file or folder "later"');
    expect(run.stdout).not.toContain('"tools"');
    expect(run.stdout).not.toContain("are valid");
    expect(files()["rollcall.yaml"]).toContain("[assistants, tools, later, mcp, rollouts, tests]");
    const valid = await here.rollcall("validate");
    expect((valid.stdout + valid.stderr).match(/RC\d+/g)).toEqual(["RC1001"]);
  });

  test("nothing is written if a manifest is changed or removed while the pull is running", async () => {
    await makeSmallAccount(http);
    for (const change of [
      () => appendFileSync(join(here.folder, "assistants/desk.yaml"), "# Changed\n"),
      () => rmSync(join(here.folder, "assistants/desk.yaml")),
    ]) {
      let after = {};
      const onStrike = () => {
        change();
        after = files();
      };
      here.emulator.inject({ fault: { kind: "slow", milliseconds: 0 }, onStrike });
      const run = await here.rollcall("pull");
      expect(run.code, run.stdout + run.stderr).toBe(3);
      expect(run.stdout).toContain("was changed while the pull was running");
      expect(files()).toEqual(after);
    }
  });

  test("a folder without a project file gets no advice about one", async () => {
    await rm(join(here.folder, "rollcall.yaml"));
    await rm(join(here.folder, ".rollcall"), { recursive: true });
    await writeFile(
      join(here.folder, "assistants/desk.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: desk }\nspec: { name: Other desk, instructions: Hello }\n",
    );
    const run = await here.rollcall("pull");
    expect(run.stdout + run.stderr).not.toContain("rollcall.yaml");
    expect(run.stdout).toContain("Pulled 1 object");
  });

  test("manifests with errors are not added to", async () => {
    await writeFile(join(here.folder, "assistants/desk.yaml"), "kind: Assistant\n");
    await makeSmallAccount(http);
    const before = treeOf(here.folder);
    expect(await here.rollcall("pull")).toMatchObject({ code: 1 });
    expect(treeOf(here.folder)).toEqual(before);
  });

  test("objects of another environment of the account are not pulled", async () => {
    await writeFile(
      join(here.folder, "rollcall.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec:\n  environments:\n    one: {}\n    two: { apiKey: { env: TELNYX_STAGING_API_KEY } }\n",
    );
    await here.rollcall("apply", "--env", "one", "--yes");
    const run = await here.rollcall("pull", "--env", "two");
    expect(run.stdout, run.stderr).toContain("environment one manages it as Assistant/desk");
    expect(Object.keys(files())).toEqual(["assistants/desk.yaml", "rollcall.yaml"]);
    await http.post("/ai/assistants", { name: "Two alone", instructions: "Hi" });
    const more = await here.rollcall("pull", "--env", "two");
    expect(more.stdout).toContain("The new manifests exist only in two.");
    expect(files()["assistants/two-alone.yaml"]).toContain(
      "metadata:\n  name: two-alone\n  environments: [two]\n",
    );
  });

  test("what is pulled in one environment changes no plan of another", async () => {
    const project =
      "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec:\n  environments:\n";
    await writeFile(
      join(here.folder, "rollcall.yaml"),
      `${project}    one: {}\n    two: { apiKey: { env: TELNYX_STAGING_API_KEY } }\n`,
    );
    const desk =
      "metadata: { name: support, environments: [one] }\nspec: { name: Desk of one, instructions: Hi }\n";
    await writeFile(
      join(here.folder, "assistants/desk.yaml"),
      `apiVersion: rollcall.dev/v1\nkind: Assistant\n${desk}`,
    );
    await here.rollcall("apply", "--env", "one", "--yes");
    await makeSmallAccount(http);
    const run = await here.rollcall("pull", "--env", "two");
    expect(run.code, run.stdout + run.stderr).toBe(0);
    // An address is taken in every environment.
    expect(files()["assistants/support-2.yaml"]).toContain("environments: [two]");
    expect(await here.rollcall("validate")).toMatchObject({ code: 0 });
    for (const environment of ["one", "two"]) {
      const plan = await here.rollcall("plan", "--env", environment, "--detailed-exitcode");
      expect(plan.code, plan.stdout + plan.stderr).toBe(0);
    }
    const again = await here.rollcall("pull", "--env", "two", "--check");
    expect(again.code, again.stdout).toBe(0);
  });
});

describe("a selection", () => {
  beforeEach(() => makeSmallAccount(http));

  test.each([
    [["--kind", "tools"], ["Tool/open-ticket"]],
    [["CRM"], ["McpServer/crm"]],
    [["Says*"], ["AssistantTest/says-hello"]],
    [
      ["Support", "--no-dependencies", "--versions", "none"],
      ["Assistant/support", "Assistant/support-2"],
    ],
    [
      ["--kind", "assistants"],
      ["Assistant/support", "Assistant/support-2", "McpServer/crm", "Tool/open-ticket"],
    ],
  ])("%j pulls %j", async (args, addresses) => {
    const run = await here.rollcall("pull", "--format", "json", ...args);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    const { objects, files: written } = JSON.parse(run.stdout) as {
      readonly objects: readonly { readonly address: string }[];
      readonly files: readonly { readonly file: string; readonly change: string }[];
    };
    expect(objects.map(({ address }) => address).sort()).toEqual(addresses);
    expect(written.map(({ file }) => file).sort()).toEqual(Object.keys(files()).sort());
    expect(await here.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
  });

  test("an id of an object that is not pulled is kept with a comment", async () => {
    await here.rollcall("pull", "Support", "--no-dependencies", "--versions", "none");
    const text = files()["assistants/support.yaml"] ?? "";
    expect(text).toMatch(/# Tool Open ticket, which this project does not manage\.\n +- \S+\n/);
  });

  test.each([
    [["get", "Assistant/support-2", "-o", "id"], 0],
    [["get", "Tool/open-ticket", "-o", "id"], 0],
    [["pull", "AssistantTest/says-hello", "--dry-run"], 0],
    [["versions", "list", "Assistant/support-2"], 0],
    [["get", "Assistant/support-3"], 1],
    [["get", "Tool/support"], 1],
  ])("%j: an address that a pull would give ends with %i", async (args, code) => {
    const run = await here.rollcall(...args);
    expect(run.code, run.stdout + run.stderr).toBe(code);
  });

  test.each([[["get"]], [["pull", "--dry-run"]], [["versions", "list"]]])(
    "%j: an address that two objects of one name can get is an error with their ids",
    async (command) => {
      const twins = JSON.parse((await here.rollcall("get", "Support", "-o", "json")).stdout) as {
        readonly objects: readonly { readonly id: string }[];
      };
      const run = await here.rollcall(...command, "Assistant/support");
      expect(run.code).toBe(1);
      expect(twins.objects).toHaveLength(2);
      for (const { id } of twins.objects) expect(run.stderr).toContain(id);
    },
  );

  test("get -o yaml is what a pull of the selection writes, with references to what comes along", async () => {
    const [, second = ""] = (await here.rollcall("get", "Support", "-o", "id")).stdout.trim().split("\n");
    const shown = await here.rollcall("get", second, "-o", "yaml");
    const pulled = await here.rollcall("pull", second, "--layout", "single");
    expect(pulled.code, pulled.stdout).toBe(0);
    expect(shown.stdout).toMatch(/id: \{ ref: Assistant\/support/);
    expect(files()["manifests.yaml"]).toContain(shown.stdout);
  });

  test("an unknown name is an error", async () => {
    const run = await here.rollcall("pull", "Nobody");
    expect(run).toMatchObject({ code: 1 });
    expect(run.stderr).toContain("Nobody");
    expect(treeOf(here.folder)).toEqual({});
  });

  test("--versions all also pulls versions that no canary serves", async () => {
    const assistant = await http.post("/ai/assistants", { name: "Solo", instructions: "Hi" });
    await http.post(`/ai/assistants/${idOf(assistant)}`, {
      greeting: "Hey",
      version_name: "hey",
      promote_to_main: false,
    });
    expect(await here.rollcall("pull", "Solo", "--versions", "all")).toMatchObject({ code: 0 });
    expect(files()["rollouts/solo.yaml"]).toContain("version_name: hey");
  });
});

describe("obstacles", () => {
  test.each([
    [
      "a manifest that is not valid",
      "{ allowed: { ours: Ours } }",
      /Assistant\/odd {2}assistants\/odd\.yaml:\d+:\d+\n/,
    ],
    ["a change that the plan would make", "{ common: [ours] }", /Assistant\/odd {2}tags/],
  ])("%s is named with object and path, and nothing is written", async (_, tags, said) => {
    await writeFile(
      join(here.folder, "rollcall.yaml"),
      `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec: { tags: ${tags} }\n`,
    );
    await makeSmallAccount(http);
    const odd = await http.post("/ai/assistants", { name: "Odd", instructions: "Hi" });
    await http.post(`/ai/assistants/${idOf(odd)}/tags`, { tag: "theirs" });
    const before = treeOf(here.folder);
    const run = await here.rollcall("pull");
    expect(run.code, run.stdout + run.stderr).toBe(3);
    expect(run.stdout).toMatch(said);
    expect(run.stdout).toContain("Nothing was written");
    expect(treeOf(here.folder)).toEqual(before);
  });
});

describe("import without a manifest", () => {
  test("writes one for the object under the address", async () => {
    await makeSmallAccount(http);
    const solo = await http.post("/ai/assistants", {
      name: "Night desk",
      instructions: "You answer at night.",
    });
    const run = await here.rollcall("import", "Assistant/night", idOf(solo));
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect(run.stdout).toContain("assistants/night.yaml");
    expect(Object.keys(files())).toEqual([
      ".gitignore",
      "assistants/night.yaml",
      "prompts/night.md",
      "rollcall.yaml",
    ]);
    expect(files()["assistants/night.yaml"]).toContain("name: night\n");
    expect(await here.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
    expect(await here.rollcall("pull")).toMatchObject({ code: 0 });
    expect(Object.keys(files())).toContain("assistants/night.yaml");
    expect(Object.keys(files())).not.toContain("assistants/night-desk.yaml");
  });

  test.each([
    ["an unknown id", "Assistant/night", () => "assistant-none", /assistant-none/],
    ["an unknown kind", "Robot/night", (id: string) => id, /there is no kind Robot/],
  ])("%s is an error, and nothing is written", async (_, address, id, said) => {
    const solo = await http.post("/ai/assistants", {
      name: "Night desk",
      instructions: "You answer at night.",
    });
    const run = await here.rollcall("import", address, id(idOf(solo)));
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(said);
    expect(treeOf(here.folder)).toEqual({});
  });

  test("an object that is managed is not imported twice", async () => {
    const solo = await http.post("/ai/assistants", {
      name: "Night desk",
      instructions: "You answer at night.",
    });
    await here.rollcall("pull");
    const before = treeOf(here.folder);
    const run = await here.rollcall("import", "Assistant/other", idOf(solo));
    expect(run).toMatchObject({ code: 1 });
    expect(run.stderr).toContain("is already in the ledger as Assistant/night-desk");
    expect(treeOf(here.folder)).toEqual(before);
  });
});

test("validate says that a pull was interrupted, and plan undoes it", async () => {
  const batch = await beginBatch(here.folder, "production", [{ file: "assistants/x.yaml", text: "x\n" }], {
    environment: "production",
    lineage: "none",
    serial: 0,
    added: [{ address: "Assistant/x", id: "assistant-x" }],
  });
  await batch.place();
  const valid = await here.rollcall("validate");
  expect(valid.stderr).toContain("a pull of environment production is under way or was interrupted");
  expect((await here.rollcall("plan")).stderr).toContain("undid an interrupted pull of environment production");
  expect(treeOf(here.folder)).toEqual({});
});
