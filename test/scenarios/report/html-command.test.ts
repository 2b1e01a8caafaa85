import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desk, EXAMPLE, KEY, type Desk } from "../../e2e/cli.ts";
import { expectWhole } from "./html-structure.ts";

let one: Desk;

beforeAll(async () => {
  one = await desk(EXAMPLE);
});

afterAll(() => one.close());

const embedded = (page: string): unknown => {
  const [, data = ""] = /href="data:application\/gzip;base64,([^"]+)"/.exec(page) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(data, "base64")).toString("utf8"));
};

async function html(code: number, ...args: readonly string[]): Promise<string> {
  const ran = await one.rollcall(...args, "--env", "staging", "--format", "html");
  expect(ran.code).toBe(code);
  expectWhole(ran.stdout);
  expect(ran.stdout).not.toContain(KEY);
  return ran.stdout;
}

test("the page of a saved plan has its id", async () => {
  const page = await html(0, "plan", "--out", "plan.json");
  const saved = JSON.parse(await readFile(join(one.folder, "plan.json"), "utf8")) as {
    readonly x_rollcall: { readonly planId: string };
  };
  expect(page).toContain(saved.x_rollcall.planId);
});

test("plan, apply and drift have a page with the output of --format json", async () => {
  const planned = await html(0, "plan");
  expect(planned).toContain("Plan: 27 to add, 0 to change, 0 to destroy.");
  const json = await one.rollcall("plan", "--env", "staging", "--format", "json");
  expect(embedded(planned)).toEqual(JSON.parse(json.stdout));

  const applied = await html(0, "apply", "--yes", "--quiet");
  expect(applied).toContain("Apply complete! Resources: 27 added, 0 changed, 0 destroyed.");
  expect(embedded(applied)).toMatchObject({ complete: true });

  const [edited] = one.emulator.state().assistants;
  one.emulator.portal.edit("Assistant", edited?.id ?? "", { greeting: "<b>Edited</b> in the portal" });
  const drifted = await html(2, "drift");
  expect(drifted).toContain("&#60;b&#62;Edited&#60;/b&#62; in the portal");
  expect(embedded(drifted)).toMatchObject({ drifted: true });
});
