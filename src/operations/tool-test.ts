import type { JsonObject } from "../model/json.ts";
import type { Runtime } from "../model/runtime.ts";
import type { ToolAnswer, ToolCall, ToolCalls } from "../model/tool-call.ts";
import { withoutCredentials } from "./tool-test/without-credentials.ts";
import { type UnknownEffect, unknownEffect } from "./unknown-effect.ts";

export type ToolOutcome =
  | { readonly status: "called"; readonly answer: ToolAnswer; readonly milliseconds: number }
  | UnknownEffect;

/**
 * Calls a tool once. Credentials are taken out of what was sent and of the response. Throws `ProviderError` where the
 * tool was surely not called.
 */
export async function testTool(
  { toolCalls, runtime }: { readonly toolCalls: ToolCalls; readonly runtime: Runtime },
  call: ToolCall,
): Promise<ToolOutcome> {
  const began = runtime.now().getTime();
  try {
    const answer = await toolCalls.call(call);
    return {
      status: "called",
      answer: {
        ...answer,
        request: withoutCredentials(answer.request) as JsonObject,
        response: withoutCredentials(answer.response) as string,
      },
      milliseconds: runtime.now().getTime() - began,
    };
  } catch (error) {
    return unknownEffect(error);
  }
}
