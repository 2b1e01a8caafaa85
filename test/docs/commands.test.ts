import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmulator, type Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { desk, type Desk } from "../e2e/cli.ts";
import { httpTo } from "../pull/http.ts";
import { makeSmallAccount } from "../pull/small-account.ts";
import { keyOfVapi, WARMER, withMessaging, withVersion } from "./account.ts";
import { blocksOf, DOCUMENTS, isCommands } from "./blocks.ts";
import { follow, runBy } from "./follow.ts";
import { shellOf } from "./shell.ts";

const TUTORIAL = "docs/tutorial/first-hour.md";
/** The pages that have tests of their own. */
const ADOPTING = "docs/adopting.md";
const OWN_TESTS = new Set(["README.md", "examples/assistants/README.md", TUTORIAL, ADOPTING]);
const PAGES = DOCUMENTS.filter((path) => !OWN_TESTS.has(path) && runBy(path).length > 0);

/** The project in which the reader of a page is. */
const PROJECT = `
export TELNYX_BASE_URL=http://127.0.0.1:8080/v2 TELNYX_API_KEY=any-key-will-do
rollcall init --name acme-voice
rollcall apply --yes
`;

/** What has happened before the reader comes to a section of a page, by the number of the section. */
const BEFORE: Readonly<Record<string, (section: number) => Promise<void>>> = {
  "docs/how-to/portal-edits.md": () => inPortal("Thanks for holding!"),
  "docs/how-to/conflicts.md": conflict,
  "docs/how-to/saved-plans.md": () => inManifest("Welcome to Acme."),
  "docs/how-to/adopt.md": nightDesk,
  "docs/how-to/migrate.md": async () => {
    const agent = await readFile(join(import.meta.dirname, "../scenarios/migrate/vapi-assistant.json"), "utf8");
    await writeFile(join(one.folder, "agent.json"), agent.replace("Front desk", "Night desk"));
  },
  "docs/how-to/observe.md": async (section) => {
    if (section === 0) await nightDesk();
  },
  "docs/operate.md": async () => {
    withMessaging(one.emulator);
    withVersion(one.emulator, "trial");
    withVersion(one.emulator, "spring");
    await writeFile(join(one.folder, "assistants/warmer.yaml"), WARMER);
  },
  "docs/how-to/environments.md": async () => {
    const { assistants, tests } = one.emulator.state();
    for (const { id } of assistants) one.emulator.portal.delete("Assistant", id);
    for (const test of tests) one.emulator.portal.delete("AssistantTest", String(test["test_id"]));
  },
};

let one: Desk;
let staging: Emulator | undefined;

beforeEach(async () => {
  one = await desk();
});
afterEach(async () => {
  await Promise.all([one.close(), staging?.close()]);
  staging = undefined;
});

async function inPortal(greeting: string, name = "Front desk"): Promise<void> {
  const frontDesk = one.emulator.state().assistants.findLast(({ main }) => main["name"] === name);
  one.emulator.portal.edit("Assistant", frontDesk?.id ?? "", { greeting });
}

/** Another account like the one that was pulled, with a tool more and without the edits of the page. */
async function stagingAccount(): Promise<string> {
  staging = await startEmulator({ seed: 2 });
  const http = httpTo(staging.url);
  await makeSmallAccount(http);
  const webhook = { name: "try_out", description: "Tries.", url: "https://try.example" };
  await http.post("/ai/tools", { type: "webhook", display_name: "Try out", webhook });
  return staging.url;
}

async function nightDesk(): Promise<void> {
  const body = { name: "Night desk", instructions: "You answer at night.", greeting: "We are closed." };
  one.emulator.portal.create("Assistant", body);
}

async function conflict(section: number): Promise<void> {
  await inPortal(`Acme, please hold${".".repeat(section + 1)}`);
  await inManifest(`Welcome to Acme${".".repeat(section + 1)}`);
}

async function inManifest(greeting: string): Promise<void> {
  const file = join(one.folder, "assistants/front-desk.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/greeting: .*/, `greeting: ${greeting}`));
}

test("the tutorial works from an empty folder, with the output it shows", async () => {
  await follow(TUTORIAL, shellOf(one, one.folder));
});

test("an existing account is adopted with the commands of the page about it", async () => {
  await makeSmallAccount(httpTo(one.emulator.url));
  const agent = await readFile(join(import.meta.dirname, "../scenarios/migrate/vapi-assistant.json"), "utf8");
  const shell = shellOf(one, one.folder);
  await shell.run("export TELNYX_BASE_URL=http://127.0.0.1:8080/v2 TELNYX_API_KEY=any-key-will-do");
  await follow(ADOPTING, shell, async (section) => {
    if (section === 3) await inPortal("Thanks for holding!", "Support");
    if (section === 4) keyOfVapi(one.emulator);
    if (section === 6) await shell.run(`export TELNYX_BASE_URL=${await stagingAccount()}`);
  });
  await shell.run("export TELNYX_BASE_URL=http://127.0.0.1:8080/v2 ROLLCALL_ENV=production");
  const text = await readFile(join(import.meta.dirname, "../..", ADOPTING), "utf8");
  await writeFile(join(one.folder, "agent.json"), agent);
  const told = [...text.matchAll(/^\|.*`(rollcall [^`]+)`.*\|$/gm)].map(([, command]) => command ?? "");
  expect(told.length).toBeGreaterThan(7);
  const others = told.filter((command) => !text.includes(`\n${command}\n`));
  for (const command of others) expect((await shell.run(command))[0]?.code, command).toBe(0);
});

test.each(PAGES)("the commands of %s work in a project that is applied", async (document) => {
  const shell = shellOf(one, one.folder);
  await shell.run(PROJECT);
  await follow(document, shell, BEFORE[document]);
});

test("the command blocks that no test runs are listed with a reason", () => {
  const skipped = DOCUMENTS.flatMap((document) =>
    blocksOf(document)
      .filter(({ notRun }) => notRun !== undefined)
      .map(({ text, notRun }) => `${document}: ${text.split("\n")[0]} (${notRun})`),
  );
  expect(skipped).toEqual([
    "README.md: npm ci && npm run demo (installs packages and builds; .ci/run runs the demo)",
    "README.md: npm ci && npm run build && npm install --global . (installs a global package)",
    "README.md: export TELNYX_API_KEY=… (needs an account at Telnyx)",
    "CONTRIBUTING.md: npm ci (installs packages and runs the tests)",
    "docs/adding-a-kind.md: npm run new:kind -- Insight /ai/conversations/insights (changes the sources; test/scripts/new-kind.test.ts runs it in a copy)",
    "docs/adding-a-kind.md: npm run generate (runs the tests)",
    "docs/containers.md: docker build --tag rollcall . (needs Docker)",
    'docs/containers.md: docker run --rm --init --volume "$PWD:/project" --env TELNYX_API_KEY rollcall plan (needs Docker)',
    "docs/containers.md: docker compose up --detach emulator (needs Docker)",
    "docs/containers.md: docker run rollcall-emulator emulator --host 0.0.0.0 --port 8080 --allowed-host build.example (needs Docker)",
  ]);
});

test("a command block is marked as sh", () => {
  // The examples of diagnostics are mistakes, also those that are commands.
  const unmarked = DOCUMENTS.filter((path) => path !== "docs/diagnostics.md").flatMap((document) =>
    blocksOf(document)
      .filter((block) => !isCommands(block) && /^(?:rollcall|npm|npx|docker|git) /m.test(block.text))
      .map(({ line }) => `${document}:${line}`),
  );
  expect(unmarked).toEqual([]);
});
