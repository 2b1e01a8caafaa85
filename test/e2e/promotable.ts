/** An assistant with a version that only changes its greeting, and a canary that serves it. */
const HEAD = "apiVersion: rollcall.dev/v1\n";
export const ASSISTANT = `${HEAD}kind: Assistant
metadata: { name: front }
spec: { name: Front desk, instructions: Answer., greeting: Hello., tags: [vip] }
`;
export const VERSION = `${HEAD}kind: AssistantVersion
metadata: { name: warmer }
spec: { assistant: { ref: Assistant/front }, changes: { greeting: A warm hello. } }
`;
export const CANARY = `${HEAD}kind: CanaryDeploy
metadata: { name: front }
spec:
  assistant: { ref: Assistant/front }
  rules: [{ serve: { rollout: [{ version_id: { ref: AssistantVersion/warmer }, weight: 10 }] } }]
`;
