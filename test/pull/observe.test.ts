/** `pull --observe` of objects that have a manifest: in a second environment, and where the ledger is lost. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { manifestsIn, treeOf } from "../file-tree.ts";
import { makeSmallAccount, SMALL_ACCOUNT } from "./small-account.ts";
import { twoAccounts, type Environment, type TwoAccounts } from "./two-accounts.ts";

let here: TwoAccounts;
beforeEach(async () => {
  here = await twoAccounts();
  await makeSmallAccount(here.http("production"));
});
afterEach(() => here.close());

/** What the ledger of an environment says of each resource: whether it is observed. */
function observedIn(environment: Environment): readonly boolean[] {
  const text = treeOf(here.folder)[`.rollcall/${environment}.json`] ?? "{}";
  const { entries = {} } = JSON.parse(text) as { readonly entries?: Readonly<Record<string, JsonObject>> };
  return Object.values(entries).map(({ observe }) => observe === true);
}

const all = (isObserved: boolean) => Array.from({ length: SMALL_ACCOUNT }, () => isObserved);
const writes = ({ requests }: TwoAccounts["staging"]) => requests().filter(({ wrote }) => wrote);

describe("in a second environment", () => {
  beforeEach(async () => {
    await here.ends(0, "production", "pull");
    await here.addStaging();
    await makeSmallAccount(here.http("staging"));
  });

  test("the objects are observed there, and managed in the first one", async () => {
    const before = await here.declared("production");
    const said = await here.ends(0, "staging", "pull", "--observe");
    expect(said).not.toContain("protect: true");
    expect(await here.declared("production")).toEqual(before);
    expect(observedIn("staging")).toEqual(all(true));
    expect(observedIn("production")).toEqual(all(false));
    for (const environment of ["production", "staging"] as const)
      await here.ends(0, environment, "plan", "--detailed-exitcode");
    const files = manifestsIn(here.folder);
    await here.ends(0, "staging", "pull");
    expect(manifestsIn(here.folder)).toEqual(files);
  });

  test("an edit there is reported and stays, and in the first one it is restored", async () => {
    await here.ends(0, "staging", "pull", "--observe");
    for (const environment of ["production", "staging"] as const) {
      const id = await here.idOf(environment, "Assistant/support");
      here[environment].portal.edit("Assistant", id, { greeting: "By the portal" });
      here[environment].clearRequests();
      await here.ends(2, environment, "plan", "--detailed-exitcode");
      await here.ends(0, environment, "apply", "--yes");
    }
    expect(writes(here.staging)).toEqual([]);
    expect(writes(here.production)).not.toEqual([]);
  });

  test("a ledger that is lost is found again with what is observed", async () => {
    await here.ends(0, "staging", "pull", "--observe");
    const files = manifestsIn(here.folder);
    await rm(join(here.folder, ".rollcall/staging.json"));
    await here.ends(0, "staging", "pull");
    expect(observedIn("staging")).toEqual(all(true));
    expect(manifestsIn(here.folder)).toEqual(files);
  });
});

describe("where the ledger is lost", () => {
  beforeEach(async () => {
    await here.ends(0, "production", "pull");
    await rm(join(here.folder, ".rollcall"), { recursive: true });
  });

  test("manifests that no other environment uses say that they are observed", async () => {
    const before = manifestsIn(here.folder);
    const said = await here.ends(0, "production", "pull", "--observe");
    expect(said).toContain("assistants/support.yaml    changed  Assistant/support\n");
    expect(observedIn("production")).toEqual(all(true));
    const after = manifestsIn(here.folder);
    for (const [file, text] of Object.entries(after))
      expect(text.replaceAll("lifecycle:\n  observe: true\n", ""), file).toBe(before[file]);
    await here.ends(0, "production", "validate");
    await here.ends(0, "production", "plan", "--detailed-exitcode");
  });

  test.each([
    [
      "a block with other settings",
      "lifecycle: { protect: true } # ours\n",
      "lifecycle: { protect: true, observe: true } # ours\n",
    ],
    ["a manifest that says the opposite", "lifecycle:\n  observe: false\n", "lifecycle:\n  observe: true\n"],
    ["a manifest that says it", "lifecycle:\n  observe: true # ours\n", "lifecycle:\n  observe: true # ours\n"],
  ])("%s", async (_, old, next) => {
    await here.edit("mcp/crm.yaml", (text) => text.replace("spec:", `${old}spec:`));
    const before = await here.read("mcp/crm.yaml");
    await here.ends(0, "production", "pull", "--observe");
    expect(await here.read("mcp/crm.yaml")).toBe(before.replace(old, next));
    expect(observedIn("production")).toEqual(all(true));
  });

  test("without --observe nothing is observed", async () => {
    await here.ends(0, "production", "pull");
    expect(observedIn("production")).toEqual(all(false));
  });
});
