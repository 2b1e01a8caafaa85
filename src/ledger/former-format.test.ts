import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "../../test/ledger/folder.ts";
import { isAlive, runtime } from "../../test/ledger/fixtures.ts";
import { fileLedger } from "./file.ts";

const FORMAT_2 = join(import.meta.dirname, "../../test/ledger/format-2");

test("a ledger and a log of format 2 are read, and their actions have the current names", async () => {
  const root = folder();
  for (const name of ["ledger.json", "ledger.log.jsonl"]) copyFileSync(join(FORMAT_2, name), join(root, name));
  const path = join(root, "ledger.json");
  const state = await fileLedger({ path, place: "ledger.json", runtime, isAlive }).read();
  const actions = state?.intents?.map(({ id, action }) => `${id}: ${action}`);
  expect(actions).toEqual([
    "CanaryDeploy/ten a: restore",
    "CanaryDeploy/ten b: update",
    "CanaryDeploy/ten c: restore",
  ]);
});
