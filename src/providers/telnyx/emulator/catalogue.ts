import { recordIn } from "./store.ts";
import { type Call, type Handler, NO_CONTENT, ok, param } from "./world.ts";

/** Integrations and connections are created in the portal. The API can only read them. */
export const listIntegrations: Handler = ({ world }) => ok({ data: world.store.integrations.all() });

export const getIntegration: Handler = (call) =>
  ok(recordIn(call.world.store.integrations, "Integration", param(call, "integration_id")));

export const listConnections: Handler = ({ world }) => ok({ data: world.store.connections.all() });

const connectionOf = (call: Call) =>
  recordIn(call.world.store.connections, "Integration connection", param(call, "user_connection_id"));

export const getConnection: Handler = (call) => ok({ data: connectionOf(call) });

export const deleteConnection: Handler = (call) => {
  call.world.store.connections.drop(connectionOf(call).id);
  return NO_CONTENT;
};

const MODELS = ["moonshotai/Kimi-K2.6", "zai-org/GLM-5.1-FP8", "MiniMaxAI/MiniMax-M2.7"];

/** A few names. The real list is long and changes. */
export const listModels: Handler = () =>
  ok({
    object: "list",
    data: MODELS.map((id) => ({
      id,
      object: "model",
      owned_by: "Telnyx",
      organization: id.split("/")[0] ?? "",
    })),
  });
