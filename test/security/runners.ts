/** CI systems: what is set in their jobs, and which part of a line of a job's log they obey. */
export const RUNNERS: readonly Runner[] = [
  { name: "GitHub", env: { GITHUB_ACTIONS: "true" }, obeys: /^\s*::[^:].*::|##\[[a-z]/i },
  { name: "GitLab", env: { GITLAB_CI: "true" }, obeys: /section_(?:start|end):\d+:/ },
  { name: "Azure", env: { TF_BUILD: "True" }, obeys: /##vso\[|##\[[a-z]/i },
  { name: "TeamCity", env: { TEAMCITY_VERSION: "2025.11" }, obeys: /##teamcity\[/ },
  { name: "Buildkite", env: { BUILDKITE: "true" }, obeys: /^(?:\^\^\^ )?(?:---|\+\+\+|~~~) / },
  { name: "Travis CI", env: { TRAVIS: "true" }, obeys: /travis_(?:fold|time):(?:start|end)/ },
];

export interface Runner {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly obeys: RegExp;
}

/** A carriage return ends a line, too. */
export function obeyed(text: string, { obeys }: Runner): readonly string[] {
  return text.split(/\r\n?|\n/).filter((line) => obeys.test(line));
}

/** A text of many lines, each of which some runner obeys where it comes first in a line, or anywhere. */
export const ORDERS = [
  "::add-mask::a",
  "  ::set-output name=changes::0",
  "\t\u00A0::stop-commands::token",
  "::error file=a.yaml::not so",
  "say ##[set-output name=changes;]0",
  "##[add-mask]e",
  "say ##vso[task.setvariable variable=PATH]/tmp",
  "##teamcity[buildStatus status='SUCCESS']",
  "section_start:1700000000:hidden[collapsed=true]\r\u001B[0Ksee",
  "section_end:1700000000:hidden\r\u001B[0K",
  "--- nothing to see",
  "travis_fold:start:hidden",
].join("\n");
