import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

let one: Desk;

beforeEach(async () => {
  one = await desk();
  await writeFile(join(one.folder, "plan.md"), "<!-- rollcall plan voice production -->\n## Plan\n");
  await writeFile(join(one.folder, "other.md"), "# Something else\n");
});
afterEach(() => one.close());

const GITHUB = { GITHUB_ACTIONS: "true", GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "acme/voice" };
const GITLAB = { GITLAB_CI: "true", GITLAB_TOKEN: "t", CI_API_V4_URL: "https://gitlab.example/api/v4" };

test.each([
  ["outside of a job", {}, ["comment", "plan.md"], /not a GitHub Actions or GitLab CI job/],
  ["with no report", GITHUB, ["comment", "none.md"], /none\.md cannot be read: there is no such file/],
  [
    "with another text",
    GITHUB,
    ["issue", "other.md"],
    /other\.md is not a report that Rollcall wrote as Markdown/,
  ],
  [
    "without a token for GitHub",
    { ...GITHUB, GITHUB_TOKEN: "" },
    ["comment", "plan.md"],
    /GITHUB_TOKEN is not set/,
  ],
  [
    "without a token for GitLab",
    { ...GITLAB, GITLAB_TOKEN: "" },
    ["issue", "plan.md"],
    /GITLAB_TOKEN is not set/,
  ],
  ["without a project", GITLAB, ["comment", "plan.md"], /CI_PROJECT_ID is not set/],
  ["in a run without a pull request", GITHUB, ["comment", "plan.md"], /has no pull request.*\nhelp: pass one/],
  ["on an unknown push", GITHUB, ["reviewed-plan", "--artifact", "p"], /GITHUB_SHA is not set/],
  [
    "with a token for plain http",
    { ...GITHUB, GITHUB_API_URL: "http://hub.example" },
    ["issue", "plan.md"],
    /is not https/,
  ],
])("ci %s says what is missing", async (_, env, args, message) => {
  const ran = await one.rollcallWith(env, "ci", ...args);
  expect(ran.stderr).toMatch(message);
  expect(ran).toMatchObject({ code: 1, stdout: "" });
});

test("two projects of one repository have two plan artifacts", async () => {
  const project = (name: string) =>
    `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: ${name} }\nspec: { environments: { production: {}, eu-west: {} } }\n`;
  for (const name of ["voice", "billing"]) {
    await mkdir(join(one.folder, name));
    await writeFile(join(one.folder, name, "rollcall.yaml"), project(name));
  }
  await mkdir(join(one.folder, "old phones"));
  const names = [
    await one.rollcall("ci", "artifact-name", "--env", "production", "voice"),
    await one.rollcall("ci", "artifact-name", "--env", "production", "billing"),
    await one.rollcall("ci", "artifact-name", "--env", "eu-west", "voice"),
    await one.rollcall("ci", "artifact-name", "--", "old phones"),
  ];
  expect(names.map(({ stdout }) => stdout)).toEqual([
    "rollcall-plan-voice-production\n",
    "rollcall-plan-billing-production\n",
    "rollcall-plan-voice-eu--west\n",
    "rollcall-plan-old%20phones-default\n",
  ]);
  expect(names.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
});

test("a plan artifact is named only in a run on a pull request", async () => {
  const ran = await one.rollcallWith(
    { ...GITHUB, GITHUB_RUN_ID: "7" },
    "ci",
    "comment",
    "plan.md",
    "--artifact",
    "p",
  );
  expect(ran.stderr).toMatch(
    /note: this is not a GitHub Actions run on a pull request, so a merge cannot find the plan/,
  );
});
