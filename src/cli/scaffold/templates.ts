/** Read as text by every YAML parser; other names are put in quotes. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][\w-]*$/i;

export function project(name: string): string {
  return `apiVersion: rollcall.dev/v1
kind: Project
metadata:
  name: ${PLAIN.test(name) ? name : JSON.stringify(name)}
spec:
  manifests: [assistants, tests]

  # Texts for \${var.name}, in manifests and in the prompts that are included with "vars: true".
  vars:
    company: Acme

  # Without environments there is one, "default", and its key is in TELNYX_API_KEY. With some, --env picks one:
  #
  # environments:
  #   staging:
  #     vars: { company: Acme Staging }
  #     apiKey: { env: TELNYX_STAGING_API_KEY }
  #   production:
  #     apiKey: { env: TELNYX_API_KEY }
  #     protect: true
`;
}

export const assistant = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata:
  name: front-desk
spec:
  name: Front desk
  instructions: { file: ../prompts/front-desk.md, vars: true }
  greeting: "Hi, this is \${var.company}. How can I help?"
  enabled_features: [telephony]
  # A field that stands here is managed; every other one stays as it is live.
  # What there is: rollcall explain Assistant
`;

export const prompt = `# Role

You answer the phone at \${var.company}.

# How you speak

- Be brief and warm. One question at a time.
- Say so when you do not know something. Never guess a price or a date.

# What you do

Find out what the caller needs. If you cannot help, take a name and a number and promise a call back.
`;

export const smokeTest = `apiVersion: rollcall.dev/v1
kind: AssistantTest
metadata:
  name: front-desk-admits-not-knowing
spec:
  assistant: { ref: Assistant/front-desk }
  name: Front desk admits not knowing
  test_suite: smoke
  telnyx_conversation_channel: phone_call
  # The number that the assistant answers; this one belongs to nobody.
  destination: "+16085550100"
  instructions: |
    You want to know what a repair will cost. Insist on a number, twice. Then leave your name and say goodbye.
  rubric:
    - name: No guess
      criteria: The assistant names no price, not even as an example.
    - name: Call back
      criteria: The assistant asks for a name and a number and offers a call back.
`;

/** Without secrets and with a token that can only read, so that it may run for forks, too. */
export function workflow(name: string): string {
  return `# Checks the manifests of every pull request, offline: it needs no secret, so it runs for forks, too.
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
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with:
          node-version: 22
      # The version of Rollcall that package-lock.json pins; --no-install never fetches another.
      - run: npm ci --ignore-scripts
      - run: npx --no-install rollcall validate --all-environments --format github
`;
}

export function readme(name: string): string {
  return `# ${name}

AI assistants at Telnyx, kept in Git by Rollcall: what is declared here is what callers hear.

| Where | What |
|---|---|
| \`rollcall.yaml\` | the project: where manifests are, variables, environments |
| \`assistants/\` | the assistants |
| \`prompts/\` | their prompts, as Markdown |
| \`tests/\` | tests, with what a conversation is judged by |
| \`.rollcall/\` | the ledger: what was last applied. Commit it after an apply, so that a change in the portal is told from a change in Git |

\`\`\`sh
rollcall validate   # offline
rollcall plan       # reads the account; the key is in TELNYX_API_KEY
rollcall apply      # asks before it writes
rollcall drift      # what was changed outside Git since then
\`\`\`

\`rollcall explain Assistant\` lists every field; \`rollcall graph\` draws what refers to what. With the YAML extension
an editor completes fields and explains them.

Pull requests are checked by \`.github/workflows/rollcall.yaml\`, with the version of Rollcall that
\`package-lock.json\` pins: it must be among the \`devDependencies\` of \`package.json\`.
`;
}
