/** Lists that show an earlier state of the account, while an object that is read by its id is up to date. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, type Desk } from "../e2e/cli.ts";
import { manifestsIn, treeOf } from "../file-tree.ts";
import { httpTo, idOf, type Http } from "./http.ts";
import { makeSmallAccount, SMALL_ACCOUNT } from "./small-account.ts";

let here: Desk;
let http: Http;
beforeEach(async () => {
  here = await desk();
  http = httpTo(here.emulator.url);
  await makeSmallAccount(http);
  here.emulator.lag({ milliseconds: 300_000, onlyLists: true });
});
afterEach(() => here.close());

async function isRight(): Promise<void> {
  await here.ends(0, "validate");
  await here.ends(0, "plan", "--detailed-exitcode");
  await here.ends(0, "drift");
  here.emulator.lag();
  await here.ends(0, "plan", "--detailed-exitcode");
  await here.ends(0, "drift");
}

const FRESH = {
  type: "webhook",
  display_name: "Fresh",
  webhook: { name: "fresh", description: "Is new.", url: "https://fresh.example" },
};

test("a new object is pulled by its id, with what it refers to", async () => {
  const tool = idOf(await http.post("/ai/tools", FRESH));
  const fresh = await http.post("/ai/assistants", { name: "Fresh", instructions: "Hi", tool_ids: [tool] });
  for (const selector of [idOf(fresh), `Assistant/${idOf(fresh)}`])
    await here.ends(0, "pull", selector, "--dry-run");
  await here.ends(0, "pull", idOf(fresh));
  expect(manifestsIn(here.folder)["assistants/fresh.yaml"]).toContain("- { ref: Tool/fresh }");
  await isRight();
});

test("an id that nothing has is an error", async () => {
  const said = await here.ends(1, "pull", "assistant-00000000-0000-4000-8000-000000000000");
  expect(said).toContain("no object has the address, id or name assistant-0000");
  expect(treeOf(here.folder)).toEqual({});
});

test("a clone gets its manifest", async () => {
  const [, second] = here.emulator.state().assistants;
  await here.ends(0, "clone", second?.id ?? "", "--as", "other", "--yes");
  expect(Object.keys(manifestsIn(here.folder))).toContain("assistants/other.yaml");
  await isRight();
});

test("assistants of another provider get their manifests, with their tools", async () => {
  const token = ["tok", "en"].join("");
  await http.post("/integration_secrets", { identifier: "vapi-key", type: "bearer", token });
  const said = await here.ends(0, "migrate", "vapi", "--secret-ref", "vapi-key", "--yes");
  const files = Object.values(manifestsIn(here.folder)).join("\n");
  expect(said).toContain("Pulled");
  expect(files).not.toContain("was found in the account");
  await isRight();
});

test("what was deleted is not pulled, and what was edited is pulled as it is", async () => {
  const [first] = here.emulator.state().assistants;
  const [made] = here.emulator.state().tests;
  here.emulator.portal.delete("AssistantTest", String(made?.["test_id"]));
  here.emulator.portal.edit("Assistant", first?.id ?? "", { greeting: "Edited" });
  const said = await here.ends(0, "pull");
  // The edit has ended the canary.
  expect(said).toContain(`Pulled ${SMALL_ACCOUNT - 3} objects`);
  expect(manifestsIn(here.folder)["assistants/support.yaml"]).toContain("greeting: Edited");
  await isRight();
});

test("a deleted object that is named is an error", async () => {
  const [made] = here.emulator.state().tests;
  here.emulator.portal.delete("AssistantTest", String(made?.["test_id"]));
  const said = await here.ends(1, "pull", "Says hello");
  expect(said).toContain("was deleted in the meantime");
  expect(treeOf(here.folder)).toEqual({});
});

test("get shows a new object by its id, and none of a deleted one", async () => {
  const [first] = here.emulator.state().assistants;
  here.emulator.portal.delete("Assistant", first?.id ?? "");
  await here.ends(0, "get", "versions,canaries");
  expect(await here.ends(1, "get", first?.id ?? "", "-o", "yaml")).toContain("was deleted in the meantime");
  expect(await here.ends(1, "get", first?.id ?? "", "-o", "texml")).toContain("was deleted in the meantime");
  const fresh = idOf(await http.post("/ai/assistants", { name: "Fresh", instructions: "Hi" }));
  expect(await here.ends(0, "get", fresh, "-o", "yaml")).toContain("name: Fresh");
});
