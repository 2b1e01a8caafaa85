import { expect, test } from "vitest";
import type {
  AssistantCreateParams,
  AssistantTool,
  AssistantUpdateParams,
} from "telnyx/resources/ai/assistants/assistants";
import type {
  CanaryDeployCreateParams,
  CanaryDeployUpdateParams,
} from "telnyx/resources/ai/assistants/canary-deploys";
import type { TestCreateParams, TestUpdateParams } from "telnyx/resources/ai/assistants/tests/tests";
import type { VersionUpdateParams } from "telnyx/resources/ai/assistants/versions";
import type { McpServerCreateParams, McpServerUpdateParams } from "telnyx/resources/ai/mcp-servers";
import type { ToolCreateParams, ToolUpdateParams } from "telnyx/resources/ai/tools";
import type { Adds, Lacks, PathsOf } from "./paths.ts";
import type { schemas } from "./schemas.ts";

/**
 * The schemas against the types of the official SDK, by the compiler: every field and every documented value, to any
 * depth. What differs is listed here with its reason; a field that the SDK gains or loses no longer compiles.
 */

const HEADER = "a header, which the client sends with every creation";
const SERVER = "written by the server alone";
const OLDER = "in the specification, no longer in the SDK: stored, but not applied";
const LINK = "the link to the assistant, which the API has in its address";

type Schemas = typeof schemas;

/** In the API reference only. */
type Newer =
  | `.delegation_settings${string}`
  | `.websocket_settings${string}`
  | `.avatar_settings${string}`
  | ".tools[].type=vision"
  | ".tools[].vision";

type Create = PathsOf<AssistantCreateParams>;

const assistantLacks: Lacks<Schemas["Assistant"], Create> = {
  ".Idempotency-Key": HEADER,
  ".tools[].shared": SERVER,
};
const assistantAdds: Adds<Schemas["Assistant"], Create | Newer> = {
  ".tools[].webhook.timeout_ms": OLDER,
};

type Update = PathsOf<AssistantUpdateParams>;
type Changes = Schemas["AssistantVersion"]["properties"]["changes"];

const versionLacks: Lacks<Changes, Update | PathsOf<VersionUpdateParams>> = {
  ".assistant_id": LINK,
  ".promote_to_main": "decided by Rollcall for each write",
  ".tools[].shared": SERVER,
  ".version_name": "beside `changes`, not inside",
};
const versionAdds: Adds<Changes, Update | Newer> = {
  ".tools[].webhook.timeout_ms": OLDER,
};

type Canary = PathsOf<CanaryDeployCreateParams | CanaryDeployUpdateParams>;

const canaryLacks: Lacks<Schemas["CanaryDeploy"], Canary> = {
  ".Idempotency-Key": HEADER,
};
const canaryAdds: Adds<Schemas["CanaryDeploy"], Canary> = {
  ".assistant": LINK,
  ".versions[]": "the form before there were rules",
  ".versions[].version_id": "the form before there were rules",
  ".versions[].percentage": "the form before there were rules",
  ".rules[].match[].attribute=telnyx_end_user_target": "the one attribute in the release notes",
};

type Test = PathsOf<TestCreateParams | TestUpdateParams>;

const testLacks: Lacks<Schemas["AssistantTest"], Test> = {
  ".Idempotency-Key": HEADER,
};
const testAdds: Adds<Schemas["AssistantTest"], Test> = {
  ".assistant": "the link to the assistant, known to the project only",
};

type Mcp = PathsOf<McpServerCreateParams | McpServerUpdateParams>;

const mcpServerLacks: Lacks<Schemas["McpServer"], Mcp> = {
  ".Idempotency-Key": HEADER,
  ".id": SERVER,
  ".created_at": SERVER,
};
const mcpServerAdds: Adds<Schemas["McpServer"], Mcp> = {
  ".type=http": "a value in use; the SDK has any text",
  ".type=sse": "a value in the guide; the SDK has any text",
};

/** The SDK leaves the settings of shared tools free: they are those of the tools inside an assistant. */
type Tool = PathsOf<ToolCreateParams | ToolUpdateParams> | PathsOf<AssistantTool> | ".type=vision" | ".vision";

const toolLacks: Lacks<Schemas["Tool"], Tool> = {
  ".Idempotency-Key": HEADER,
  ".shared": SERVER,
};
const toolAdds: Adds<Schemas["Tool"], Tool> = {
  ".webhook.timeout_ms": OLDER,
};

test.each([
  ["Assistant", assistantLacks, assistantAdds],
  ["AssistantVersion", versionLacks, versionAdds],
  ["CanaryDeploy", canaryLacks, canaryAdds],
  ["AssistantTest", testLacks, testAdds],
  ["McpServer", mcpServerLacks, mcpServerAdds],
  ["Tool", toolLacks, toolAdds],
])("%s has the SDK's fields, except for those with a reason", (_, lacks, adds) => {
  const reasons = Object.values({ ...lacks, ...adds });
  expect(reasons.length).toBeLessThanOrEqual(7);
  expect(reasons.filter((reason) => reason.split(" ").length < 3)).toEqual([]);
});
