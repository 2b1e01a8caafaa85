import * as assistants from "./assistants.ts";
import * as attachments from "./attachments.ts";
import * as canary from "./canary.ts";
import * as catalogue from "./catalogue.ts";
import * as deleted from "./deleted.ts";
import * as insights from "./insights.ts";
import * as mcp from "./mcp.ts";
import * as runs from "./runs.ts";
import { chat } from "./runtime/chat.ts";
import * as conversations from "./runtime/conversations.ts";
import * as events from "./runtime/scheduled-events.ts";
import { enhance } from "./runtime/enhance.ts";
import { postImport } from "./runtime/import.ts";
import { sendSms } from "./runtime/sms.ts";
import { testTool } from "./runtime/tool-test.ts";
import * as secrets from "./secrets.ts";
import * as tags from "./tags.ts";
import * as tests from "./tests.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";
import type { Handler } from "./world.ts";

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base path `/v2`. */
  readonly path: string;
  readonly handler: Handler;
  /** Takes an `Idempotency-Key`. */
  readonly keyed?: true;
}

const ASSISTANTS = "/ai/assistants";
const ASSISTANT = `${ASSISTANTS}/:assistant_id`;
const CANARY = `${ASSISTANT}/canary-deploys`;
const EVENTS = `${ASSISTANT}/scheduled_events`;
const VERSION = `${ASSISTANT}/versions/:version_id`;
const TESTS = `${ASSISTANTS}/tests`;
const SUITES = `${TESTS}/test-suites`;
const GROUPS = "/ai/conversations/insight-groups";
const INSIGHTS = "/ai/conversations/insights";
const CONVERSATION = "/ai/conversations/:conversation_id";

const get = (path: string, handler: Handler): Route => ({ method: "GET", path, handler });
const post = (path: string, handler: Handler): Route => ({ method: "POST", path, handler });
const put = (path: string, handler: Handler): Route => ({ method: "PUT", path, handler });
const patch = (path: string, handler: Handler): Route => ({ method: "PATCH", path, handler });
const remove = (path: string, handler: Handler): Route => ({ method: "DELETE", path, handler });
const keyed = (route: Route): Route => ({ ...route, keyed: true });

export const ROUTES: readonly Route[] = [
  get(ASSISTANTS, assistants.listAssistants),
  keyed(post(ASSISTANTS, assistants.postAssistant)),
  keyed(post(`${ASSISTANTS}/import`, postImport)),
  get(`${ASSISTANTS}/tags`, tags.listTags),
  get(`${ASSISTANTS}/deleted`, deleted.listDeleted),
  get(ASSISTANT, assistants.getAssistant),
  post(ASSISTANT, assistants.updateAssistantHandler),
  remove(ASSISTANT, assistants.deleteAssistant),
  get(`${ASSISTANT}/deleted`, deleted.getDeleted),
  post(`${ASSISTANT}/restore`, deleted.restoreAssistant),
  keyed(post(`${ASSISTANT}/clone`, assistants.cloneAssistant)),
  get(`${ASSISTANT}/texml`, assistants.texml),

  post(`${ASSISTANT}/chat`, chat),
  keyed(post(`${ASSISTANT}/chat/sms`, sendSms)),
  post(`${ASSISTANT}/instructions/enhance`, enhance),
  get(EVENTS, events.listEvents),
  keyed(post(EVENTS, events.postEvent)),
  get(`${EVENTS}/:event_id`, events.getEvent),
  remove(`${EVENTS}/:event_id`, events.deleteEvent),
  get("/ai/conversations", conversations.listConversations),
  keyed(post("/ai/conversations", conversations.postConversation)),
  get(CONVERSATION, conversations.getConversation),
  put(CONVERSATION, conversations.putConversation),
  remove(CONVERSATION, conversations.deleteConversation),
  get(`${CONVERSATION}/messages`, conversations.listMessages),
  keyed(post(`${CONVERSATION}/message`, conversations.postMessage)),

  get(`${ASSISTANT}/versions`, versions.listVersions),
  get(VERSION, versions.getVersion),
  post(VERSION, versions.postVersion),
  remove(VERSION, versions.deleteVersion),
  post(`${VERSION}/promote`, versions.promoteVersion),

  get(CANARY, canary.getCanary),
  keyed(post(CANARY, canary.postCanary)),
  put(CANARY, canary.putCanary),
  remove(CANARY, canary.deleteCanary),

  post(`${ASSISTANT}/tags`, tags.postTag),
  remove(`${ASSISTANT}/tags/:tag`, tags.deleteTag),
  put(`${ASSISTANT}/tools/:tool_id`, attachments.attachTool),
  remove(`${ASSISTANT}/tools/:tool_id`, attachments.detachTool),
  post(`${ASSISTANT}/tools/:tool_id/test`, testTool),

  get(TESTS, tests.listTests),
  keyed(post(TESTS, tests.postTest)),
  get(`${TESTS}/:test_id`, tests.getTest),
  put(`${TESTS}/:test_id`, tests.putTest),
  remove(`${TESTS}/:test_id`, tests.deleteTest),
  get(`${TESTS}/:test_id/runs`, runs.listRuns),
  keyed(post(`${TESTS}/:test_id/runs`, runs.postRun)),
  get(`${TESTS}/:test_id/runs/:run_id`, runs.getRun),
  get(SUITES, tests.listSuites),
  get(`${SUITES}/:suite_name/runs`, runs.listSuiteRuns),
  keyed(post(`${SUITES}/:suite_name/runs`, runs.postSuiteRun)),

  get("/ai/mcp_servers", mcp.listMcpServers),
  keyed(post("/ai/mcp_servers", mcp.postMcpServer)),
  get("/ai/mcp_servers/:mcp_server_id", mcp.getMcpServer),
  put("/ai/mcp_servers/:mcp_server_id", mcp.putMcpServer),
  remove("/ai/mcp_servers/:mcp_server_id", mcp.deleteMcpServer),

  get("/ai/tools", tools.listTools),
  keyed(post("/ai/tools", tools.postTool)),
  get("/ai/tools/:tool_id", tools.getTool),
  patch("/ai/tools/:tool_id", tools.patchTool),
  remove("/ai/tools/:tool_id", tools.deleteTool),

  get("/ai/integrations", catalogue.listIntegrations),
  get("/ai/integrations/connections", catalogue.listConnections),
  get("/ai/integrations/connections/:user_connection_id", catalogue.getConnection),
  remove("/ai/integrations/connections/:user_connection_id", catalogue.deleteConnection),
  get("/ai/integrations/:integration_id", catalogue.getIntegration),
  get("/ai/models", catalogue.listModels),
  get("/ai/openai/models", catalogue.listModels),

  get(GROUPS, insights.listGroups),
  keyed(post(GROUPS, insights.postGroup)),
  get(`${GROUPS}/:group_id`, insights.getGroup),
  put(`${GROUPS}/:group_id`, insights.putGroup),
  remove(`${GROUPS}/:group_id`, insights.deleteGroup),
  post(`${GROUPS}/:group_id/insights/:insight_id/assign`, insights.assignInsight),
  remove(`${GROUPS}/:group_id/insights/:insight_id/unassign`, insights.unassignInsight),
  get(INSIGHTS, insights.listInsights),
  keyed(post(INSIGHTS, insights.postInsight)),
  get(`${INSIGHTS}/:insight_id`, insights.getInsight),
  put(`${INSIGHTS}/:insight_id`, insights.putInsight),
  remove(`${INSIGHTS}/:insight_id`, insights.deleteInsight),

  get("/integration_secrets", secrets.listSecrets),
  post("/integration_secrets", secrets.postSecret),
  remove("/integration_secrets/:id", secrets.deleteSecret),
];
