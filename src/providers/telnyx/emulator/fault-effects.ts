import { isObject, type Json } from "../../../model/json.ts";
import { segments } from "../../../model/pointer.ts";
import { fastApiError, type Reply, telnyxError } from "./errors.ts";
import type { FaultKind } from "./faults.ts";

/** What happens to the connection when the response is sent. */
export type Delivery = "whole" | "half" | "stall" | "reset" | "never";

export interface Struck {
  readonly reply: Reply;
  readonly delivery: Delivery;
}

/** How a request ends that a fault stops before it takes effect. */
export function beforeEffect(fault: FaultKind | undefined): Struck | undefined {
  switch (fault?.kind) {
    case "status":
      return fault.applied ? undefined : { reply: faultReply(fault), delivery: "whole" };
    case "reset-before":
      return { reply: { status: 0 }, delivery: "reset" };
    case "timeout-before":
      return { reply: { status: 0 }, delivery: "never" };
    default:
      return undefined;
  }
}

/** How the response to a request that took effect is sent, if it is sent. */
export function deliveryOf(fault: FaultKind | undefined): Delivery {
  if (fault?.kind === "reset-after") return "reset";
  if (fault?.kind === "timeout-after") return "never";
  if (fault?.kind === "stall") return "stall";
  return fault?.kind === "truncate" ? "half" : "whole";
}

export function faultReply(fault: Extract<FaultKind, { kind: "status" }>): Reply {
  const { status, body = "telnyx", code, detail = "Injected fault", headers = {} } = fault;
  switch (body) {
    case "telnyx":
      return { ...telnyxError(status, detail, code), headers };
    case "fastapi":
      return { ...fastApiError([{ type: "value_error", loc: ["body"], msg: detail }]), status, headers };
    case "html":
      return {
        status,
        body: `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`,
        headers: { "content-type": "text/html", ...headers },
      };
    case "empty":
      return { status, headers };
  }
}

/** The body for the handler: without the field that a fault drops, or with the field that it rewrites. */
export function bodyUnder(fault: FaultKind | undefined, body: Json | undefined): Json | undefined {
  if (fault?.kind !== "drop-field" && fault?.kind !== "rewrite-field") return body;
  const { field, kind } = fault;
  return changed(
    body,
    field.startsWith("/") ? segments(field) : [field],
    kind === "drop-field" ? none : rewritten,
  );
}

type Change = (value: Json) => Json | undefined;

const none: Change = () => undefined;
const rewritten: Change = (value) => (typeof value === "string" ? `${value.trim()}.` : value);

function changed(
  value: Json | undefined,
  [key = "", ...deeper]: readonly string[],
  change: Change,
): Json | undefined {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([name, one]): [string, Json][] => {
    if (name !== key) return [[name, one]];
    const other = deeper.length === 0 ? change(one) : (changed(one, deeper, change) ?? null);
    return other === undefined ? [] : [[name, other]];
  });
  return Object.fromEntries(kept);
}
