import { CI_FILES, type CiSystem } from "./ci.ts";

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

  # Without environments there is one, "default", and its key is in TELNYX_API_KEY. With some, --env chooses one:
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

/** Of a project that is pulled from an account. */
export function pulledProject(name: string, environment: string, manifests: readonly string[]): string {
  return `apiVersion: rollcall.dev/v1
kind: Project
metadata:
  name: ${PLAIN.test(name) ? name : JSON.stringify(name)}
spec:
  manifests: [${manifests.join(", ")}]
  environments:
    ${PLAIN.test(environment) ? environment : JSON.stringify(environment)}:
      apiKey: { env: TELNYX_API_KEY }
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
  # Fields in this file are managed; all other fields keep their live values.
  # All fields: rollcall explain Assistant
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
  # The number that the assistant answers; this one is fictitious.
  destination: "+16085550100"
  instructions: |
    You want to know what a repair will cost. Insist on a number, twice. Then leave your name and say goodbye.
  rubric:
    - name: No guess
      criteria: The assistant names no price, not even as an example.
    - name: Call back
      criteria: The assistant asks for a name and a number and offers a call back.
`;

const CHECKED: Readonly<Record<CiSystem, string>> = {
  github: `\nPull requests are checked by \`${CI_FILES.github}\`, whose last step says how Rollcall is installed.\n`,
  gitlab: `\nMerge requests are checked by \`${CI_FILES.gitlab}\`, which says how Rollcall is installed.\n`,
  none: "",
};

export function readme(name: string, ci: CiSystem): string {
  return `# ${name}

AI assistants at Telnyx, kept in Git by Rollcall: what is declared here is what callers hear.

| Where | What |
|---|---|
| \`rollcall.yaml\` | the project: where manifests are, variables, environments |
| \`assistants/\` | the assistants |
| \`prompts/\` | their prompts, as Markdown |
| \`tests/\` | tests: conversations, and the criteria that judge them |
| \`.rollcall/\` | the ledger: what was last applied. Commit it after an apply, so that a change in the portal can be distinguished from a change in Git |

\`\`\`sh
rollcall validate   # offline
rollcall plan       # reads your account; needs TELNYX_API_KEY
rollcall apply      # asks before it writes
rollcall drift      # shows what was changed outside Git since then
\`\`\`

\`rollcall explain Assistant\` lists every field; \`rollcall graph\` draws the references. With the YAML extension
an editor completes fields and explains them.
${CHECKED[ci]}`;
}
