/** A destruction is called one, from the plan to the end, in every format. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { desk, runIn, type Desk } from "./cli.ts";

const HEAD = "apiVersion: rollcall.dev/v1\nkind: Assistant\n";
const FORMATS = ["text", "markdown", "html", "json"] as const;
const REPORTS = FORMATS.flatMap((format) => ["--report", `${format}=out.${format}`]);

let one: Desk;

beforeEach(async () => {
  one = await desk();
  await declare("");
  expect((await one.rollcall("apply", "--yes")).code).toBe(0);
  one.writes();
});

afterEach(() => one.close());

function declare(lifecycle: string): Promise<void> {
  return writeFile(
    join(one.folder, "desk.yaml"),
    `${HEAD}metadata: { name: front }\n${lifecycle}spec: { instructions: x }\n---\n${HEAD}metadata: { name: back }\nspec: { instructions: x }\n`,
  );
}

function written(format: string): Promise<string> {
  return readFile(join(one.folder, `out.${format}`), "utf8");
}

function liveNames(): readonly unknown[] {
  const live = one.emulator.state().assistants.filter((assistant) => (assistant.deleted_at ?? null) === null);
  return live.map(({ main }) => main["name"]);
}

/** Runs `destroy` with somebody at the terminal who answers. */
async function asked(answer: string) {
  const stdin = Readable.from([`${answer}\n`]);
  const stderr = new PassThrough();
  let questions = "";
  stderr.on("data", (chunk: Buffer) => (questions += chunk.toString()));
  const ran = await runIn(one.folder, one.env, ["destroy"], { stdin, stderr, isInteractive: true });
  return { ...ran, questions };
}

describe("destroy says so", () => {
  test("in its question, and after a refusal", async () => {
    const { code, questions } = await asked("no");
    expect(code).toBe(1);
    expect(questions).toContain('Destroy these resources in default? Type "yes" to continue: ');
    expect(questions).toContain("Cancelled. Nothing was destroyed.");
    expect(questions).not.toMatch(/appl/i);
    expect(one.writes()).toEqual([]);
  });

  test("in its plan, its progress and its result, in every format", async () => {
    const { code, stdout, stderr } = await one.rollcall("destroy", "--yes", ...REPORTS);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^.* · default · .* · destroy {2,}/);
    expect(stdout).toContain("What destroy will do");
    expect(stdout).toContain("Destroy complete! Resources: 0 added, 0 changed, 2 destroyed.");
    expect(stderr).toMatch(/Assistant\/front: destroying …\n/);
    expect(await written("text")).toContain("Destroy complete!");
    expect(await written("markdown")).toMatch(/## Rollcall destroy · .*\*\*Destroy complete! /s);
    expect(await written("html")).toMatch(
      /Rollcall <span>destroy<.*What destroy did in default.*Destroy complete!/s,
    );
    expect(JSON.parse(await written("json"))).toMatchObject({ x_rollcall: { destroy: true } });
    expect(stdout + stderr).not.toMatch(/\bappl/i);
    for (const format of ["text", "markdown"]) expect(await written(format)).not.toMatch(/\bappl/i);
  });

  test("when nothing is left", async () => {
    expect((await one.rollcall("destroy", "--yes")).code).toBe(0);
    const { code, stdout, stderr } = await one.rollcall("destroy", "--yes", ...REPORTS);
    expect(code).toBe(0);
    for (const text of [stdout, ...(await Promise.all(["text", "markdown", "html"].map(written)))]) {
      expect(text).toContain("No changes. There is nothing to destroy.");
      expect(text).not.toContain("is declared");
    }
    expect(stdout + stderr).not.toMatch(/\bappl/i);
  });

  test("when it is refused", async () => {
    await declare("lifecycle: { protect: true }\n");
    const { code, stdout, stderr } = await one.rollcall("destroy", "--yes", ...REPORTS);
    expect(code).toBe(4);
    for (const text of [stdout, await written("text")]) {
      expect(text).toContain("What destroy refuses");
      expect(text).toContain("What destroy would do once this is resolved");
      expect(text).toContain("Refused: destroy deletes nothing until the point above is resolved.");
    }
    expect(await written("markdown")).toContain("**Destroy deletes nothing until 1 point below is resolved.**");
    expect(await written("html")).toContain("Destroy deletes nothing until");
    expect(stderr).toContain("Nothing was destroyed: the plan was refused.");
    expect(one.writes()).toEqual([]);
  });

  test("when a step fails", async () => {
    one.emulator.inject({
      match: { method: "DELETE" },
      times: "always",
      fault: { kind: "status", status: 500 },
    });
    const { stdout } = await one.rollcall("destroy", "--yes");
    expect(stdout).toMatch(/^Destroy incomplete: .* failed/m);
    expect(stdout).toContain("destroy again; if it persists");
    expect(stdout).not.toMatch(/\bapply\b/i);
  });
});

describe("plan --destroy", () => {
  test("shows what destroy would do, and writes nothing", async () => {
    const { code, stdout } = await one.rollcall("plan", "--destroy", "--detailed-exitcode", ...REPORTS);
    expect(code).toBe(2);
    expect(stdout).toContain("What destroy will do");
    expect(stdout).toContain("Plan: 0 to add, 0 to change, 2 to destroy.");
    expect(await written("markdown")).toContain("## Rollcall plan to destroy · ");
    expect(await written("html")).toContain("What destroy will do in default");
    expect(JSON.parse(await written("json"))).toMatchObject({
      resource_changes: [{ change: { actions: ["delete"] } }, { change: { actions: ["delete"] } }],
      x_rollcall: { destroy: true },
    });
    expect(one.writes()).toEqual([]);
  });

  test("is saved as a destroy plan, and executed by apply", async () => {
    expect((await one.rollcall("plan", "--destroy", "-o", "plan.json")).code).toBe(0);
    const saved: unknown = JSON.parse(await readFile(join(one.folder, "plan.json"), "utf8"));
    expect(saved).toMatchObject({ x_rollcall: { terms: { choices: { destroy: true, prune: false } } } });
    const refused = await one.rollcall("apply", "plan.json", "--accept", "prune");
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain("it was made with destroy, which is not accepted here");
    const { code, stdout } = await one.rollcall("apply", "plan.json", "--accept", "destroy");
    expect(code).toBe(0);
    expect(stdout).toContain("Destroy complete! Resources: 0 added, 0 changed, 2 destroyed.");
    expect(liveNames()).toEqual([]);
  });

  test("of one resource keeps the others", async () => {
    expect(
      (await one.rollcall("plan", "--destroy", "--target", "Assistant/back", "-o", "plan.json")).code,
    ).toBe(0);
    expect((await one.rollcall("apply", "plan.json")).code).toBe(0);
    expect(liveNames()).toEqual(["front"]);
  });

  test("is refused if a resource is protected", async () => {
    await declare("lifecycle: { protect: true }\n");
    const planned = await one.rollcall("plan", "--destroy", "-o", "plan.json");
    expect(planned.code).toBe(1);
    expect(planned.stdout).toContain(
      "Assistant/front is protected and would be deleted".slice("Assistant/front".length),
    );
    expect((await one.rollcall("apply", "plan.json")).code).toBe(4);
    expect(one.writes()).toEqual([]);
  });
});
