import fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isList, isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import type { PortalKind } from "../../src/providers/telnyx/emulator/portal.ts";
import { desk, KEY, runIn, type Desk, type Ran } from "../e2e/cli.ts";
import { manifestsIn } from "../file-tree.ts";
import { everyAssistant } from "../specification/every-field/assistant.ts";
import { everyTool } from "../specification/every-field/tools.ts";
import { makeAccount } from "./account.ts";
import { httpTo, idOf } from "./http.ts";
import { tamperWith, type Path, type Tampering } from "./tampering.ts";
import { makeSmallAccount, SMALL_ACCOUNT } from "./small-account.ts";

const LISTS: Readonly<Partial<Record<PortalKind, string>>> = {
  Assistant: "/ai/assistants",
  Tool: "/ai/tools",
  McpServer: "/ai/mcp_servers",
  AssistantTest: "/ai/assistants/tests",
};
/** What says which object it is. */
const IDENTITY = /^(?:id|test_id|version_id|main_version|created_at|updated_at|import_metadata)$/;
const VALUES: readonly Json[] = [
  "zz_unknown",
  "",
  "x".repeat(70_000),
  null,
  -7,
  1e12,
  0.5,
  true,
  [],
  ["x"],
  [[1]],
  {},
  { zz: 1 },
  [{ type: "zz_unknown" }],
];

let here: Desk;
let account: Tampering;
beforeAll(async () => {
  here = await desk();
  const http = httpTo(here.emulator.url);
  await makeSmallAccount(http);
  const plain = Object.entries(everyAssistant).filter(
    ([key]) => !["tool_ids", "mcp_servers", "tools", "insight_settings"].includes(key),
  );
  const fields = { ...Object.fromEntries(plain), name: "Rich", instructions: "Hi" };
  const tool = { ...everyTool.find(({ type }) => type === "webhook"), display_name: "Rich tool" };
  const assistant = { fields, handoffs: [], tools: [0], servers: [], tags: ["voice"], versions: [] };
  await makeAccount(http, { tools: [tool], servers: [], assistants: [assistant], tests: [] });
  account = await tamperWith(here.emulator.url);
}, 60_000);
afterAll(async () => {
  await account.close();
  await here.close();
});

async function liveObjects(): Promise<readonly { kind: PortalKind; id: string; body: JsonObject }[]> {
  const lists = Object.entries(LISTS).map(async ([kind, path]) => {
    const answer = await fetch(here.emulator.url + path, { headers: { authorization: `Bearer ${KEY}` } });
    const all = (await answer.json()) as
      | readonly JsonObject[]
      | { readonly [data: string]: readonly JsonObject[] };
    const objects = Array.isArray(all) ? all : Object.values(all).find((value) => Array.isArray(value));
    return (objects ?? []).map((body) => ({ kind: kind as PortalKind, id: idOf(body), body }));
  });
  return (await Promise.all(lists)).flat();
}

function pathsIn(value: Json): readonly Path[] {
  if (!isList(value) && !isObject(value)) return [];
  const steps = isList(value) ? [...value.keys()] : Object.keys(value).filter((key) => !IDENTITY.test(key));
  return steps.flatMap((step) => {
    const below = pathsIn((value as Readonly<Record<string | number, Json>>)[step] ?? null);
    return [[], ...below].map((path): Path => [step].concat(path as never));
  });
}

/** Runs commands in a folder of their own with an account in which one value is another one. */
async function withValue(
  id: string,
  path: Path,
  next: Json,
  work: (run: (...args: readonly string[]) => Promise<Ran>, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(here.folder, "pull-"));
  account.show(id, path, next);
  try {
    const env = { ...here.env, TELNYX_BASE_URL: account.url };
    await work((...args) => runIn(folder, env, args), folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const runs = 12 * Number(process.env["ROLLCALL_TEST_RUNS"] ?? 1);

test(
  "a value that no schema knows, anywhere in any object, keeps nothing else from being pulled",
  { timeout: 60_000 + runs * 4000 },
  async () => {
    const objects = await liveObjects();
    const places = objects.flatMap((object) => pathsIn(object.body).map((path) => ({ object, path })));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.constantFrom(...VALUES),
        async ({ object, path }, next) => {
          await withValue(object.id, path, next, async (run) => {
            const pulled = await run("pull", "--format", "json");
            const said = `${object.kind} ${path.join("/")}: ${pulled.stdout}${pulled.stderr}`;
            const result = JSON.parse(pulled.stdout) as {
              readonly status: string;
              readonly objects: readonly JsonObject[];
              readonly skipped: readonly { readonly reason: string; readonly id: string }[];
            };
            expect(result.status, said).toBe("pulled");
            expect(
              result.skipped.map(({ id }) => id.split("/")[0]),
              said,
            ).toEqual(pulled.code === 0 ? [] : [object.id]);
            expect([0, 3], said).toContain(pulled.code);
            expect(result.objects.length + result.skipped.length, said).toBe(SMALL_ACCOUNT + 2);
            const valid = await run("validate");
            expect(valid.code, valid.stdout + valid.stderr).toBe(0);
            const plan = await run("plan", "--detailed-exitcode");
            expect(plan.code, plan.stdout + plan.stderr).toBe(0);
          });
        },
      ),
      { numRuns: runs, seed: 1 },
    );
  },
);

async function idOfNamed(kind: PortalKind, name: string): Promise<string> {
  const found = (await liveObjects()).find(
    ({ kind: one, body }) => one === kind && [body["name"], body["display_name"]].includes(name),
  );
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found.id;
}

describe("a value that no schema knows", () => {
  test("is not declared where a manifest can do without it: the file and the list say where it is and why", async () => {
    const id = await idOfNamed("Assistant", "Rich");
    await withValue(id, ["telephony_settings", "recording_settings", "format"], "flac", async (run, folder) => {
      const pulled = await run("pull");
      expect(pulled.code, pulled.stdout).toBe(0);
      expect(pulled.stdout).toContain("Assistant/rich /telephony_settings/recording_settings/format\n");
      expect(pulled.stdout).toMatch(/validation does not accept it: .*flac/);
      const text = manifestsIn(folder)["assistants/rich.yaml"] ?? "";
      expect(text).toMatch(/# Not declared: \/telephony_settings\/recording_settings\/format\. Reason: .*flac/);
      expect(text).toMatch(/^ *recording_settings:/m);
      expect(text).not.toMatch(/^ *format:/m);
      const shown = await run("get", "Assistant/rich", "-o", "yaml");
      expect(shown.stdout).toContain("# Not declared: /telephony_settings/recording_settings/format.");
      expect(await run("drift")).toMatchObject({ code: 0 });
    });
  });

  test("leaves the object out where a manifest needs it; what refers to that holds its id", async () => {
    const id = await idOfNamed("Tool", "Rich tool");
    await withValue(id, ["tool_definition", "url"], 5, async (run, folder) => {
      const pulled = await run("pull");
      expect(pulled.code, pulled.stdout).toBe(3);
      expect(pulled.stdout).toContain(
        `Tool Rich tool (${id}): a manifest needs /webhook/url, and cannot hold its value`,
      );
      expect(pulled.stdout).not.toContain("Tool/rich-tool /webhook");
      const text = manifestsIn(folder)["assistants/rich.yaml"] ?? "";
      expect(text).toContain(`# Tool Rich tool, which this project does not manage.\n    - ${id}\n`);
      expect(await run("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
      const again = await run("pull");
      expect(again.code, again.stdout).toBe(3);
      expect(again.stdout.match(/a manifest needs/g)).toHaveLength(1);
    });
  });

  test("of an assistant with versions and a canary takes neither of these from the pull", async () => {
    const [id] = (await liveObjects())
      .filter(({ body }) => body["greeting"] === "Hi" && body["name"] === "Support")
      .map((object) => object.id);
    await withValue(id ?? "", ["instructions"], 5, async (run, folder) => {
      const pulled = await run("pull");
      expect(pulled.code, pulled.stdout).toBe(3);
      const rollout = Object.entries(manifestsIn(folder)).find(([file]) => file.startsWith("rollouts/"))?.[1];
      expect(rollout).toContain(`assistant: ${id}\n`);
      expect(rollout).toContain("kind: CanaryDeploy");
      expect(await run("validate")).toMatchObject({ code: 0 });
      expect(await run("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
    });
  });

  test("is drift where a manifest declares another one, and is not taken into it", async () => {
    const id = await idOfNamed("Assistant", "Rich");
    await withValue(id, ["telephony_settings", "recording_settings", "format"], "wav", async (run, folder) => {
      expect(await run("pull", "Rich")).toMatchObject({ code: 0 });
      const before = manifestsIn(folder);
      account.show(id, ["telephony_settings", "recording_settings", "format"], "flac");
      for (const [code, ...args] of [
        [2, "drift"],
        [2, "plan", "--detailed-exitcode"],
        [2, "pull", "--update", "Rich"],
      ] as const) {
        const ran = await run(...args);
        expect(ran.code, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`).toBe(code);
        expect(ran.stdout).toContain("format");
      }
      expect(manifestsIn(folder)).toEqual(before);
    });
  });

  test("stops the import of its object only where a manifest needs it, and then nothing is written", async () => {
    const id = await idOfNamed("Assistant", "Rich");
    await withValue(id, ["telephony_settings", "recording_settings", "format"], "flac", async (run) => {
      const imported = await run("import", "Assistant/mine", id);
      expect(imported.code, imported.stdout + imported.stderr).toBe(0);
      expect(imported.stdout).toContain("Not written: /telephony_settings/recording_settings/format: ");
      expect(await run("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
    });
    await withValue(id, ["instructions"], 5, async (run, folder) => {
      const imported = await run("import", "Assistant/mine", id);
      expect(imported.code, imported.stdout + imported.stderr).toBe(3);
      expect(imported.stdout).toContain("Assistant/mine  /instructions");
      expect(manifestsIn(folder)).toEqual({});
    });
  });
});
