import { membersOf } from "../../../model/json.ts";
import type { ToolCalls } from "../../../model/tool-call.ts";
import { type Api, pathOf, protocolError } from "../rest.ts";

/** Calls webhooks of tools, to try them. */
export function toolCalls(api: Api): ToolCalls {
  return {
    call: async ({ assistantId, toolId, arguments: given, variables }) => {
      const path = pathOf("/ai/assistants/{parent}/tools/{id}/test", `${assistantId}/${toolId}`);
      const body = {
        arguments: given,
        ...(Object.keys(variables).length > 0 && { dynamic_variables: variables }),
      };
      const answer = await api.act({ method: "POST", path, body });
      const { success, status_code: status, content_type: contentType, response, request } = answer ?? {};
      if (typeof success !== "boolean" || typeof status !== "number" || typeof response !== "string")
        throw protocolError("POST", path, "the answer holds no result of a call");
      return {
        isSuccess: success,
        status,
        contentType: typeof contentType === "string" ? contentType : "",
        response,
        request: membersOf(request),
      };
    },
  };
}
