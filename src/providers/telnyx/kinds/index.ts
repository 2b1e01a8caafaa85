import type { TelnyxKind } from "../rest.ts";
import { assistant } from "./assistant/kind.ts";
import { assistantTest } from "./assistant-test/kind.ts";
import { assistantVersion } from "./assistant-version/kind.ts";
import { canaryDeploy } from "./canary-deploy/kind.ts";
import { mcpServer } from "./mcp-server/kind.ts";
import { tool } from "./tool/kind.ts";

/** Every kind that Rollcall manages, in the order in which they are shown. */
export const kinds: readonly TelnyxKind[] = [
  assistant,
  assistantVersion,
  canaryDeploy,
  assistantTest,
  mcpServer,
  tool,
];
