import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { isList, isObject, property, type Json, type JsonObject } from "../../src/model/json.ts";
import { desk, EXAMPLE, type Desk } from "./cli.ts";

let open: Desk[] = [];

afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

async function opened(project?: string): Promise<Desk> {
  const one = await desk(project);
  open.push(one);
  return one;
}

function git(folder: string, ...args: readonly string[]): string {
  const identity = ["-c", "user.name=tester", "-c", "user.email=tester@example.com"];
  return execFileSync("git", [...identity, "-c", "core.autocrlf=false", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
}

function committed({ folder }: Desk): void {
  git(folder, "init", "-q");
  git(folder, "add", ".");
  git(folder, "commit", "-q", "-m", "as applied");
}

/** The changed lines of every file, as `git diff` has them. */
function diff({ folder }: Desk): Readonly<Record<string, readonly string[]>> {
  const files = git(folder, "diff", "--name-only", "--", ":!.rollcall").split("\n").filter(Boolean);
  const lines = (file: string) =>
    git(folder, "diff", "-U0", "--", file)
      .split("\n")
      .filter((line) => /^[+-](?!(?:--|\+\+) )/.test(line));
  return Object.fromEntries(files.map((file) => [file, lines(file)]));
}

type Edit = (main: JsonObject) => JsonObject;

/** What a person changes of an assistant in the portal. */
function edit({ emulator }: Desk, name: string, change: Edit | JsonObject): void {
  const found = emulator.state().assistants.find(({ main }) => main["name"] === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  const patch = typeof change === "function" ? change(ownTools(found.main)) : change;
  emulator.portal.edit("Assistant", found.id, patch, { version: "same" });
}

/** Shared tools are answered among the assistant's own. */
function ownTools(main: JsonObject): JsonObject {
  return { ...main, tools: list(main["tools"]).filter((tool) => property(tool, "shared") === false) };
}

function list(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The list with one member of one element changed. */
function withElement(
  value: Json | undefined,
  isMeant: (item: JsonObject) => boolean,
  change: Edit,
): readonly Json[] {
  return list(value).map((item) =>
    isMeant(object(item)) ? Object.assign({}, object(item), change(object(item))) : item,
  );
}

function idOf(records: readonly JsonObject[], key: string, name: string, id: string): string {
  const found = records.find((record) => record[key] === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return String(found[id]);
}

function proposal(ran: { readonly stdout: string }): JsonObject {
  return object(property(JSON.parse(ran.stdout) as Json, "x_rollcall_proposal"));
}

/** `Assistant/desk /greeting: reason` for everything that was left. */
function leftIn(ran: { readonly stdout: string }): readonly string[] {
  return list(proposal(ran)["left"]).map((one) => {
    const { address, path, reason } = object(one);
    return `${String(address)}${path === undefined ? "" : ` ${String(path)}`}: ${String(reason)}`;
  });
}

describe("the example after edits in the portal", () => {
  /** With staging alone, unless production is there, too. */
  async function example(others: "production" | "none" = "none"): Promise<Desk> {
    const one = await opened(EXAMPLE);
    const path = join(one.folder, "rollcall.yaml");
    const text = await readFile(path, "utf8");
    const alone = text.slice(0, text.indexOf("    production:\n"));
    if (others === "none") await writeFile(path, alone);
    expect((await one.rollcall("apply", "--env", "staging", "--yes")).code).toBe(0);
    committed(one);
    return one;
  }

  async function editTen(one: Desk): Promise<void> {
    const { mcp_servers, tests } = one.emulator.state() as unknown as Record<string, readonly JsonObject[]>;
    edit(one, "Front desk", ({ instructions }) => ({
      instructions: String(instructions).replace("one question at a time.", "one question at a time, slowly."),
    }));
    edit(one, "Billing", {
      greeting: "Hello! Billing at Larkmoor Staging, this is June. Which invoice is it about?",
    });
    edit(one, "Support", { telephony_settings: { time_limit_secs: 1800 } });
    edit(one, "Billing", { privacy_settings: { data_retention: true } });
    edit(one, "Appointments", { tags: ["english", "managed-by-rollcall", "vip"] });
    edit(one, "Support", { enabled_features: ["telephony", "messaging"] });
    edit(one, "Línea en español", (main) => ({
      mcp_servers: withElement(
        main["mcp_servers"],
        ({ allowed_tools }) => list(allowed_tools).includes("move_visit"),
        ({ allowed_tools }) => ({ allowed_tools: list(allowed_tools).filter((tool) => tool !== "move_visit") }),
      ),
    }));
    edit(one, "Billing", (main) => ({
      tools: withElement(
        main["tools"],
        ({ type }) => type === "webhook",
        ({ webhook }) => ({
          webhook: { ...object(webhook), url: "https://billing.staging.larkmoor.example/v2/verify" },
        }),
      ),
    }));
    edit(one, "Support", { dynamic_variables: { open_repair: "nothing open" } });
    const routes = idOf(tests ?? [], "name", "Routes a billing question", "test_id");
    const rubric = withElement(
      tests?.find(({ test_id }) => test_id === routes)?.["rubric"],
      ({ name }) => name === "One question at a time",
      () => ({
        criteria:
          "The front desk asks no more than one question per turn and at most two before it hands over.",
      }),
    );
    one.emulator.portal.edit("AssistantTest", routes, { rubric });
    one.emulator.portal.edit("McpServer", idOf(mcp_servers ?? [], "name", "Larkmoor CRM", "id"), {
      url: "https://crm.staging.larkmoor.example/mcp/v2",
    });
  }

  test("ten edits: the plan is empty, and only the changed values are different in Git", async () => {
    const one = await example();
    await editTen(one);
    const ledger = await readFile(join(one.folder, ".rollcall/staging.json"), "utf8");
    one.emulator.clearRequests();

    const ran = await one.rollcall("drift", "--env", "staging", "--propose");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain("11 live values adopted in 7 files.");
    expect(ran.stdout).toContain("assistants/billing.yaml\n    Assistant/billing greeting, line 11\n");
    expect(ran.stdout).not.toContain("other environments");
    expect(one.writes()).toEqual([]);
    expect(await readFile(join(one.folder, ".rollcall/staging.json"), "utf8")).toBe(ledger);
    expect(diff(one)).toEqual({
      "assistants/appointments.yaml": ["-  tags: [scheduling, english]", "+  tags: [english]"],
      "assistants/billing.yaml": [
        '-  greeting: "Billing at ${var.company}, this is June, a virtual assistant. Which invoice is it about?"',
        '+  greeting: "Hello! Billing at ${var.company}, this is June. Which invoice is it about?"',
        "-    data_retention: false",
        "+    data_retention: true",
        "-        url: https://billing.${var.domain}/v1/verify",
        "+        url: https://billing.${var.domain}/v2/verify",
      ],
      "assistants/spanish-line.yaml": [
        "-      allowed_tools: [find_windows, book_visit, move_visit, list_visits]",
        "+      allowed_tools: [find_windows, book_visit, list_visits]",
      ],
      "assistants/support.yaml": [
        "-  enabled_features: [telephony]",
        "+  enabled_features: [telephony, messaging]",
        "-    open_repair: none",
        "+    open_repair: nothing open",
        "-    time_limit_secs: 2400",
        "+    time_limit_secs: 1800",
      ],
      "mcp/crm.yaml": ["-  url: https://crm.${var.domain}/mcp", "+  url: https://crm.${var.domain}/mcp/v2"],
      "prompts/front-desk.md": ["-- Ask one question at a time.", "+- Ask one question at a time, slowly."],
      "tests/routing.yaml": [
        "-        The front desk asks no more than one question per turn and at most three before it hands",
        "+        The front desk asks no more than one question per turn and at most two before it hands",
      ],
    });

    const plan = await one.rollcall("plan", "--env", "staging", "--detailed-exitcode");
    expect(plan.stdout).toContain("No changes.");
    expect(plan.code).toBe(0);
    const again = await one.rollcall("drift", "--env", "staging", "--propose", "--format", "json");
    expect(again.code).toBe(0);
    expect(proposal(again)).toMatchObject({ adopted: [], left: [], files: [] });
  });

  test("of staging: ten edits become patches of staging, with their variables, and production stays as it is", async () => {
    const one = await example("production");
    await editTen(one);
    const ran = await one.rollcall("drift", "--env", "staging", "--propose");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain("11 live values adopted in 2 files.");
    expect(ran.stdout).toContain(
      "  rollcall.yaml\n    Assistant/appointments tags[scheduling], in the patches of staging\n",
    );
    expect(ran.stdout).toContain("Nothing changes in other environments: ");
    expect(await readFile(join(one.folder, "prompts/front-desk.staging.md"), "utf8")).toContain(
      "- Ask one question at a time, slowly.\n",
    );
    expect(diff(one)).toMatchInlineSnapshot(`
      {
        "rollcall.yaml": [
          "+              instructions: { file: prompts/front-desk.staging.md, vars: true }",
          "+        - target: Assistant/appointments",
          "+          patch:",
          "+            spec:",
          "+              tags: [english]",
          "+        - target: Assistant/billing",
          "+          patch:",
          "+            spec:",
          "+              greeting: Hello! Billing at \${var.company}, this is June. Which invoice is it about?",
          "+              privacy_settings:",
          "+                data_retention: true",
          "+              tools:",
          "+                - type: webhook",
          "+                  webhook:",
          "+                    name: verify_account",
          "+                    url: https://billing.\${var.domain}/v2/verify",
          "+        - target: Assistant/spanish-line",
          "+          patch:",
          "+            spec:",
          "+              mcp_servers:",
          "+                - id: { ref: McpServer/scheduling }",
          "+                  allowed_tools: [find_windows, book_visit, list_visits]",
          "+        - target: Assistant/support",
          "+          patch:",
          "+            spec:",
          "+              enabled_features: [telephony, messaging]",
          "+              dynamic_variables:",
          "+                open_repair: nothing open",
          "+              telephony_settings:",
          "+                time_limit_secs: 1800",
          "+        - target: McpServer/crm",
          "+          patch:",
          "+            spec:",
          "+              url: https://crm.\${var.domain}/mcp/v2",
          "+        - target: AssistantTest/routes-billing-question",
          "+          patch:",
          "+            spec:",
          "+              rubric:",
          "+                - name: One question at a time",
          "+                  criteria: The front desk asks no more than one question per turn and at most two before it hands over.",
        ],
      }
    `);
    const plan = await one.rollcall("plan", "--env", "staging", "--detailed-exitcode");
    expect(plan.stdout).toContain("No changes.");
    expect(plan.code).toBe(0);
  });

  test("plan reports what a version inherits, and an added element is written in the standard style", async () => {
    const one = await example();
    edit(one, "Front desk", (main) => ({
      voice_settings: { ...object(main["voice_settings"]), voice_speed: 1.2 },
      tools: [
        ...list(main["tools"]),
        {
          type: "webhook",
          webhook: {
            name: "weather",
            description: "Says how the weather is.",
            url: "https://weather.example/now",
            method: "GET",
          },
        },
      ],
    }));
    const ran = await one.rollcall("drift", "--env", "staging", "--propose");
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("The next apply also changes AssistantVersion/front-desk-listens-first");
    expect(diff(one)).toEqual({
      "assistants/front-desk.yaml": [
        "-    voice_speed: 1.05",
        "+    voice_speed: 1.2",
        "+    - type: webhook",
        "+      webhook:",
        "+        name: weather",
        "+        description: Says how the weather is.",
        "+        url: https://weather.example/now",
        "+        method: GET",
      ],
    });
  });

  test("a value that the environment patches is changed in the patch", async () => {
    const one = await example();
    edit(one, "Front desk", { telephony_settings: { time_limit_secs: 240, user_idle_reply_secs: 9 } });
    expect((await one.rollcall("drift", "--env", "staging", "--propose")).code).toBe(0);
    expect(diff(one)).toEqual({
      "assistants/front-desk.yaml": ["-    user_idle_reply_secs: 8", "+    user_idle_reply_secs: 9"],
      "rollcall.yaml": ["-                time_limit_secs: 300", "+                time_limit_secs: 240"],
    });
  });

  test("an inherited value that differs live is declared by the version", async () => {
    const one = await example();
    const found = one.emulator.state().assistants.find(({ main }) => main["name"] === "Front desk");
    const version = found?.versions.find(({ version_name }: JsonObject) => version_name === "Listens first");
    const id = `${found?.id}/${String(object(version as Json)["version_id"])}`;
    one.emulator.portal.edit("AssistantVersion", id, {
      greeting: "Hello, this is Robin at Larkmoor Staging. Tell me what is going on.",
      telephony_settings: { user_idle_reply_secs: 11 },
    });
    const ran = await one.rollcall("drift", "--env", "staging", "--propose");
    expect(ran.stdout).toContain("2 live values adopted in 1 file.");
    expect(diff(one)).toEqual({
      "rollout/front-desk-listens-first.yaml": [
        '-    greeting: "Hi, this is Robin, the virtual assistant at ${var.company}. Tell me what is going on."',
        '+    greeting: "Hello, this is Robin at ${var.company}. Tell me what is going on."',
        "+    telephony_settings:",
        "+      user_idle_reply_secs: 11",
      ],
    });
    expect((await one.rollcall("plan", "--env", "staging", "--detailed-exitcode")).code).toBe(0);
  });
});

const HEAD = "apiVersion: rollcall.dev/v1\n";

/** An assistant; `spec` is YAML. */
function assistant(name: string, spec: string): string {
  return `${HEAD}kind: Assistant\nmetadata: { name: ${name} }\nspec:\n${spec.replace(/^(?=.)/gm, "  ")}`;
}

/** A project of these files, applied and committed. */
async function office(files: Readonly<Record<string, string>>): Promise<Desk> {
  const one = await opened();
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(one.folder, file)), { recursive: true });
    await writeFile(join(one.folder, file), text);
  }
  const ran = await one.rollcall("apply", "--yes");
  expect(ran.stderr + ran.stdout).toContain("Apply complete!");
  committed(one);
  return one;
}

async function propose(one: Desk): Promise<{ readonly code: number; readonly stdout: string }> {
  return one.rollcall("drift", "--propose", "--format", "json");
}

async function isSettled(one: Desk): Promise<void> {
  const plan = await one.rollcall("plan", "--detailed-exitcode");
  expect(plan.stdout).toContain("No changes.");
  expect(plan.code).toBe(0);
}

describe("values that are not written, with the reason", () => {
  test("a conflict: the manifest changed too", async () => {
    const one = await office({ "a.yaml": assistant("a", "instructions: x\ngreeting: Hi\ndescription: d\n") });
    await writeFile(
      join(one.folder, "a.yaml"),
      assistant("a", "instructions: x\ngreeting: Hello\ndescription: d\n"),
    );
    git(one.folder, "commit", "-q", "-a", "-m", "another greeting");
    edit(one, "a", { greeting: "Hey", description: "e" });
    const ran = await propose(one);
    expect(leftIn(ran)).toEqual(["Assistant/a /greeting: the manifest changed too"]);
    expect(diff(one)).toEqual({ "a.yaml": ["-  description: d", "+  description: e"] });
    expect(ran.code).toBe(2);
    const other = await one.rollcall("drift", "--propose", "--fail-on", "deleted");
    expect(other.stdout).toContain("No manifest was changed. 1 difference not adopted.");
    expect(other.code).toBe(0);
  });

  test("a variable that would be replaced; other values are written", async () => {
    const one = await office({
      "rollcall.yaml": `${HEAD}kind: Project\nmetadata: { name: p }\nspec: { vars: { company: Acme, line: "+15550100001" } }\n`,
      "a.yaml": assistant(
        "a",
        "instructions: { file: a.md, vars: true }\ngreeting: Hi from ${var.company}\ntools:\n  - type: transfer\n" +
          "    transfer:\n      from: ${var.line}\n      targets:\n        # The desk.\n        - { name: Desk, to: '${var.line}' }\n",
      ),
      "a.md": "You work at ${var.company}.\nBe kind.\n",
    });
    edit(one, "a", (main) => ({
      greeting: "Hi from Initech",
      instructions: "You work at Acme.\nBe kind and brief.",
      tools: withElement(
        main["tools"],
        () => true,
        ({ transfer }) => ({
          transfer: { ...object(transfer), targets: [{ name: "Desk", to: "+15550100002" }] },
        }),
      ),
    }));
    const ran = await propose(one);
    expect(leftIn(ran)).toEqual([
      "Assistant/a /greeting: it would replace ${var.company}",
      "Assistant/a /tools/transfer/transfer/targets/+15550100001: it would replace ${var.line}",
      "Assistant/a /tools/transfer/transfer/targets/+15550100002: it would replace ${var.line}",
    ]);
    expect(diff(one)).toEqual({ "a.md": ["-Be kind.", "+Be kind and brief."] });
    expect(ran.code).toBe(2);
  });

  test("a shared text that differs live; an equal one is written once", async () => {
    const files = {
      "a.yaml": assistant("a", "instructions: { file: both.md }\n"),
      "b.yaml": assistant("b", "instructions: { file: both.md }\n"),
      "both.md": "Be kind.\n",
    };
    const one = await office(files);
    edit(one, "a", { instructions: "Be brief." });
    const ran = await propose(one);
    expect(leftIn(ran)).toEqual([
      "Assistant/a /instructions: both.md is also a text of Assistant/b, and their texts would differ",
    ]);
    expect(diff(one)).toEqual({});
    edit(one, "b", { instructions: "Be brief.\n" });
    expect((await propose(one)).code).toBe(0);
    expect(diff(one)).toEqual({ "both.md": ["-Be kind.", "+Be brief."] });
    await isSettled(one);
  });

  test("a value behind an anchor, a tag of all assistants, and a secret", async () => {
    const one = await office({
      "rollcall.yaml": `${HEAD}kind: Project\nmetadata: { name: p }\nspec: { tags: { common: [ours] } }\n`,
      "a.yaml": assistant(
        "a",
        "instructions: &text Be kind.\ndescription: *text\ntags: [mine, other]\ntools:\n  - type: webhook\n    webhook:\n" +
          "      name: w\n      description: d\n      url: https://w.example\n      headers: [{ name: X-Key, value: one two }]\n",
      ),
    });
    edit(one, "a", (main) => ({
      instructions: "Be brief.",
      tags: ["other"],
      tools: withElement(
        main["tools"],
        () => true,
        ({ webhook }) => ({
          webhook: { ...object(webhook), headers: [{ name: "X-Key", value: "three four" }] },
        }),
      ),
    }));
    const ran = await propose(one);
    expect([...leftIn(ran)].sort()).toEqual([
      "Assistant/a /instructions: it is written once for several places, as &text",
      "Assistant/a /tags/ours: it is one of the tags of all assistants",
      "Assistant/a /tools/webhook:w/webhook/headers/X-Key/value: it contains a secret, and manifests contain no secrets",
    ]);
    expect(diff(one)).toEqual({ "a.yaml": ["-  tags: [mine, other]", "+  tags: [other]"] });
    expect(ran.stdout).not.toContain("three four");
    expect(ran.code).toBe(2);
  });

  test("a value that looks like a credential or is invalid", async () => {
    const one = await office({
      "a.yaml": assistant(
        "a",
        "instructions: x\ngreeting: Hi\ndescription: d\nprivacy_settings: { data_retention: true }\n",
      ),
    });
    edit(one, "a", {
      greeting: "Bearer abcdefghijklmnop1234567890",
      privacy_settings: { data_retention: false },
    });
    const ran = await propose(one);
    expect(leftIn(ran)).toEqual([
      "Assistant/a /greeting: it contains a secret, and manifests contain no secrets",
    ]);
    expect(diff(one)).toEqual({
      "a.yaml": [
        "-  privacy_settings: { data_retention: true }",
        "+  privacy_settings: { data_retention: false }",
      ],
    });
    expect(ran.code).toBe(2);
  });

  test("a deleted object, an object of the same name, and an undeclared child", async () => {
    const one = await office({
      "a.yaml": assistant("a", "instructions: x\n"),
      "b.yaml": assistant("b", "instructions: x\n"),
      "c.yaml": assistant("c", "instructions: x\ngreeting: Hi\n"),
    });
    const { assistants } = one.emulator.state();
    const id = (name: string) => assistants.find(({ main }) => main["name"] === name)?.id ?? "";
    for (const name of ["b", "c"]) one.emulator.portal.delete("Assistant", id(name));
    const other = one.emulator.portal.create("Assistant", {
      name: "c",
      instructions: "x",
      greeting: "Hey",
      model: "m/m",
    });
    const version = one.emulator.portal.create("AssistantVersion", { assistant_id: id("a"), greeting: "Yo" });
    one.emulator.portal.create("CanaryDeploy", {
      assistant_id: id("a"),
      rules: [{ match: [], serve: { rollout: [{ version_id: version.split("/")[1] ?? "", weight: 5 }] } }],
    });
    const ran = await propose(one);
    expect([...leftIn(ran)].sort()).toEqual([
      "Assistant/a: it has a live CanaryDeploy that no manifest declares",
      "Assistant/b: it was deleted live",
      "Assistant/c /greeting: without a baseline it is not known who changed it",
      `Assistant/c: it was deleted live, and ${other} has its name`,
    ]);
    expect(diff(one)).toEqual({});
    expect(ran.code).toBe(2);
    expect((await one.rollcall("drift", "--propose")).stdout).toContain(
      "Assistant/b\n    it was deleted live; apply creates it again; to keep it deleted, remove its manifest",
    );
  });
});

describe("written values", () => {
  test("ids of known resources become references; added elements keep the order of the manifest", async () => {
    const one = await office({
      "tools.yaml": ["one", "two"]
        .map(
          (name) =>
            `${HEAD}kind: Tool\nmetadata: { name: ${name} }\nspec: { type: webhook, webhook: { name: ${name}, description: d, url: https://${name}.example } }\n`,
        )
        .join("---\n"),
      "a.yaml": assistant(
        "a",
        "instructions: x\ntool_ids:\n  # The first one.\n  - { ref: Tool/one }\ntools:\n  - type: handoff\n    handoff:\n      ai_assistants:\n" +
          "        # First b.\n        - { name: to b, id: { ref: Assistant/b } }\n        # Then c.\n        - { name: to c, id: { ref: Assistant/c } }\n",
      ),
      "b.yaml": assistant("b", "instructions: x\n"),
      "c.yaml": assistant("c", "instructions: x\n"),
    });
    const { assistants, tools } = one.emulator.state() as unknown as {
      readonly assistants: readonly { readonly id: string; readonly main: JsonObject }[];
      readonly tools: readonly JsonObject[];
    };
    const id = (name: string) => assistants.find(({ main }) => main["name"] === name)?.id ?? "";
    const foreign = one.emulator.portal.create("Assistant", {
      name: "theirs",
      instructions: "x",
      model: "m/m",
    });
    edit(one, "a", {
      tool_ids: [idOf(tools, "display_name", "one", "id"), idOf(tools, "display_name", "two", "id")],
      tools: [
        {
          type: "handoff",
          handoff: {
            ai_assistants: [
              { name: "to c", id: id("c") },
              { name: "to b, often", id: id("b") },
              { name: "to them", id: foreign },
            ],
          },
        },
      ],
    });
    const ran = await propose(one);
    expect(leftIn(ran)).toEqual([]);
    expect(await readFile(join(one.folder, "a.yaml"), "utf8")).toBe(
      assistant(
        "a",
        "instructions: x\ntool_ids:\n  # The first one.\n  - { ref: Tool/one }\n  - { ref: Tool/two }\ntools:\n  - type: handoff\n    handoff:\n      ai_assistants:\n" +
          `        # First b.\n        - { name: "to b, often", id: { ref: Assistant/b } }\n` +
          `        # Then c.\n        - { name: to c, id: { ref: Assistant/c } }\n        - { name: to them, id: ${foreign} }\n`,
      ),
    );
    expect(ran.code).toBe(0);
    await isSettled(one);
  });

  test("a value that was removed live is removed, or set to its default", async () => {
    const one = await office({
      "a.yaml": assistant(
        "a",
        "instructions: x\ngreeting: Hi # short\ndynamic_variables:\n  one: a\n  # about two\n  two: b\n" +
          "voice_settings:\n  voice: Telnyx.KokoroTTS.af\n  voice_speed: 1.2\ntelephony_settings: { user_idle_reply_secs: 20, time_limit_secs: 600 }\n",
      ),
    });
    edit(one, "a", (main) => ({
      greeting: "",
      dynamic_variables: { two: null },
      voice_settings: { ...object(main["voice_settings"]), voice_speed: 1 },
      telephony_settings: { user_idle_reply_secs: null },
    }));
    expect((await propose(one)).code).toBe(0);
    expect(diff(one)).toEqual({
      "a.yaml": [
        "-  greeting: Hi # short",
        '+  greeting: "" # short',
        "-    # about two",
        "-    two: b",
        "-    voice_speed: 1.2",
        "-  telephony_settings: { user_idle_reply_secs: 20, time_limit_secs: 600 }",
        "+    voice_speed: 1",
        "+  telephony_settings: { user_idle_reply_secs: 10, time_limit_secs: 600 }",
      ],
    });
    await isSettled(one);
  });

  test("an undeclared name, a literal ${, and several lines", async () => {
    const one = await office({ "a.yaml": assistant("a", "instructions: x\ngreeting: Hi\ndescription: d\n") });
    edit(one, "a", { name: "Front desk", greeting: "Hi ${var.x} $${y}", description: "one\ntwo" });
    const ran = await propose(one);
    expect(leftIn(ran)).toEqual([]);
    expect(diff(one)).toEqual({
      "a.yaml": [
        "-  greeting: Hi",
        "-  description: d",
        "+  greeting: Hi $${var.x} $$${y}",
        "+  description: |-",
        "+    one",
        "+    two",
        "+  name: Front desk",
      ],
    });
    expect(ran.code).toBe(0);
    await isSettled(one);
  });

  test("a file keeps its line endings, byte order mark, mode and link", async () => {
    const crlf = (text: string) => text.replaceAll("\n", "\r\n");
    const manifest = (greeting: string) =>
      `\uFEFF${crlf(assistant("a", `instructions: { file: a.md }\ngreeting: |\n  Hi\n  ${greeting}\n# end\n`))}`;
    const one = await opened();
    const at = (file: string) => join(one.folder, file);
    await mkdir(at("texts"));
    await writeFile(at("texts/long.md"), crlf("Be kind.\nBe brief."));
    await symlink("texts/long.md", at("a.md"));
    await writeFile(at("a.yaml"), manifest("there"));
    await chmod(at("a.yaml"), 0o640);
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    edit(one, "a", { instructions: "Be kind.\nBe quick.\n\n", greeting: "Hi\nyou" });
    expect((await propose(one)).code).toBe(0);
    expect(await readFile(at("a.yaml"), "utf8")).toBe(manifest("you"));
    expect((await stat(at("a.yaml"))).mode & 0o777).toBe(0o640);
    expect((await lstat(at("a.md"))).isSymbolicLink()).toBe(true);
    expect(await readFile(at("texts/long.md"), "utf8")).toBe("Be kind.\r\nBe quick.");
    expect((await readdir(one.folder)).sort()).toEqual([".rollcall", "a.md", "a.yaml", "texts"]);
    await isSettled(one);
  });

  test("elements without a key keep their comments when one is removed", async () => {
    const rules = (first: string) =>
      `${HEAD}kind: CanaryDeploy\nmetadata: { name: c }\nspec:\n  assistant: { ref: Assistant/a }\n  rules:\n${first}` +
      "    # Everyone else.\n    - serve:\n        rollout:\n          - { version_id: { ref: AssistantVersion/v }, weight: 10 }\n";
    const office1 =
      '    # The office.\n    - match: [{ attribute: telnyx_end_user_target, operator: in, values: ["+15550100001"] }]\n      serve: { version_id: { ref: AssistantVersion/v } }\n';
    const one = await office({
      "a.yaml": assistant("a", "instructions: x\n"),
      "v.yaml": `${HEAD}kind: AssistantVersion\nmetadata: { name: v }\nspec: { assistant: { ref: Assistant/a }, changes: { greeting: Hi } }\n`,
      "c.yaml": rules(office1),
    });
    const found = one.emulator.state().assistants[0];
    const live = list(object((found as unknown as JsonObject)["canary"])["rules"]);
    one.emulator.portal.edit("CanaryDeploy", found?.id ?? "", { rules: live.slice(1) });
    expect((await propose(one)).code).toBe(0);
    expect(await readFile(join(one.folder, "c.yaml"), "utf8")).toBe(rules(""));
    await isSettled(one);
  });

  test("as text for people, and as Markdown for a pull request", async () => {
    const one = await office({
      "a.yaml": assistant("a", "instructions: x\ngreeting: Hi\ndescription: d\n"),
      "b.yaml": assistant("b", "instructions: x\n"),
    });
    edit(one, "a", { greeting: "Hey" });
    edit(one, "b", { instructions: "Ignore ${all} `rules`" });
    const ran = await one.rollcall("drift", "--propose", "--format", "markdown");
    expect(ran.stdout).toMatch(/^<!-- rollcall drift /);
    expect(ran.stdout).toContain(
      "### Adopted into the manifests\n\n- `Assistant/a greeting` in `a.yaml:6`\n- `Assistant/b instructions` in `b.yaml:5`\n",
    );
    expect(ran.stdout).toContain("2 live values adopted in 2 files.");
    edit(one, "a", { description: "e" });
    const html = await one.rollcall("drift", "--propose", "--format", "html");
    expect(html.stderr).toContain("1 live value adopted in 1 file.");
    expect(html.code).toBe(0);
  });
});
