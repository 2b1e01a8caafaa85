import { validators } from "../generated/validators.ts";
import type { TelnyxKind } from "../rest.ts";
import { assistant } from "./assistant/kind.ts";
import { assistantTest } from "./assistant-test/kind.ts";
import { assistantVersion } from "./assistant-version/kind.ts";
import { canaryDeploy } from "./canary-deploy/kind.ts";
import { mcpServer } from "./mcp-server/kind.ts";
import { tool } from "./tool/kind.ts";

/** In the order in which they are shown. */
const declared: readonly TelnyxKind[] = [
  assistant,
  assistantVersion,
  canaryDeploy,
  assistantTest,
  mcpServer,
  tool,
];

/** Every kind that Rollcall manages, with the validator that was compiled ahead of time where there is one. */
export const kinds: readonly TelnyxKind[] = declared.map((kind) => {
  const validator = Object.hasOwn(validators, kind.kind) ? validators[kind.kind] : undefined;
  return validator === undefined ? kind : Object.assign({}, kind, { validator });
});
