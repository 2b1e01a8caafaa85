import { notFound } from "./errors.ts";
import { type Handler, NO_CONTENT, ok, param } from "./world.ts";

/** Integrations and connections come from the portal; over the API they can only be looked at. */
export const listIntegrations: Handler = ({ world }) => ok({ data: world.store.integrations.all() });

export const getIntegration: Handler = (call) => {
  const id = param(call, "integration_id");
  const found = call.world.store.integrations.get(id);
  if (found === undefined) throw notFound("Integration", id);
  return ok(found);
};

export const listConnections: Handler = ({ world }) => ok({ data: world.store.connections.all() });

export const getConnection: Handler = (call) => {
  const id = param(call, "user_connection_id");
  const found = call.world.store.connections.get(id);
  if (found === undefined) throw notFound("Integration connection", id);
  return ok({ data: found });
};

export const deleteConnection: Handler = (call) => {
  const id = param(call, "user_connection_id");
  if (call.world.store.connections.get(id) === undefined) throw notFound("Integration connection", id);
  call.world.store.connections.drop(id);
  return NO_CONTENT;
};

const MODELS = ["moonshotai/Kimi-K2.6", "zai-org/GLM-5.1-FP8", "MiniMaxAI/MiniMax-M2.7"];

/** A few names; the real list is long and moves. */
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
