import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startGitHub, REPOSITORY, BOT, type FakeGitHub } from "../../action/github.ts";
import { PROJECT, startGitLab, TOKEN } from "../../action/gitlab.ts";
import { FORGE_TOKEN } from "../attempt.ts";
import type { Chance } from "../chance.ts";
import { startHostile } from "../hostile.ts";
import { mutatedJson, textOf } from "../mutate-json.ts";
import { mutatedText } from "../mutate-text.ts";
import type { Recordings } from "../recordings.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Ingredients, Scene, Target } from "./target.ts";

/** A forge that answers as it likes, and events and reports that somebody had a hand in. */
export const forge: Target = (ingredients) =>
  ingredients.chance.oneIn(3) ? onGitLab(ingredients) : onGitHub(ingredients);

const SHA = "0123456789abcdef0123456789abcdef01234567";

async function onGitHub({ recordings, sandbox, chance, seed, isProcess }: Ingredients): Promise<Scene> {
  const hub = await startGitHub();
  fillGitHub(hub, recordings);
  const hostile = await startHostile(hub.url, seed, isProcess);
  return {
    ...common(recordings, chance),
    env: {
      GITHUB_ACTIONS: "true",
      GITHUB_TOKEN: FORGE_TOKEN,
      GITHUB_API_URL: hostile.url,
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_RUN_ID: "77",
      GITHUB_SHA: SHA,
      GITHUB_REF_TYPE: "branch",
      GITHUB_REF_NAME: "main",
      GITHUB_EVENT_PATH: await eventIn(sandbox, chance),
    },
    ports: [hostile.port, Number(new URL(hub.url).port)],
    close: async () => {
      await hostile.close();
      await hub.close();
    },
  };
}

function fillGitHub(hub: FakeGitHub, { report }: Recordings): void {
  const kept = report.toString("utf8").replace("-->", "run=77 base=main artifact=p -->");
  hub.say(BOT, kept);
  hub.say("somebody", kept);
  hub.say(BOT, "something else");
  hub.issues.push({ ...hub.say("nobody", "", 1), user: { login: BOT }, body: report.toString("utf8") });
  hub.merged.push({
    number: 12,
    merge_commit_sha: SHA,
    merged_at: "2026-01-01T00:00:00Z",
    base: { ref: "main" },
    head: { sha: SHA },
  });
  hub.runs.push({
    id: 77,
    event: "pull_request",
    path: ".github/workflows/pull-request.yml",
    head_sha: SHA,
    head_branch: "edit",
    head_repository: { full_name: REPOSITORY },
    pull_requests: [],
  });
  hub.artifacts.push({
    name: "p",
    expired: false,
    created_at: "2026-01-01T00:00:00Z",
    workflow_run: { id: 77, head_sha: SHA },
    folder: "",
  });
}

async function eventIn({ scratch }: Sandbox, chance: Chance): Promise<string> {
  const event = {
    pull_request: { number: 12, base: { ref: "main" }, head: { sha: SHA } },
    repository: { default_branch: "main" },
  };
  const path = join(scratch, "event.json");
  await mkdir(scratch, { recursive: true });
  await writeFile(path, textOf(chance.oneIn(4) ? mutatedJson(event, chance) : event));
  return path;
}

async function onGitLab({ recordings, chance, seed, isProcess }: Ingredients): Promise<Scene> {
  const lab = await startGitLab();
  const [body, author] = [recordings.report.toString("utf8"), { id: 7 }];
  lab.notes.push({ id: 500, body, author }, { id: 501, body: "x", author });
  lab.issues.push({
    iid: 1,
    title: "t",
    description: body,
    state: "opened",
    author,
    web_url: "https://gitlab.example/1",
  });
  const hostile = await startHostile(lab.url, seed, isProcess);
  return {
    ...common(recordings, chance),
    env: {
      GITLAB_CI: "true",
      GITLAB_TOKEN: TOKEN,
      CI_API_V4_URL: hostile.url,
      CI_PROJECT_ID: PROJECT,
      CI_MERGE_REQUEST_IID: "3",
      CI_COMMIT_SHA: SHA,
      CI_COMMIT_BRANCH: "main",
    },
    ports: [hostile.port, Number(new URL(lab.url).port)],
    close: async () => {
      await hostile.close();
      await lab.close();
    },
  };
}

function common(
  { report, driftReport, changed, repository }: Recordings,
  chance: Chance,
): Pick<Scene, "contents" | "commands"> {
  const [isProposal, isDrift] = [chance.oneIn(12), chance.oneIn(3)];
  const text = (isDrift ? driftReport : report).toString("utf8");
  const files = new Map([["report.md", Buffer.from(chance.oneIn(4) ? mutatedText(text, chance) : text)]]);
  const command = chance.pick([
    ["ci", "comment", "report.md"],
    ["ci", "comment", "report.md", "--artifact", "p"],
    ["ci", "issue", "report.md"],
    ["ci", "issue", "report.md", "--close"],
    ["ci", "reviewed-plan", "--artifact", "p"],
  ]);
  if (!isProposal) return { contents: { files, links: [] }, commands: [command] };
  return {
    contents: { files: new Map([...changed, ...files]), links: [], repository },
    commands: [["ci", "propose", "report.md"]],
  };
}
