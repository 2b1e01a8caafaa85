/** A plan that an older version saved has other names for some actions and risks. */
import { createHmac } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { digestOf } from "../../src/reconcile/compare/digest.ts";
import { extensionOf } from "../../src/reconcile/saved-plan/planfile.ts";
import { desk, PLAN_KEY, type Desk } from "./cli.ts";

let one: Desk;

afterEach(() => one.close());

const FORMER: Readonly<Record<string, string>> = {
  restore: "ensure",
  "refresh-state": "record",
  "shared-object": "shared-tool",
  "wider-rollout": "broader-canary",
  "child-reset": "canary-reset",
};

/** The same plan as format 1 has it: its names, and an id, checksum and seal over them. */
function asFormat1(file: JsonObject): JsonObject {
  const { planId: _, checksum: __, seal: ___, ...extension } = extensionOf(file);
  const text = JSON.stringify({ ...file, x_rollcall: { ...extension, format: 1 } });
  const renamed = text.replaceAll(
    /"(restore|refresh-state|shared-object|wider-rollout|child-reset)"/g,
    (_all, name: string) => `"${FORMER[name] ?? name}"`,
  );
  const body = JSON.parse(renamed) as JsonObject;
  const { created: ____, expires: _____, by: ______, ...terms } = extensionOf(body)["terms"] as JsonObject;
  const planId = digestOf({ ...body, x_rollcall: { ...extensionOf(body), terms } });
  const checksum = digestOf({ ...body, x_rollcall: { ...extensionOf(body), planId } });
  const seal = createHmac("sha256", PLAN_KEY).update(checksum).digest("hex");
  return { ...body, x_rollcall: { ...extensionOf(body), planId, checksum, seal } };
}

function manifests(instructions: string, weight: number, url: string): string {
  const head = (kind: string, name: string) =>
    `---\napiVersion: rollcall.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec:\n`;
  const tool = `  type: webhook\n  webhook: { name: orders, description: Finds an order., url: "${url}" }\n`;
  const rules = `[{ serve: { rollout: [{ version_id: { ref: AssistantVersion/next }, weight: ${weight} }] } }]`;
  return [
    `${head("Tool", "orders")}${tool}`,
    `${head("Assistant", "desk")}  instructions: ${instructions}\n`,
    `${head("Assistant", "other")}  instructions: Be exact.\n  tool_ids: [{ ref: Tool/orders }]\n`,
    `${head("AssistantVersion", "next")}  assistant: { ref: Assistant/desk }\n  changes: { greeting: Ahoy. }\n`,
    `${head("CanaryDeploy", "ten")}  assistant: { ref: Assistant/desk }\n  rules: ${rules}\n`,
  ].join("");
}

test("a saved plan of format 1 is shown and applied", async () => {
  one = await desk();
  const path = join(one.folder, "plan.json");
  const write = (...values: Parameters<typeof manifests>) =>
    writeFile(join(one.folder, "desk.yaml"), manifests(...values));
  await write("Be kind.", 10, "https://a.example");
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  await write("Be brief.", 20, "https://b.example");
  expect((await one.rollcall("plan", "--out", "plan.json")).code).toBe(0);
  const saved = JSON.parse(await readFile(path, "utf8")) as JsonObject;
  const former = JSON.stringify(asFormat1(saved));
  for (const name of ["ensure", "shared-tool", "broader-canary", "canary-reset"])
    expect(former).toContain(`"${name}"`);
  const shown = await one.rollcall("show", "plan.json");
  await writeFile(path, former);
  const again = await one.rollcall("show", "plan.json");
  expect(again.stderr).toBe("");
  expect(again.stdout.replaceAll(/[0-9a-f]{8,}/g, "")).toBe(shown.stdout.replaceAll(/[0-9a-f]{8,}/g, ""));
  const applied = await one.rollcall("apply", "plan.json");
  expect(applied.stderr).not.toContain("error");
  expect(applied.code).toBe(0);
});
