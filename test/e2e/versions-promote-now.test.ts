import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HASTY } from "../hasty.ts";
import { notFound, RATE_LIMIT, refusals, type WriteFaultCase } from "./api-faults.ts";
import { appliedDesk, runIn, type Desk } from "./cli.ts";
import { ASSISTANT, CANARY, VERSION } from "./promotable.ts";

const MANIFESTS = [ASSISTANT, VERSION, CANARY].join("---\n");

let office: Desk;
let id = "";
beforeEach(async () => {
  office = await appliedDesk({ "a.yaml": MANIFESTS });
  id = office.emulator.state().assistants[0]?.id ?? "";
  office.emulator.clearRequests();
});
afterEach(() => office.close());

const now = (...words: readonly string[]) =>
  office.rollcall("versions", "promote", "Assistant/front", "AssistantVersion/warmer", "--now", ...words);
const main = () => office.emulator.state().assistants[0]?.main;
const promotions = () => office.emulator.requests().filter(({ path }) => path.endsWith("/promote"));
const writes = () => office.emulator.requests().filter(({ method }) => method !== "GET");

test("makes the version main with one request, and no plan reports it as an edit by others", async () => {
  const ran = await now("--yes");
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toContain("~ greeting  Hello. → A warm hello.");
  expect(ran.stdout).toMatch(/Version warmer \(\S+\) of Assistant\/front is main\.\n$/);
  expect(ran.stderr).toContain("the canary of Assistant/front ends with it");
  expect(ran.stderr).toContain("run: rollcall versions promote Assistant/front AssistantVersion/warmer");
  expect(writes().map(({ path }) => path.replace(/versions\/.*\//, "versions/…/"))).toEqual([
    `/ai/assistants/${id}/versions/…/promote`,
  ]);
  expect(main()).toMatchObject({ greeting: "A warm hello." });
  const plan = await office.rollcall("plan");
  expect(plan.stdout).not.toContain("Changed outside Git");
  expect(plan.stdout).not.toContain("outside Git");
  expect((await office.rollcall("drift")).code).toBe(0);
  await office.ends(0, "versions", "promote", "front", "warmer", "--yes");
  await office.ends(0, "apply", "--prune", "--yes");
  expect(writes()).toHaveLength(1);
  await office.ends(0, "plan", "--prune", "--detailed-exitcode");
  const list = await office.ends(0, "versions", "list", "Assistant/front", "--format", "json");
  expect(JSON.parse(list)).toMatchObject({
    versions: expect.arrayContaining([expect.objectContaining({ main: true, own: true })]),
  });
});

test("a version that no manifest declares, in an empty folder", async () => {
  const whole = office.emulator.portal.create("AssistantVersion", {
    assistant_id: id,
    version_name: "trial",
    greeting: "Yo.",
  });
  const words = ["versions", "promote", id, whole, "--now", "--yes", "--format", "json"];
  const ran = await runIn(office.emptyFolder, office.env, words);
  expect(ran.code, ran.stderr).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    assistant: { id },
    version: { name: "trial" },
    ends_canary: true,
    written: true,
  });
  expect(main()).toMatchObject({ greeting: "Yo." });
});

test.each(["protect", "observe"])("refuses an assistant with lifecycle.%s", async (member) => {
  const limited = (text: string) => text.replace("spec:", `lifecycle: { ${member}: true }\nspec:`);
  await writeFile(
    join(office.folder, "a.yaml"),
    [limited(ASSISTANT), limited(VERSION), limited(CANARY)].join("---\n"),
  );
  const ran = await now("--yes");
  expect(ran.code).toBe(4);
  expect(ran.stderr).toContain(`Assistant/front is ${member === "protect" ? "protected" : "observed"}`);
  expect(writes()).toEqual([]);
});

test("refuses while a manifest cannot be read: it may protect the assistant", async () => {
  await writeFile(join(office.folder, "a.yaml"), `${MANIFESTS}---\nkind: [\n`);
  const ran = await now("--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("it is not known whether Assistant/front is protected or observed");
  expect(writes()).toEqual([]);
});

test("refuses an assistant of another environment of the project", async () => {
  const project = (environments: string) =>
    `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: x }\nspec: { environments: ${environments} }\n`;
  const shared = await appliedDesk(
    {
      "rollcall.yaml": project("{ live: { apiKey: { env: TELNYX_STAGING_API_KEY } }, trial: {} }"),
      "a.yaml": MANIFESTS,
    },
    "--env",
    "live",
  );
  const own = shared.emulator.state().assistants[0]?.id ?? "";
  shared.emulator.clearRequests();
  const words = ["versions", "promote", own, "warmer", "--now", "--yes", "--env", "trial"];
  const ran = await shared.rollcall(...words);
  expect(ran.stderr).toContain("Front desk is managed as Assistant/front in environment live");
  expect(ran.code).toBe(4);
  const untagged = await shared.rollcall("tags", "remove", own, "vip", "--live", "--env", "trial");
  expect(untagged.stderr).toContain("Front desk is managed as Assistant/front in environment live");
  expect(untagged.code).toBe(1);
  expect(shared.writes()).toEqual([]);
  await shared.close();
});

test("with JSON, what the question is about is beside the question", async () => {
  const around = { isInteractive: true, stdin: Readable.from(["no\n"]) };
  const words = ["versions", "promote", "Assistant/front", "AssistantVersion/warmer", "--format", "json"];
  for (const [options, change] of [
    [["--now"], "~ greeting  Hello. → A warm hello."],
    [[], "{+A warm hello+}"],
  ] as const) {
    const ran = await runIn(office.folder, office.env, [...words, ...options], around);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr.slice(0, ran.stderr.indexOf('Type "yes"'))).toContain(change);
    around.stdin = Readable.from(["no\n"]);
  }
});

test("--dry-run shows the differences; without a terminal and --yes nothing is asked of the API", async () => {
  const dry = await now("--dry-run");
  expect(dry.code, dry.stderr).toBe(0);
  expect(dry.stdout).toContain("A warm hello.");
  office.emulator.clearRequests();
  const ran = await now();
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("versions promote --now needs approval, and there is no terminal to ask on");
  expect(office.emulator.requests()).toEqual([]);
});

test.each<readonly [string, string, number]>([
  ["nobody", "no\n", 1],
  ["the version", "yes\n", 4],
  ["main", "yes\n", 4],
])("it asks, and refuses where %s was changed while the question stands", async (what, answer, code) => {
  async function* answered() {
    const version = `${id}/${String(office.emulator.state().assistants[0]?.versions.find((one) => one["version_name"] === "warmer")?.["version_id"])}`;
    if (what === "main") office.emulator.portal.edit("Assistant", id, { greeting: "Mine." });
    if (what === "the version") office.emulator.portal.edit("AssistantVersion", version, { greeting: "Mine." });
    yield answer;
  }
  const words = ["versions", "promote", "Assistant/front", "warmer", "--now"];
  const ran = await runIn(office.folder, office.env, words, {
    isInteractive: true,
    stdin: Readable.from(answered()),
  });
  expect(ran.code, ran.stderr).toBe(code);
  expect(ran.stderr).toContain("Version warmer will answer every caller of Assistant/front at once.");
  if (code === 4) expect(ran.stderr).toMatch(/ was changed in the meantime/);
  expect(promotions()).toEqual([]);
});

const PROMOTE = "POST /ai/assistants/\\S+/versions/\\S+/promote";
const FAILURES: readonly WriteFaultCase[] = [
  ...refusals(PROMOTE),
  notFound(PROMOTE),
  RATE_LIMIT,
  {
    what: "a connection that breaks after it",
    fault: { kind: "reset-after" },
    code: 0,
    requests: 1,
    effects: 1,
  },
  {
    what: "a server error after which it is not main",
    fault: { kind: "status", status: 500 },
    code: 3,
    message:
      /it is not known whether version \S+ is main\nhelp: to see which version is main, run: rollcall versions list/,
    requests: 1,
    effects: 0,
  },
];

test.each(FAILURES)("$what", async ({ fault, code, message, requests, effects }) => {
  office.emulator.inject({ match: { method: "POST", path: /promote$/ }, fault });
  const ran = await now("--yes");
  expect(ran.code, ran.stderr).toBe(code);
  if (message !== undefined) expect(ran.stderr).toMatch(message);
  expect(promotions()).toHaveLength(requests);
  expect(main()?.["greeting"]).toBe(effects === 1 ? "A warm hello." : "Hello.");
  office.emulator.clearFaults();
  // Whatever became of it: nobody else did it.
  const plan = await office.rollcall("plan");
  expect(plan.stdout).not.toContain("Changed outside Git");
  if (effects === 0) await office.ends(0, "plan", "--detailed-exitcode");
});

test("where nothing shows how it ended, the ledger keeps the intent, and the next plan settles it", async () => {
  office.emulator.inject({ match: { method: "POST", path: /promote$/ }, fault: { kind: "reset-after" } });
  const words = ["versions", "promote", "Assistant/front", "warmer", "--now"];
  async function* answered() {
    yield "yes\n";
  }
  // From the promotion on, the object cannot be read.
  const refuse = () =>
    office.emulator.inject({
      match: { method: "GET", path: new RegExp(`/${id}$`) },
      times: 100,
      fault: { kind: "status", status: 403 },
    });
  const sleep = (milliseconds: number, signal?: AbortSignal) => {
    if (promotions().length > 0) refuse();
    return HASTY.sleep(milliseconds, signal);
  };
  const ran = await runIn(office.folder, office.env, words, {
    isInteractive: true,
    stdin: Readable.from(answered()),
    runtime: { ...HASTY, sleep },
  });
  expect(ran.code, ran.stderr).toBe(3);
  expect(ran.stderr).toMatch(/answered 403.*it is not known whether version \S+ is main/);
  office.emulator.clearFaults();
  expect(main()).toMatchObject({ greeting: "A warm hello." });
  const plan = await office.rollcall("plan");
  expect(plan.stdout).toContain("~ greeting  A warm hello. → Hello.");
  expect(plan.stdout).not.toContain("outside Git");
});
