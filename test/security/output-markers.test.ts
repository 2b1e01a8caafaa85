import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { desk, KEY, rawIn, type Desk } from "../e2e/cli.ts";
import { obeyed, ORDERS, RUNNERS } from "./runners.ts";

/** Manifests take no control characters. */
const DECLARED = ORDERS.replaceAll("\r\u001B", "");

let office: Desk;

beforeEach(async () => {
  office = await desk();
  await declare({ instructions: "Answer.", spoken: "Hello" });
});

afterEach(() => office.close());

async function declare(texts: { readonly instructions: string; readonly spoken: string }): Promise<void> {
  const write = (file: string, text: object) =>
    writeFile(join(office.folder, file), JSON.stringify(text, null, 2));
  const apiVersion = "rollcall.dev/v1";
  await write("rollcall.yaml", { apiVersion, kind: "Project", metadata: { name: "office" }, spec: {} });
  await write("front.yaml", {
    apiVersion,
    kind: "Assistant",
    metadata: { name: "front" },
    spec: { name: "Front", instructions: texts.instructions, greeting: texts.spoken },
  });
}

const run = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  rawIn(office.folder, { TELNYX_BASE_URL: office.emulator.url, TELNYX_API_KEY: KEY, ...env }, args);

/** Edited in the portal, so that what is printed is what somebody else has written. */
function editLive(): void {
  const [assistant] = office.emulator.state().assistants;
  office.emulator.portal.edit("Assistant", String(assistant?.["id"]), {
    instructions: ORDERS,
    greeting: ORDERS,
  });
}

const COMMANDS: readonly (readonly string[])[] = [
  ...["text", "json", "markdown", "html"].flatMap((format) => [
    ["plan", "--format", format, "-v"],
    ["drift", "--format", format],
  ]),
  ["plan", "--show-unmanaged"],
  ["ledger", "show", "Assistant/front"],
  ["validate", "--show", "Assistant/front"],
];

describe.each(RUNNERS)("in a job of $name", (runner) => {
  test("runner commands in live texts and manifests are not executed", async () => {
    expect((await run({}, "apply", "--yes")).code).toBe(0);
    editLive();
    await declare({ instructions: `${DECLARED}\nand more`, spoken: DECLARED });
    for (const args of COMMANDS) {
      const { stdout, stderr } = await run(runner.env, ...args);
      expect(stdout, `${args.join(" ")}: ${stderr}`).not.toBe("");
      expect(obeyed(stdout, runner), args.join(" ")).toEqual([]);
      expect(obeyed(stderr, runner), args.join(" ")).toEqual([]);
    }
    const applied = await run(runner.env, "apply", "--yes", "--on-conflict", "overwrite");
    expect(applied.code).toBe(0);
    expect(obeyed(applied.stdout + applied.stderr, runner)).toEqual([]);
  });

  test("runner commands in errors are not executed", async () => {
    for (const body of ["telnyx", "fastapi"] as const) {
      for (const detail of ORDERS.split("\n")) {
        const fault = { kind: "status", status: 422, body, detail } as const;
        office.emulator.inject({ match: { path: /^\/ai\/assistants$/ }, fault });
        const { stdout, stderr } = await run(runner.env, "plan");
        expect(stderr).toContain("422");
        expect(obeyed(stdout + stderr, runner)).toEqual([]);
        // Of a kind that nobody declares it ends no plan, and stands in the report.
        office.emulator.inject({ match: { path: "/ai/mcp_servers" }, fault });
        const counted = await run(runner.env, "plan");
        expect(counted.stdout).toContain("422");
        expect(obeyed(counted.stdout + counted.stderr, runner)).toEqual([]);
      }
    }
    for (const order of ORDERS.split("\n")) {
      const { stderr } = await run(runner.env, "plan", "--env", order);
      expect(stderr).not.toBe("");
      expect(obeyed(stderr, runner)).toEqual([]);
      expect(obeyed((await run(runner.env, "plan", `--${order}`)).stderr, runner)).toEqual([]);
      expect(obeyed((await run(runner.env, `x\n${order}`)).stderr, runner)).toEqual([]);
    }
  });
});

test("JSON that is printed in a CI job is equal to other JSON output", async () => {
  expect((await run({}, "apply", "--yes")).code).toBe(0);
  editLive();
  for (const args of [["drift"], ["plan"]]) {
    const here = JSON.parse((await run({}, ...args, "--format", "json")).stdout) as unknown;
    for (const { env } of RUNNERS) {
      const { stdout } = await run(env, ...args, "--format", "json");
      expect(JSON.parse(stdout)).toEqual(here);
    }
    expect(JSON.stringify(here)).toContain("##[add-mask]e");
  }
});

test("a report in a file is not escaped for the runner", async () => {
  expect((await run({}, "apply", "--yes")).code).toBe(0);
  editLive();
  await run({ CI: "true" }, "drift", "--report", "json=drift.json");
  expect(await readFile(join(office.folder, "drift.json"), "utf8")).toContain("##[add-mask]e");
});

test("annotations are executed, and text in them is not", async () => {
  const name = "a,b:c%0A::add-mask::d ##[set-env name=E]f.yaml";
  const text = `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: second }\nspec:\n  name: Second\n  instructions: Hi\n  "x\\n::add-mask::y ##[add-mask]z %0A": 1\n`;
  await writeFile(join(office.folder, name), text);
  const [github] = RUNNERS;
  const { stdout, code } = await run(github?.env ?? {}, "validate", "--format", "github");
  expect(code).toBe(1);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.filter((line) => !line.startsWith("::error file="))).toEqual([]);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => line.includes("##["))).toEqual([]);
  expect(lines[0]).toContain("file=a%2Cb%3Ac%250A%3A%3Aadd-mask%3A%3Ad");
});

test.each([
  ...["text", "json", "markdown", "html"].map((format) => ["plan", "--format", format]),
  ...["bash", "zsh", "fish"].map((shell) => ["completion", shell]),
  ["graph"],
  ["graph", "--format", "dot"],
  ["validate"],
  ["schema"],
  ["explain"],
  ["--help"],
])("Rollcall's own messages are the same in a CI job: %s %s %s", async (...args) => {
  const untimed = (text: string) =>
    text.replaceAll(/\d+(?:\.\d+)? s\b/g, "0 s").replaceAll(/base64,[^"]*/g, "");
  const [here, inJob] = [await run({}, ...args), await run({ CI: "true" }, ...args)];
  expect(here.stdout).not.toBe("");
  expect(untimed(inJob.stdout)).toBe(untimed(here.stdout));
});
