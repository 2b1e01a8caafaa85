import { stringsIn, type JsonObject } from "../../../model/json.ts";
import { mainVersion } from "./references.ts";
import { runView } from "./runs.ts";
import { eventView } from "./runtime/event-view.ts";
import type { AssistantRecord, ConversationRecord, Sent } from "./records.ts";
import { versionView } from "./view.ts";
import type { World } from "./world.ts";

interface AssistantState {
  readonly id: string;
  readonly deleted_at: string | null;
  /** As in the response of a GET. */
  readonly main: JsonObject;
  /** Shared tools attached to the main version. */
  readonly tool_ids: readonly string[];
  /** Newest first, the main version included. */
  readonly versions: readonly JsonObject[];
  readonly canary: JsonObject | null;
}

/** The state of the emulator, in the forms of the API. */
export interface EmulatorState {
  readonly assistants: readonly AssistantState[];
  readonly tests: readonly JsonObject[];
  readonly runs: readonly JsonObject[];
  readonly tools: readonly JsonObject[];
  readonly mcp_servers: readonly JsonObject[];
  readonly insight_groups: readonly JsonObject[];
  readonly insights: readonly JsonObject[];
  readonly integration_secrets: readonly JsonObject[];
  readonly integrations: readonly JsonObject[];
  readonly connections: readonly JsonObject[];
  /** With their messages. */
  readonly conversations: readonly ConversationRecord[];
  readonly scheduled_events: readonly JsonObject[];
  /** Calls and messages that were sent to people, oldest first. */
  readonly sent: readonly Sent[];
}

/** A copy that later changes do not affect. */
export function stateOf(world: World): EmulatorState {
  const { store } = world;
  return structuredClone({
    assistants: store.assistants.all().map((record) => assistantState(world, record)),
    tests: store.tests.all(),
    runs: store.runs.all().map(runView),
    tools: store.tools.all(),
    mcp_servers: store.mcpServers.all(),
    insight_groups: store.insightGroups.all(),
    insights: store.insights.all(),
    integration_secrets: store.secrets.all(),
    integrations: store.integrations.all(),
    connections: store.connections.all(),
    conversations: store.conversations.all(),
    scheduled_events: store.scheduledEvents.all().map((event) => eventView(event, world.now())),
    sent: store.sent.all(),
  });
}

function assistantState(world: World, record: AssistantRecord): AssistantState {
  const main = mainVersion(record);
  const { canary } = record;
  return {
    id: record.id,
    deleted_at: record.deleted_at ?? null,
    main: versionView(world, record, main),
    tool_ids: stringsIn(main.config["tool_ids"]),
    versions: record.versions.toReversed().map((version) => versionView(world, record, version)),
    canary: canary === undefined ? null : { ...canary },
  };
}
