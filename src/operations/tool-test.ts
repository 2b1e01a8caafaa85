import type { JsonObject } from "../model/json.ts";
import type { Runtime } from "../model/runtime.ts";
import type { ToolAnswer, ToolCall, ToolCalls } from "../model/tool-call.ts";
import { withoutCredentials } from "./without-credentials.ts";
import { type UnknownEffect, unknownEffect } from "./unknown-effect.ts";
import { listed } from "../model/suggest.ts";
import { linksOf } from "../reconcile/compare/references.ts";
import { type Account, SelectionError } from "./account/account.ts";
import { calledBy, type FoundObject } from "./account/find.ts";
import { ownersIn } from "./account/owners.ts";

export type ToolOutcome =
  | { readonly status: "called"; readonly answer: ToolAnswer; readonly milliseconds: number }
  | UnknownEffect;

/**
 * Calls a tool once. Credentials are removed from the request and the response. Throws `ProviderError` if the tool was
 * certainly not called.
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

/** A tool is called for an object that refers to it. Throws `SelectionError` where the object does not. */
export async function checkAttached(account: Account, tool: FoundObject, object: FoundObject): Promise<void> {
  const { id, kind, isWhole } = object;
  // A list can lack what an object refers to.
  const read = isWhole === true ? undefined : await account.provider.read(kind.kind, id);
  const { live } = read === undefined ? object : { live: read };
  const links = linksOf(kind, live.spec).filter(({ rule }) => rule.to === tool.kind.kind);
  const ids = links.flatMap(({ value }) => (typeof value === "string" ? [value] : []));
  if (ids.includes(tool.id)) return;
  const ownerOf = await ownersIn(account);
  const names = [...new Set(ids)].map((one) => ownerOf(tool.kind.kind, one)?.address ?? one);
  throw new SelectionError(
    `${calledBy(tool)} is not attached to ${calledBy(object)}`,
    names.length === 0
      ? `it has no ${tool.kind.nouns.one}: refer to one in its manifest, and apply`
      : `its ${tool.kind.nouns.many}: ${listed(names)}`,
  );
}
