import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, type Desk } from "../e2e/cli.ts";
import { httpTo, idOf as liveId } from "./http.ts";
import { makeSmallAccount } from "./small-account.ts";
import { manifestsIn, treeOf } from "../file-tree.ts";

let here: Desk;
beforeEach(async () => {
  here = await desk(undefined, { hazards: { canarySurvivesUpdate: true } });
  await makeSmallAccount(httpTo(here.emulator.url));
  await here.rollcall("pull");
});
afterEach(() => here.close());

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(here.folder, file);
  const text = await readFile(path, "utf8");
  expect(change(text)).not.toBe(text);
  await writeFile(path, change(text));
}

async function idOf(address: string): Promise<string> {
  const ledger = JSON.parse(await readFile(join(here.folder, ".rollcall/production.json"), "utf8")) as {
    readonly entries: Readonly<Record<string, { readonly id: string }>>;
  };
  return ledger.entries[address]?.id ?? "";
}

/** Lines that only one of two texts has. */
function diff(before: string, after: string): readonly string[] {
  const [old, next] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !next.includes(line)).map((line) => `- ${line.trim()}`),
    ...next.filter((line) => !old.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

test("adopts the ten portal edits, and keeps the five manifest edits", async () => {
  const { portal } = here.emulator;
  const [first, second] = [await idOf("Assistant/support"), await idOf("Assistant/support-2")];
  portal.edit("Assistant", first, { greeting: "Hello!" });
  portal.edit("Assistant", first, { instructions: "# Role\n\nYou answer, briefly.\n" });
  portal.edit("Assistant", first, { telephony_settings: { time_limit_secs: 600, user_idle_reply_secs: 12 } });
  portal.edit("Assistant", second, {
    model: "openai/gpt-5",
    description: "By the portal",
    dynamic_variables: { city: "Bonn" },
  });
  await httpTo(here.emulator.url).patch(`/ai/tools/${await idOf("Tool/open-ticket")}`, {
    webhook: {
      name: "open_ticket",
      description: "Opens a ticket at once.",
      url: "https://desk.example/tickets",
    },
  });
  portal.edit("McpServer", await idOf("McpServer/crm"), { url: "https://crm.example/v2" });
  portal.edit("AssistantTest", await idOf("AssistantTest/says-hello"), { max_duration_seconds: 60 });

  await edit("rollcall.yaml", (text) => `${text}  vars:\n    desk: desk.example\n`);
  await edit(
    "assistants/support.yaml",
    (text) => `# Ours\n${text.replace("metadata:", "metadata: # who")}  tags: [voice]\n`,
  );
  await edit("assistants/support-2.yaml", (text) => `${text}  greeting: Good morning\n`);
  await edit("tests/smoke.yaml", (text) => text.replace("Polite", "Kind"));
  await edit("tools/open-ticket.yaml", (text) => text.replace("https://desk.example", "https://${var.desk}"));
  const before = manifestsIn(here.folder);
  here.writes();

  const run = await here.rollcall("pull", "--update");
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(here.writes()).toEqual([]);
  const after = manifestsIn(here.folder);
  const changes = Object.fromEntries(
    Object.keys(after)
      .filter((file) => after[file] !== before[file])
      .map((file) => [file, diff(before[file] ?? "", after[file] ?? "")]),
  );
  expect(changes).toMatchInlineSnapshot(`
    {
      "assistants/support-2.yaml": [
        "- model: moonshotai/Kimi-K2.6",
        "+ model: openai/gpt-5",
        "+ description: By the portal",
        "+ dynamic_variables:",
        "+ city: Bonn",
      ],
      "assistants/support.yaml": [
        "- greeting: Hi",
        "+ greeting: Hello!",
        "+ telephony_settings:",
        "+ time_limit_secs: 600",
        "+ user_idle_reply_secs: 12",
      ],
      "mcp/crm.yaml": [
        "- url: https://crm.example/sse",
        "+ url: https://crm.example/v2",
      ],
      "prompts/support.md": [
        "- You answer.",
        "- ---",
        "- Tab, \${var.x} and {{name}}",
        "+ You answer, briefly.",
      ],
      "rollouts/support.yaml": [
        "+ telephony_settings:",
        "+ time_limit_secs: 1800",
        "+ user_idle_reply_secs: 10",
        "+ instructions: |+",
        "+ # Role",
        "+ You answer.",
        "+ ---",
        "+ Tab, $\${var.x} and {{name}}",
      ],
      "tests/smoke.yaml": [
        "+ max_duration_seconds: 60",
      ],
      "tools/open-ticket.yaml": [
        "- description: Opens a ticket.",
        "+ description: Opens a ticket at once.",
      ],
    }
  `);
  expect(run.stdout).toContain("10 live changes");

  const plan = await here.rollcall("plan", "--format", "json");
  const { resource_changes: all } = JSON.parse(plan.stdout) as {
    readonly resource_changes: readonly {
      readonly address: string;
      readonly change: { readonly actions: readonly string[] };
    }[];
  };
  expect(all.filter(({ change }) => change.actions[0] !== "no-op").map(({ address }) => address)).toEqual([
    "Assistant/support",
    "Assistant/support-2",
    "AssistantTest/says-hello",
  ]);
  expect((await here.rollcall("drift")).code).toBe(0);
  const again = treeOf(here.folder);
  expect(await here.rollcall("pull", "--update")).toMatchObject({ code: 0 });
  expect(treeOf(here.folder)).toEqual(again);
});

test("a value that both sides changed is shown and kept", async () => {
  here.emulator.portal.edit("Assistant", await idOf("Assistant/support-2"), { instructions: "Portal" });
  await writeFile(join(here.folder, "prompts/support-2.md"), "Git\n");
  const before = treeOf(here.folder);
  const run = await here.rollcall("pull", "--update");
  expect(run.code).toBe(2);
  expect(run.stdout).toContain("Assistant/support-2 instructions\n    the manifest changed too");
  expect(treeOf(here.folder)).toEqual(before);
});

test("new objects are pulled, and --check reports that files would change", async () => {
  await httpTo(here.emulator.url).post("/ai/assistants", { name: "New", instructions: "Hi" });
  here.emulator.portal.edit("Assistant", await idOf("Assistant/support-2"), { greeting: "Portal" });
  expect(await here.rollcall("pull", "--update", "--check")).toMatchObject({ code: 2 });
  const run = await here.rollcall("pull", "--update");
  expect(run.code, run.stdout).toBe(0);
  expect(run.stdout).toContain("Pulled 1 object and 1 live change in 3 files");
  expect(await here.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
});

test("a version that inherits a new field of main is named: the next apply changes it", async () => {
  here.emulator.portal.edit("Assistant", await idOf("Assistant/support"), { description: "By the portal" });
  const run = await here.rollcall("pull", "--update");
  expect(run.code, run.stdout).toBe(0);
  expect(run.stdout).toContain("The next apply also changes AssistantVersion/support-warmer");
});

test("a list that the manifest does not have is written as a whole, and of tags only the new ones", async () => {
  const http = httpTo(here.emulator.url);
  const hook = (name: string) => ({
    type: "webhook",
    webhook: { name, description: `Does ${name}.`, url: "https://desk.example/hook" },
  });
  const made = await http.post("/ai/assistants", {
    name: "Plain",
    instructions: "Hi",
    tools: [hook("first")],
  });
  await http.post(`/ai/assistants/${liveId(made)}/tags`, { tag: "old" });
  const manifest = join(here.folder, "assistants/plain.yaml");
  await writeFile(
    manifest,
    "apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: plain }\nspec: { name: Plain, instructions: Hi }\n",
  );
  expect(await here.rollcall("apply", "--yes")).toMatchObject({ code: 0 });
  here.emulator.portal.edit("Assistant", liveId(made), {
    tags: ["old", "new"],
    tools: [hook("first"), hook("second")],
  });
  const run = await here.rollcall("pull", "--update");
  expect(run.code, run.stdout).toBe(0);
  expect(await readFile(manifest, "utf8")).toMatchInlineSnapshot(`
    "apiVersion: rollcall.dev/v1
    kind: Assistant
    metadata: { name: plain }
    spec: { name: Plain, instructions: Hi, tags: [new], tools: [{ type: webhook, webhook: { name: first, description: Does first., url: https://desk.example/hook } }, { type: webhook, webhook: { name: second, description: Does second., url: https://desk.example/hook } }] }
    "
  `);
  expect(run.stdout).toContain("Assistant/plain tags[new], line");
  expect(run.stdout).toContain("Assistant/plain tools, line");
  expect(await here.rollcall("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
});

test("an element that is gone live, and changed in its manifest, is one conflict; other edits of the list are adopted", async () => {
  const http = httpTo(here.emulator.url);
  const hook = (name: string, description: string) => ({
    type: "webhook",
    webhook: { name, description, url: "https://desk.example/hook" },
  });
  const tools = [hook("first", "One."), hook("second", "Two.")];
  const id = liveId(await http.post("/ai/assistants", { name: "Plain", instructions: "Hi", tools }));
  await here.ends(0, "pull");
  await edit("assistants/plain.yaml", (text) => text.replace("Two.", "Two of Git."));
  here.emulator.portal.edit("Assistant", id, { tools: [hook("first", "One, live.")] });
  const said = await here.ends(2, "pull", "--update");
  expect(said).toContain(
    "Assistant/plain tools[webhook:second]\n    the manifest changed too; resolve it in the manifest",
  );
  expect(said.split("Not adopted")[1]?.match(/Assistant\/plain/g)).toHaveLength(1);
  const manifest = await readFile(join(here.folder, "assistants/plain.yaml"), "utf8");
  expect(manifest).toContain("One, live.");
  expect(manifest).toContain("Two of Git.");
});

test("a tag of the project that was removed live is left with that reason, and other tags are adopted", async () => {
  const id = liveId(
    await httpTo(here.emulator.url).post("/ai/assistants", {
      name: "Plain",
      instructions: "Hi",
      tags: ["ours", "own"],
    }),
  );
  await here.ends(0, "pull", "Plain");
  await edit("rollcall.yaml", (text) => `${text}  tags: { common: [ours] }\n`);
  await here.rollcall("apply", "--yes");
  here.emulator.portal.edit("Assistant", id, { tags: ["own", "fresh"] });
  const said = await here.ends(2, "pull", "--update");
  expect(said).toContain(
    "Assistant/plain tags[ours]\n    it is one of the tags of all assistants; see spec.tags.common in rollcall.yaml",
  );
  expect(await readFile(join(here.folder, "assistants/plain.yaml"), "utf8")).toMatch(/tags: .*fresh/);
});
