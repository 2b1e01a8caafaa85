/** Texts in ordinary fields that look like credentials: no manifest declares them, and nothing else shows or keeps them. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, KEY, type Desk } from "../e2e/cli.ts";
import { treeOf } from "../file-tree.ts";
import { httpTo, idOf } from "./http.ts";

const word = "0123456789abcdefghijklmnop";
const SECRETS = [
  ["gh", "p_", word, word.slice(0, 10)],
  ["xo", "xb-", "123456789012-1234567890123-", word],
  ["sk_", "live_", word],
].map((pieces) => pieces.join(""));
const [FIRST = "", SECOND = "", THIRD = ""] = SECRETS;

let here: Desk;
let id: string;

beforeEach(async () => {
  here = await desk();
  const http = httpTo(here.emulator.url);
  const tool = {
    type: "webhook",
    webhook: { name: "look_up", description: "Looks up.", url: "https://a.example" },
  };
  id = idOf(
    await http.post("/ai/assistants", {
      name: "Desk",
      instructions: "Hi",
      greeting: `Hello ${FIRST}`,
      tags: ["voice", SECOND],
      dynamic_variables: { note: THIRD, list: [{ note: FIRST }], many: ["a", SECOND] },
      tools: [{ ...tool, webhook: { ...tool.webhook, preset_body_fields: { note: FIRST } } }],
    }),
  );
  await http.post("/ai/mcp_servers", {
    name: "CRM",
    type: "http",
    url: "https://crm.example",
    allowed_tools: ["find", SECOND],
  });
});
afterEach(() => here.close());

function expectNoSecretIn(text: string): void {
  for (const one of [text, ...Object.values(treeOf(here.folder))])
    for (const secret of SECRETS) expect(one).not.toContain(secret);
}

const LOOKS = [
  ...["text", "json", "markdown", "html"].flatMap((format) => [
    ["plan", "--format", format],
    ["drift", "--format", format],
  ]),
  ["plan", "--out", "plan.json"],
];

test("are in no file and no output after a pull, and no difference", async () => {
  expectNoSecretIn(await here.ends(0, "pull"));
  for (const look of LOOKS) expectNoSecretIn(await here.ends(0, ...look));
  await here.ends(0, "plan", "--detailed-exitcode");
});

test("are in no file and no output after an edit, and the edit is still a difference", async () => {
  await here.ends(0, "pull");
  here.emulator.portal.edit("Assistant", id, {
    greeting: `Bye ${SECOND}`,
    dynamic_variables: { note: SECOND },
  });
  for (const look of LOOKS) {
    const said = await here.rollcall(...look);
    expectNoSecretIn(said.stdout + said.stderr);
  }
  const drift = await here.ends(2, "drift");
  expect(drift).toContain("~ greeting");
  expect(drift).toContain("~ dynamic_variables.note");
  const update = await here.ends(2, "pull", "--update");
  expect(update).toContain("it looks like a secret, and manifests contain no secrets");
  expectNoSecretIn(update);
});

test("are kept by an apply that changes something else, and then are no difference", async () => {
  await here.ends(0, "pull");
  expectNoSecretIn(await here.ends(0, "tags", "add", "Assistant/desk", "night"));
  expectNoSecretIn(await here.ends(0, "apply", "--yes"));
  const assistant = here.emulator.state().assistants[0];
  expect(JSON.stringify(assistant)).toContain(`Hello ${FIRST}`);
  expect(JSON.stringify(assistant)).toContain(THIRD);
  await here.ends(0, "drift");
});

test("are no difference after the API key was replaced", async () => {
  await here.ends(0, "pull");
  const env = { TELNYX_API_KEY: `${KEY}2` };
  const drift = await here.rollcallWith(env, "drift");
  expect(drift.stdout + drift.stderr).not.toContain("sensitive");
  expect(drift.code).toBe(0);
});
