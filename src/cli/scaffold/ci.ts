/** Where the manifests of a new project are checked. */
export const CI_SYSTEMS = ["github", "gitlab", "none"] as const;

export type CiSystem = (typeof CI_SYSTEMS)[number];

/** The file that each system reads. */
export const CI_FILES: Readonly<Record<Exclude<CiSystem, "none">, string>> = {
  github: ".github/workflows/rollcall.yaml",
  gitlab: ".gitlab-ci.yml",
};

/** The package of a version, as `npm pack` names it. */
export function packageFile(version: string): string {
  return `./rollcall-${version}.tgz`;
}

const ABOUT = "offline: it needs no secret, so it runs for forks, too.";
const WHERE = `# Used where the machine has no Rollcall and package-lock.json pins none: what npm can install. Rollcall is in no
# registry yet: make this file with "npm pack" in a clone of Rollcall, and commit it.`;

/** Takes the Rollcall of the machine, of the lock file or of a package, and checks every environment with it. */
function script(arguments_: string): string {
  return `if command -v rollcall >/dev/null; then
  echo "Using the Rollcall of this machine."
elif grep -qs '"node_modules/rollcall"' package-lock.json; then
  npm ci --ignore-scripts
  PATH="$PWD/node_modules/.bin:$PATH"
else
  case "$ROLLCALL_PACKAGE" in
    ./*) [ -f "$ROLLCALL_PACKAGE" ] || { echo "$ROLLCALL_PACKAGE is missing: make it with npm pack in a clone of Rollcall, and commit it" >&2; exit 1; } ;;
  esac
  folder="$(mktemp -d)"
  npm install --global --prefix "$folder" --ignore-scripts --no-audit --no-fund "$ROLLCALL_PACKAGE"
  PATH="$folder/bin:$PATH"
fi
rollcall validate --all-environments${arguments_}`;
}

function indented(text: string, spaces: number): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(spaces));
}

/** Without secrets and with a token that can only read, so that it may run for forks, too. */
export function githubWorkflow(name: string, version: string): string {
  return `# Checks the manifests of every pull request, ${ABOUT}
name: Rollcall

on:
  pull_request:

permissions:
  contents: read

concurrency:
  group: rollcall-${name}-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  validate:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: "false"
      - uses: actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0
        with:
          node-version: "22"
          package-manager-cache: "false"
      - name: Check the manifests
        env:
${indented(WHERE, 10)}
          ROLLCALL_PACKAGE: ${packageFile(version)}
        run: |
${indented(script(" --format github"), 10)}
`;
}

export function gitlabPipeline(version: string): string {
  return `# Checks the manifests of every merge request, ${ABOUT}
rollcall:
  image: node:22
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
${indented(WHERE, 4)}
    ROLLCALL_PACKAGE: ${packageFile(version)}
  script:
    - |
${indented(script(""), 6)}
`;
}
