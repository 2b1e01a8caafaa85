import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { treeOf } from "../file-tree.ts";
import { idOf } from "./http.ts";
import { twoAccounts, type Environment, type TwoAccounts } from "./two-accounts.ts";

let here: TwoAccounts;
beforeEach(async () => {
  here = await twoAccounts();
});
afterEach(() => here.close());

async function plansAreEmpty(): Promise<void> {
  await here.ends(0, "production", "plan", "--detailed-exitcode");
  await here.ends(0, "staging", "plan", "--detailed-exitcode");
}

/** Another pull changes no byte, and neither did this one send a write. */
async function isSettled(): Promise<void> {
  await plansAreEmpty();
  const before = treeOf(here.folder);
  await here.ends(0, "staging", "pull");
  expect(treeOf(here.folder)).toEqual(before);
  expect(here.staging.requests().filter(({ method }) => method !== "GET")).toEqual([]);
}

const tool = (name: string, url: string) => ({
  type: "webhook",
  webhook: { name, description: `Does ${name}.`, url },
});

/** A desk with inline tools; `more` is what differs. */
async function makeDesk(environment: Environment, more: JsonObject = {}): Promise<string> {
  const desk = {
    name: "Desk",
    instructions: "# Role\n\nYou answer.\n",
    greeting: "Hi",
    tools: [tool("find", "https://acme.example/find"), tool("book", "https://acme.example/book")],
    voice_settings: { voice: "Telnyx.KokoroTTS.af_heart", voice_speed: 1.1 },
  };
  const made = await here.http(environment).post("/ai/assistants", { ...desk, ...more });
  if (environment === "staging") here.staging.clearRequests();
  return idOf(made);
}

describe("an object that matches a manifest of another environment", () => {
  test("becomes patches of its own environment: changes, additions, removals, elements by key, and long texts", async () => {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    const before = await here.declared("production");
    await makeDesk("staging", {
      instructions: "# Role\n\nYou answer in ${staging}, {{name}}.\n",
      greeting: "",
      description: "Cost: ${5}, {{name}}",
      dynamic_variables: { name: "" },
      tools: [
        tool("find", "https://staging.acme.example/find"),
        tool("try", "https://staging.acme.example/try"),
      ],
      voice_settings: { voice: "Telnyx.KokoroTTS.af_heart" },
    });
    const manifest = await here.read("assistants/desk.yaml");
    const said = await here.ends(0, "staging", "pull");
    expect(said).toContain("1 object matches a manifest of other environments");
    expect(await here.read("assistants/desk.yaml")).toBe(manifest);
    expect(await here.read("prompts/desk.staging.md")).toBe(
      "# Role\n\nYou answer in ${staging}, {{name}}.\n\n",
    );
    expect((await here.read("rollcall.yaml")).split("staging:\n")[1]).toMatchInlineSnapshot(`
      "      apiKey: { env: TELNYX_STAGING_API_KEY }
            patches:
              - target: Assistant/desk
                patch:
                  spec:
                    instructions: { file: prompts/desk.staging.md }
                    greeting: ""
                    tools:
                      - type: webhook
                        webhook:
                          name: find
                          url: https://staging.acme.example/find
                      - type: webhook
                        webhook:
                          name: book
                        $patch: delete
                      - type: webhook
                        webhook:
                          name: try
                          description: Does try.
                          url: https://staging.acme.example/try
                    voice_settings:
                      voice_speed: null
                    description: "Cost: $\${5}, {{name}}"
                    dynamic_variables:
                      name: ""
      "
    `);
    expect(await here.declared("production")).toEqual(before);
    await isSettled();
  });

  test("by an id in the manifest, also under another name", async () => {
    const known = await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    const id = await makeDesk("staging", { name: "Desk of staging" });
    await here.edit("rollcall.yaml", (text) =>
      `${text}      vars: { desk: ${id} }\n`.replace(
        "production:\n",
        `production:\n      vars: { desk: ${known} }\n`,
      ),
    );
    await here.edit("assistants/desk.yaml", (text) =>
      text.replace("spec:", 'lifecycle:\n  import: "${var.desk}"\nspec:'),
    );
    await here.ends(0, "staging", "pull");
    expect(await here.idOf("staging", "Assistant/desk")).toBe(id);
    expect(await here.read("rollcall.yaml")).toContain("              name: Desk of staging\n");
    await isSettled();
  });

  test("whose manifest names the object of the other environment gets the id of its own", async () => {
    const known = await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await here.edit("assistants/desk.yaml", (text) =>
      text.replace("spec:", `lifecycle:\n  import: ${known}\nspec:`),
    );
    const id = await makeDesk("staging");
    await here.ends(0, "staging", "pull");
    expect(await here.read("rollcall.yaml")).toContain(`            lifecycle:\n              import: ${id}\n`);
    await isSettled();
  });

  test("with the name of another one is matched by what it declares", async () => {
    for (const environment of ["production", "staging"] as const) {
      await makeDesk(environment);
      await makeDesk(environment, { greeting: "Good day", description: `In ${environment}` });
      if (environment === "production") await here.ends(0, "production", "pull");
    }
    await here.addStaging();
    const said = await here.ends(0, "staging", "pull");
    expect(said).toContain("2 objects match manifests of other environments");
    expect((await here.read("rollcall.yaml")).split("patches:\n")[1]).toMatch(
      /^ {8}- target: Assistant\/desk(-2)?\n {10}patch:\n {12}spec:\n {14}description: In staging\n$/,
    );
    await isSettled();
  });

  test("comes to a manifest that is limited to others, with what it refers to", async () => {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await here.edit("assistants/desk.yaml", (text) =>
      text
        .replace(
          "metadata:\n  name: desk\n",
          "metadata: # who\n  name: desk\n  environments: [production] # for now\n",
        )
        .replace("spec:\n", "spec:\n  tool_ids: [{ ref: Tool/page }]\n"),
    );
    await writeFile(
      join(here.folder, "assistants/page.yaml"),
      "apiVersion: rollcall.dev/v1\nkind: Tool\nmetadata: { name: page, environments: [production] }\nspec:\n  display_name: Page\n  type: webhook\n  webhook: { name: page, description: Pages., url: https://acme.example/page }\n",
    );
    await here.ends(0, "production", "apply", "--yes");
    const before = await here.declared("production");
    await makeDesk("staging");
    const said = await here.ends(0, "staging", "pull");
    expect(said).not.toContain("desk-2");
    const manifest = await here.read("assistants/desk.yaml");
    expect(manifest).toContain(
      "metadata: # who\n  name: desk\n  environments: [production, staging] # for now\n",
    );
    expect((await here.read("rollcall.yaml")).split("patches:\n")[1]).toBe(
      "        - target: Assistant/desk\n          patch:\n            spec:\n              tool_ids: null\n",
    );
    expect(await here.declared("production")).toEqual(before);
    await isSettled();
  });
});

describe("a manifest without an object in the environment", () => {
  const alone = { name: "Alone", instructions: "You are in production." };

  test("is limited to the others by the first pull", async () => {
    await makeDesk("production");
    await here.http("production").post("/ai/assistants", alone);
    await here.ends(0, "production", "pull");
    await here.addStaging();
    const before = await here.declared("production");
    await makeDesk("staging");
    const said = await here.ends(0, "staging", "pull");
    expect(said).toContain("No object in staging matches Assistant/alone (production)");
    expect(await here.read("assistants/alone.yaml")).toContain("  name: alone\n  environments: [production]\n");
    expect(await here.declared("production")).toEqual(before);
    await isSettled();
  });

  test("stays, and is named, if a patch of the environment asks for it, with what it refers to", async () => {
    const http = here.http("production");
    await makeDesk("production");
    const helper = await http.post("/ai/tools", {
      type: "webhook",
      display_name: "Helper",
      webhook: { name: "helper", description: "Helps.", url: "https://acme.example/help" },
    });
    await http.post("/ai/assistants", { ...alone, tool_ids: [idOf(helper)] });
    await http.post("/ai/assistants", { name: "Unasked", instructions: "Hi" });
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await here.edit(
      "rollcall.yaml",
      (text) =>
        `${text}      patches:\n        - { target: Assistant/alone, patch: { spec: { greeting: In staging } } }\n`,
    );
    await makeDesk("staging");
    const said = await here.ends(0, "staging", "pull");
    expect(said).toContain("No object in staging matches Assistant/unasked (production)");
    expect(said).toContain(
      "No object in staging matches Assistant/alone and Tool/helper: the next apply creates what they declare.",
    );
    expect(said).not.toContain("the plan is empty");
    expect(await here.read("assistants/alone.yaml")).not.toContain("environments");
    await here.ends(0, "staging", "validate");
    expect(await here.ends(2, "staging", "plan", "--detailed-exitcode")).toContain("2 to add, 0 to change");
    await here.ends(0, "production", "plan", "--detailed-exitcode");
  });

  test("stays, and is named, once the ledger knows the environment", async () => {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await makeDesk("staging");
    await here.ends(0, "staging", "pull");
    await here.http("production").post("/ai/assistants", alone);
    await here.ends(0, "production", "pull");
    await here.edit("assistants/alone.yaml", (text) => text.replace("  environments: [production]\n", ""));
    await here.http("staging").post("/ai/assistants", { name: "Other", instructions: "Hi" });
    const said = await here.ends(0, "staging", "pull");
    expect(said).toContain(
      "No object in staging matches Assistant/alone: the next apply creates what they declare.",
    );
    expect(said).not.toContain("the plan is empty");
    expect(await here.read("assistants/alone.yaml")).not.toContain("environments");
    await here.ends(2, "staging", "plan", "--detailed-exitcode");
  });

  test("stays when a part of the account is pulled", async () => {
    await makeDesk("production");
    await here.http("production").post("/ai/assistants", alone);
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await makeDesk("staging");
    await here.ends(0, "staging", "pull", "Desk");
    expect(await here.read("assistants/alone.yaml")).not.toContain("environments");
  });
});

describe("a tag that the project gives all assistants", () => {
  const assistant = async (environment: Environment, name: string, ...tags: readonly string[]) => {
    const http = here.http(environment);
    const id = idOf(await http.post("/ai/assistants", { name, instructions: "Hi" }));
    for (const tag of tags) await http.post(`/ai/assistants/${id}/tags`, { tag });
    return id;
  };

  test("and that an object of the environment lacks, is named with what to do; then everything is pulled", async () => {
    await assistant("production", "Both", "ours");
    await assistant("production", "Alone", "ours", "theirs");
    await here.ends(0, "production", "pull");
    await here.edit("rollcall.yaml", (text) => text.replace("spec:\n", "spec:\n  tags: { common: [ours] }\n"));
    await here.addStaging();
    const ids = [await assistant("staging", "Both"), await assistant("staging", "Other", "theirs")];
    const before = treeOf(here.folder);
    const said = await here.ends(3, "staging", "pull");
    for (const [index, address] of ["Assistant/both", "Assistant/other"].entries()) {
      const help = `"rollcall tags add ${ids[index]} ours --live --env staging"`;
      expect(said).toContain(
        `${address}  tags\n    the live object lacks the tag "ours", which spec.tags.common of rollcall.yaml gives to all\n    help: run ${help}, or change spec.tags.common`,
      );
      await here.ends(0, "staging", "tags", "add", ids[index] ?? "", "ours", "--live");
    }
    expect(treeOf(here.folder)).toEqual(before);
    here.staging.clearRequests();
    await here.ends(0, "staging", "pull");
    expect(await here.read("assistants/other.yaml")).toContain("  environments: [staging]\n");
    expect(await here.read("assistants/alone.yaml")).toContain("  environments: [production]\n");
    await here.ends(0, "production", "validate", "--all-environments");
    await isSettled();
  });
});

describe("the ledger of an environment is lost", () => {
  test("a pull ties what that environment alone has, with its tests, versions and canary", async () => {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    const desk = await makeDesk("staging");
    const http = here.http("staging");
    await http.post("/ai/assistants/tests", {
      name: "bye",
      telnyx_conversation_channel: "phone_call",
      destination: "+15550001111",
      test_suite: "bye",
      instructions: "Say bye",
      rubric: [{ name: "ok", criteria: "Says bye" }],
    });
    const warm = { version_name: "warm", greeting: "Warm", promote_to_main: false };
    const version = (await http.post(`/ai/assistants/${desk}`, warm))["version_id"] ?? "";
    await http.post(`/ai/assistants/${desk}/canary-deploys`, {
      rules: [{ serve: { rollout: [{ version_id: version, weight: 20 }] } }],
    });
    here.staging.clearRequests();
    await here.ends(0, "staging", "pull");
    const { ".rollcall/staging.json": ledger, ...manifests } = treeOf(here.folder);
    await rm(join(here.folder, ".rollcall/staging.json"));
    const said = await here.ends(0, "staging", "pull");
    expect(said).toContain("the plan is empty");
    expect(said).not.toContain("Not pulled");
    expect(treeOf(here.folder)).toMatchObject(manifests);
    expect(Object.keys(JSON.parse(await here.read(".rollcall/staging.json")).entries)).toEqual(
      Object.keys(JSON.parse(String(ledger)).entries),
    );
    await isSettled();
  });
});

describe("the ledger of an environment is lost, and a shared assistant differs", () => {
  /** A version that only staging has, of an assistant that both have; `changes` is YAML. */
  async function versionOf(changes: string, code: number): Promise<string> {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    const desk = await makeDesk("staging");
    await writeFile(
      join(here.folder, "assistants/warm.yaml"),
      `apiVersion: rollcall.dev/v1
kind: AssistantVersion
metadata: { name: warm, environments: [staging] }
spec: { assistant: { ref: Assistant/desk }, changes: ${changes} }
`,
    );
    await here.ends(0, "staging", "pull");
    await here.ends(0, "staging", "apply", "--yes");
    await rm(join(here.folder, ".rollcall/staging.json"));
    here.staging.portal.edit("Assistant", desk, { greeting: "Hey" }, { version: "same" });
    here.staging.clearRequests();
    return here.ends(code, "staging", "pull", "--versions", "all");
  }

  test("a version of its own that declares what differs is pulled", async () => {
    expect(await versionOf("{ greeting: Warm }", 0)).not.toContain("Not pulled");
    expect(await here.read("rollcall.yaml")).toContain("greeting: Hey");
    await plansAreEmpty();
  });

  test("a version of its own that inherits what differs is not pulled", async () => {
    expect(await versionOf("{ description: Warm }", 3)).toMatch(/Not pulled[^]*AssistantVersion\/warm/);
  });
});

describe("--update in an environment of several", () => {
  async function pulledTwice(): Promise<string> {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await makeDesk("staging", { greeting: "Hi from staging" });
    await here.ends(0, "staging", "pull");
    await here.edit("rollcall.yaml", (text) =>
      text.replace("greeting: Hi from staging", "greeting: Hi from staging # ours"),
    );
    return here.idOf("staging", "Assistant/desk");
  }

  test("changes the patch that is there, adds what no patch has, and leaves the shared manifest", async () => {
    const id = await pulledTwice();
    const [before, manifest] = [await here.declared("production"), await here.read("assistants/desk.yaml")];
    here.staging.portal.edit("Assistant", id, {
      greeting: "Hello",
      description: "By the portal",
      model: "openai/gpt-5",
    });
    const said = await here.ends(0, "staging", "pull", "--update");
    expect(said).toContain("Assistant/desk greeting");
    expect(await here.read("assistants/desk.yaml")).toBe(manifest);
    expect((await here.read("rollcall.yaml")).split("spec:\n").at(-1)).toBe(
      "              greeting: Hello # ours\n              model: openai/gpt-5\n              description: By the portal\n",
    );
    expect(await here.declared("production")).toEqual(before);
    await isSettled();
  });

  test("changes the file that a patch names in place of the file of the manifest", async () => {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    const id = await makeDesk("staging", { instructions: "You answer in staging." });
    await here.ends(0, "staging", "pull");
    const before = treeOf(here.folder);
    here.staging.portal.edit("Assistant", id, { instructions: "You answer again." });
    await here.ends(0, "staging", "pull", "--update");
    expect(await here.read("prompts/desk.staging.md")).toBe("You answer again.\n");
    expect(Object.keys(treeOf(here.folder))).toEqual(Object.keys(before));
    expect(await here.read("rollcall.yaml")).toBe(before["rollcall.yaml"]);
    await isSettled();
  });

  test("takes back what only a patch had added", async () => {
    const id = await pulledTwice();
    here.staging.portal.edit("Assistant", id, { description: "By the portal" });
    await here.ends(0, "staging", "pull", "--update");
    expect(await here.read("rollcall.yaml")).toContain("description: By the portal");
    here.staging.portal.edit("Assistant", id, { description: null });
    await here.ends(0, "staging", "pull", "--update");
    expect(await here.read("rollcall.yaml")).not.toContain("description");
    await isSettled();
  });

  test("takes back what only a patch had removed, as it is live, in whatever order", async () => {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await here.edit("rollcall.yaml", (text) =>
      text.concat(`      patches:
        - target: Assistant/desk
          patch:
            spec:
              voice_settings: null
              tools:
                - type: webhook
                  webhook: { name: find }
                  $patch: delete
`),
    );
    await here.edit("assistants/desk.yaml", (text) =>
      text.replace("        name: find\n", "        name: find\n        timeout_ms: 7000\n"),
    );
    const before = await here.declared("production");
    await here.ends(0, "staging", "apply", "--yes");
    here.staging.portal.edit("Assistant", await here.idOf("staging", "Assistant/desk"), {
      voice_settings: { voice: "Telnyx.KokoroTTS.am_adam" },
      tools: [
        tool("book", "https://acme.example/book"),
        tool("new", "https://acme.example/new"),
        tool("find", "https://staging.acme.example/find"),
      ],
    });
    here.staging.clearRequests();
    const said = await here.ends(0, "staging", "pull", "--update");
    expect(said).toContain("Assistant/desk tools[webhook:find]");
    const staging = (await here.read("rollcall.yaml")).split("staging:\n")[1];
    expect(staging).toMatchInlineSnapshot(`
      "      apiKey: { env: TELNYX_STAGING_API_KEY }
            patches:
              - target: Assistant/desk
                patch:
                  spec:
                    voice_settings:
                      voice: Telnyx.KokoroTTS.am_adam
                      voice_speed: null
                    tools:
                      - type: webhook
                        webhook:
                          name: find
                          description: Does find.
                          url: https://staging.acme.example/find
                          timeout_ms: null
                      - type: webhook
                        webhook:
                          name: new
                          description: Does new.
                          url: https://acme.example/new
      "
    `);
    expect(await here.declared("production")).toEqual(before);
    await here.ends(0, "staging", "plan", "--detailed-exitcode");
  });

  test("changes the manifest where no other environment has it", async () => {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await here.http("staging").post("/ai/assistants", { name: "Other", instructions: "Hi" });
    await here.ends(0, "staging", "pull");
    const id = await here.idOf("staging", "Assistant/other");
    here.staging.portal.edit("Assistant", id, { greeting: "Hello" });
    here.staging.clearRequests();
    await here.ends(0, "staging", "pull", "--update");
    expect(await here.read("assistants/other.yaml")).toContain("greeting: Hello\n");
    expect(await here.read("rollcall.yaml")).not.toContain("patches");
    await isSettled();
  });

  test("gives a patch a file of its own where a patch of another environment includes the same one", async () => {
    await makeDesk("production");
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await makeDesk("staging");
    const patches =
      "      patches:\n        - target: Assistant/desk\n          path: /spec/greeting\n          value: { file: prompts/hi.md }\n";
    await writeFile(join(here.folder, "prompts/hi.md"), "Hi\n");
    await here.edit("rollcall.yaml", (text) =>
      `${text}${patches}`.replace("    staging:\n", `${patches}    staging:\n`),
    );
    await here.ends(0, "staging", "pull");
    here.staging.portal.edit("Assistant", await here.idOf("staging", "Assistant/desk"), { greeting: "Hello" });
    const before = await here.declared("production");
    await here.ends(0, "staging", "pull", "--update");
    expect(await here.read("prompts/hi.md")).toBe("Hi\n");
    expect(await here.read("prompts/desk-greeting.staging.md")).toBe("Hello\n");
    expect((await here.read("rollcall.yaml")).split("staging:\n")[1]).toContain(
      "value: { file: prompts/desk-greeting.staging.md }",
    );
    expect(await here.declared("production")).toEqual(before);
    await isSettled();
  });
});
