import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { WriteFaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";

const HEAD = "apiVersion: rollcall.dev/v1\n";
const ASSISTANT = `${HEAD}kind: Assistant
metadata: { name: front }
spec: { name: Front desk, instructions: Answer., greeting: Hello. }
`;
const version = (name: string) => `${HEAD}kind: AssistantVersion
metadata: { name: ${name} }
spec: { assistant: { ref: Assistant/front }, changes: { greeting: Hello from ${name}. } }
`;
const CANARY = `${HEAD}kind: CanaryDeploy
metadata: { name: front }
spec:
  assistant: { ref: Assistant/front }
  rules: [{ serve: { rollout: [{ version_id: { ref: AssistantVersion/warmer }, weight: 10 }] } }]
`;
const MANIFESTS = [ASSISTANT, version("warmer"), version("spare"), CANARY].join("---\n");

let office: Desk;
let id = "";

beforeAll(async () => {
  office = await appliedDesk({ "a.yaml": MANIFESTS });
  id = office.emulator.state().assistants[0]?.id ?? "";
});
afterAll(() => office.close());
beforeEach(() => {
  office.emulator.clearFaults();
  for (const one of names())
    if (one.startsWith("trial")) office.emulator.portal.delete("AssistantVersion", wholeId(one));
  office.emulator.clearRequests();
});

const versions = (...args: readonly string[]) => office.rollcall("versions", ...args);
const live = () => office.emulator.state().assistants[0]?.versions ?? [];
const names = () => live().map(({ version_name: name }) => String(name));
const wholeId = (name: string) =>
  `${id}/${String(live().find(({ version_name: one }) => one === name)?.["version_id"])}`;
const made = (name: string) =>
  office.emulator.portal.create("AssistantVersion", {
    assistant_id: id,
    version_name: name,
    greeting: `I am ${name}.`,
  });
const deletions = () => office.emulator.requests().filter(({ method }) => method !== "GET");

describe("versions delete", () => {
  test("deletes versions of other people with --all once, and lists them", async () => {
    made("trial");
    const ran = await versions("delete", "Assistant/front", "trial", "--all", "--yes");
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toBe("Deleted 1 version of Assistant/front.\n");
    expect(ran.stderr).toContain("trial");
    expect(names()).not.toContain("trial");
    expect(deletions()).toHaveLength(1);
    const plan = await office.rollcall("plan", "--detailed-exitcode");
    expect(plan.code, plan.stdout).toBe(0);
  });

  test.each([
    ["main", "it is main"],
    ["AssistantVersion/warmer", "the canary serves it"],
    ["spare", "it is managed as AssistantVersion/spare"],
  ])("refuses %s, and deletes no other named version", async (name, reason) => {
    made("trial");
    const ran = await versions("delete", "Assistant/front", "trial", name, "--all", "--yes");
    expect(ran).toMatchObject({ code: 4, stdout: "" });
    expect(ran.stderr).toContain(reason);
    expect(deletions()).toEqual([]);
  });

  test("refuses versions of other people without --all", async () => {
    made("trial");
    const ran = await versions("delete", "Assistant/front", "trial", "--yes");
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain("this project did not make it\nhelp: to delete it anyway, pass --all");
    expect(deletions()).toEqual([]);
  });

  test("refuses versions that a manifest declares by name or refers to by id, before it is applied", async () => {
    const [named, used] = [made("trial-named"), made("trial-used")];
    const test = `${HEAD}kind: CanaryDeploy
metadata: { name: later }
spec:
  assistant: { ref: Assistant/front }
  rules: [{ serve: { version_id: "${used.split("/")[1] ?? ""}" } }]
`;
    const more = join(office.folder, "later");
    await mkdir(more);
    await writeFile(join(more, "b.yaml"), `${version("trial-named")}---\n${test}`);
    await writeFile(
      join(office.folder, "a.yaml"),
      [ASSISTANT, version("warmer"), version("spare")].join("---\n"),
    );
    try {
      const first = await versions("delete", "Assistant/front", named, "--all", "--yes");
      const second = await versions("delete", "Assistant/front", used, "--all", "--yes");
      expect([first.code, second.code], first.stderr + second.stderr).toEqual([4, 4]);
      expect(first.stderr).toContain("declares it as AssistantVersion/trial-named");
      expect(second.stderr).toContain("CanaryDeploy/later refers to it");
      expect(deletions()).toEqual([]);
    } finally {
      await rm(more, { recursive: true });
      await writeFile(join(office.folder, "a.yaml"), MANIFESTS);
    }
  });

  test("refuses versions in the ledger of another environment, and stops if that ledger cannot be read", async () => {
    const whole = made("trial");
    const two = await mkdtemp(join(tmpdir(), "rollcall-two-"));
    const run = (...words: readonly string[]) => runIn(two, office.env, words);
    const project = (environments: string) =>
      `${HEAD}kind: Project\nmetadata: { name: two }\nspec: { environments: { ${environments} } }\n`;
    const manifest = ASSISTANT.replace("spec:", `lifecycle: { import: ${id} }\nspec:`);
    const trial = version("trial")
      .replace("spec:", `lifecycle: { import: "${whole}" }\nspec:`)
      .replace("Hello from trial.", "I am trial.");
    try {
      await writeFile(join(two, "rollcall.yaml"), project("staging: {}"));
      await writeFile(join(two, "a.yaml"), `${manifest}---\n${trial}`);
      const applied = await run("apply", "--env", "staging", "--yes");
      expect(applied.code, applied.stdout + applied.stderr).toBe(0);
      await rm(join(two, "a.yaml"));
      await writeFile(join(two, "rollcall.yaml"), project("staging: {}, production: {}"));
      const words = ["versions", "delete", id, whole, "--all", "--yes", "--env", "production"];
      office.emulator.clearRequests();
      const refused = await run(...words);
      await writeFile(join(two, ".rollcall/staging.json"), "{");
      const unread = await run(...words);
      expect([refused.code, unread.code], refused.stderr + unread.stderr).toEqual([4, 1]);
      expect(refused.stderr).toContain("it is managed as AssistantVersion/trial in environment staging");
      expect(unread.stderr).toContain(
        "the ledger of environment staging cannot be read, so it is not known what it manages",
      );
      expect(deletions()).toEqual([]);
    } finally {
      await rm(two, { recursive: true });
    }
  });

  test("refuses while an apply holds the ledger", async () => {
    made("trial");
    const lock = join(office.folder, ".rollcall/default.json.lock");
    const holder = { who: "Ada", host: "here", pid: process.pid, operation: "apply" };
    await writeFile(lock, JSON.stringify(holder));
    try {
      const ran = await versions("delete", "Assistant/front", "trial", "--all", "--yes");
      expect(ran.code, ran.stderr).toBe(4);
      expect(deletions()).toEqual([]);
    } finally {
      await rm(lock, { force: true });
    }
  });

  test("without a terminal and without --yes nothing is asked of the API", async () => {
    const ran = await versions("delete", "Assistant/front", "trial", "--all");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(
      "versions delete needs approval, and there is no terminal to ask on\nhelp: pass --yes",
    );
    expect(office.emulator.requests()).toEqual([]);
  });

  test("deletes nothing if manifests have errors", async () => {
    made("trial");
    await writeFile(join(office.folder, "broken.yaml"), "kind: [");
    try {
      const ran = await versions("delete", "Assistant/front", "trial", "--all", "--yes");
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain("some manifests have errors, so it is not known which versions they need");
      expect(deletions()).toEqual([]);
    } finally {
      await rm(join(office.folder, "broken.yaml"));
    }
  });

  test.each([
    ["yes\n", 0],
    ["y\n", 1],
  ])("on a terminal it asks, and the answer %j ends with %d", async (answer, code) => {
    made("trial");
    const words = ["versions", "delete", "Assistant/front", "trial", "--all"];
    const ran = await runIn(office.folder, office.env, words, {
      isInteractive: true,
      stdin: Readable.from([answer]),
    });
    expect(ran.stderr).toContain("1 version of Assistant/front will be deleted. This cannot be undone.");
    expect(ran.code).toBe(code);
    expect(deletions()).toHaveLength(1 - code);
  });

  test("a version that is promoted during the question is kept", async () => {
    const whole = made("trial");
    const main = String(office.emulator.state().assistants[0]?.main["version_id"]);
    async function* answer() {
      office.emulator.portal.promote(id, whole.split("/")[1] ?? "");
      yield "yes\n";
    }
    const words = ["versions", "delete", "Assistant/front", "trial", "--all"];
    const stdin = Readable.from(answer());
    const ran = await runIn(office.folder, office.env, words, { isInteractive: true, stdin });
    office.emulator.portal.promote(id, main);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("now it is main");
    expect(deletions()).toEqual([]);
    expect((await office.rollcall("apply", "--yes")).code).toBe(0);
  });
});

describe("versions prune", () => {
  test("keeps the newest and all needed versions", async () => {
    for (const name of ["trial-1", "trial-2", "trial-3"]) made(name);
    const ran = await versions("prune", "Assistant/front", "--keep", "1", "--all", "--yes", "--format", "json");
    expect(ran.code, ran.stderr).toBe(0);
    const result = JSON.parse(ran.stdout) as Record<
      "deleted" | "kept",
      readonly { name: string; reason: string }[]
    >;
    expect(result.deleted.map(({ name }) => name)).toEqual(["trial-2", "trial-1"]);
    expect(result.kept).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "trial-3", reason: "it is one of the 1 newest" }),
        expect.objectContaining({ name: "warmer", reason: "the canary serves it" }),
      ]),
    );
    expect(names().filter((name) => name.startsWith("trial"))).toEqual(["trial-3"]);
    expect(names()).toEqual(expect.arrayContaining(["warmer", "spare"]));
  });

  test("without --all it deletes former mains that applies have made, and nothing that others made", async () => {
    const file = join(office.folder, "a.yaml");
    const main = () => String(office.emulator.state().assistants[0]?.main["version_id"]);
    const [first, trial] = [main(), made("trial-1")];
    await writeFile(file, MANIFESTS.replace("Answer.", "Answer briefly."));
    await office.ends(0, "apply", "--yes");
    const edited = main();
    office.emulator.portal.edit("Assistant", id, { greeting: "Mine." });
    await writeFile(file, MANIFESTS);
    await office.ends(0, "apply", "--yes");
    const list = await office.ends(0, "versions", "list", "Assistant/front", "--format", "json");
    const { versions: all } = JSON.parse(list) as { versions: readonly { id: string; own: boolean }[] };
    const own = all.filter((one) => one.own).map((one) => one.id);
    expect(own).toEqual(expect.arrayContaining([first, edited, main()]));
    expect(own).not.toContain(trial.split("/")[1]);
    office.emulator.clearRequests();
    const said = await office.ends(0, "versions", "prune", "Assistant/front", "--keep", "0", "--yes");
    expect(said).toMatch(/that this project did not make will be kept/);
    const left = live().map(({ version_id: one }) => String(one));
    expect(left).toEqual(expect.arrayContaining([main(), trial.split("/")[1] ?? ""]));
    expect(left).not.toContain(first);
  });

  test.each([
    ["is noted as made by this project when the next apply finds it", () => undefined, true],
    [
      "is not noted when somebody has edited the assistant since",
      () => office.emulator.portal.edit("Assistant", id, { description: "Mine." }),
      false,
    ],
  ])("the version of a run that saw no answer %s", async (_, meanwhile, isOwn) => {
    const file = join(office.folder, "a.yaml");
    const main = () => String(office.emulator.state().assistants[0]?.main["version_id"]);
    await writeFile(file, MANIFESTS.replace("Answer.", `Answer ${isOwn ? "at once" : "soon"}.`));
    const before = main();
    const path = new RegExp(`^/ai/assistants/${id}$`);
    const blind = () => {
      const fault = { kind: "status", status: 403 } as const;
      office.emulator.inject({ match: { method: "GET", path }, fault, times: "always" });
    };
    office.emulator.inject({
      match: { method: "POST", path },
      fault: { kind: "reset-after" },
      onStrike: blind,
    });
    const run = await office.rollcall("apply", "--yes");
    expect(run.code, run.stdout + run.stderr).toBe(3);
    office.emulator.clearFaults();
    expect(main()).not.toBe(before);
    meanwhile();
    const made = main();
    await office.rollcall("apply", "--yes");
    const list = await office.ends(0, "versions", "list", "Assistant/front", "--format", "json");
    const { versions: all } = JSON.parse(list) as { versions: readonly { id: string; own: boolean }[] };
    expect(all.find((one) => one.id === made)?.own).toBe(isOwn);
    await writeFile(file, MANIFESTS);
    await office.ends(0, "apply", "--yes");
    await office.ends(0, "versions", "prune", "Assistant/front", "--keep", "0", "--yes");
  });

  test("without --all it keeps versions of other people, and reports their number", async () => {
    made("trial-1");
    const ran = await versions("prune", "Assistant/front", "--keep", "0", "--yes");
    expect(ran).toMatchObject({ code: 0, stdout: "Deleted 0 versions of Assistant/front.\n" });
    expect(ran.stderr).toMatch(/note: \d+ versions? that this project did not make will be kept/);
    expect(deletions()).toEqual([]);
  });
});

const FAILURES: readonly WriteFaultCase[] = [
  {
    what: "a version that is gone already",
    fault: { kind: "status", status: 404, body: "empty", applied: true },
    code: 0,
    requests: 1,
    effects: 1,
  },
  {
    what: "a 404 although the version lives",
    fault: { kind: "status", status: 404, body: "empty" },
    code: 3,
    message: /the API still shows version \S+ after its deletion/,
    requests: 1,
    effects: 0,
  },
  {
    what: "a connection that breaks after the deletion",
    fault: { kind: "reset-after" },
    code: 0,
    requests: 1,
    effects: 1,
  },
];

test.each(FAILURES)("delete: $what", async ({ fault, code, message, requests, effects }) => {
  made("trial");
  office.emulator.inject({ match: { method: "DELETE" }, fault });
  const ran = await versions("delete", "Assistant/front", "trial", "--all", "--yes");
  expect(ran.code, ran.stderr).toBe(code);
  if (message !== undefined) expect(ran.stderr).toMatch(message);
  expect(names().includes("trial")).toBe(effects === 0);
  expect(deletions()).toHaveLength(requests);
});

test("a failure after a deletion ends with 3, and reports the number of deleted versions", async () => {
  for (const name of ["trial-1", "trial-2"]) made(name);
  office.emulator.inject({ match: { method: "DELETE", nth: 2 }, fault: { kind: "status", status: 403 } });
  const ran = await versions("delete", "Assistant/front", "trial-1", "trial-2", "--all", "--yes");
  expect(ran.code).toBe(3);
  expect(ran.stdout).toBe("Deleted 1 version of Assistant/front.\n");
  expect(ran.stderr).toContain("answered 403");
});
