import type { ApplyResult, StepOutcome } from "../../../src/model/event.ts";
import type { Plan, Step } from "../../../src/model/plan.ts";
import { change, plan, step } from "./fixtures.ts";
import { plans } from "./plans.ts";

/** Every step of the plan with the outcome at its id; those without one were applied. */
export function resultOf(
  { steps }: Plan,
  outcomes: Readonly<Record<string, StepOutcome>> = {},
  stopped?: string,
): ApplyResult {
  const applied = ({ id, objectId }: Step): StepOutcome => ({
    status: "applied",
    objectId: objectId ?? `new-${id.toLowerCase().replace(/\W/g, "-")}`,
  });
  return {
    steps: steps.map((one) => ({ step: one, outcome: outcomes[one.id] ?? applied(one) })),
    serial: 42,
    ...(stopped === undefined ? {} : { stopped }),
  };
}

export const millisecondsOf = ({ steps }: Plan): ReadonlyMap<string, number> =>
  new Map(steps.map(({ id }, index) => [id, 310 + index * 270]));

const several: Plan = plan({
  changes: [
    change("Tool/lookup", "create", { after: {} }),
    change("Assistant/billing", "update"),
    change("Assistant/front-desk", "update"),
    change("Assistant/support", "update"),
    change("AssistantVersion/candidate", "create", { after: {} }),
    change("CanaryDeploy/front-desk", "create", { after: {} }),
    change("Assistant/old-line", "delete"),
  ],
  steps: [
    step("Tool/lookup", "create"),
    step("Assistant/billing", "update", { objectId: "assistant-77b0" }),
    step("Assistant/front-desk", "update", { objectId: "assistant-3e1c", needs: ["Tool/lookup"] }),
    step("Assistant/support", "update", { objectId: "assistant-dead" }),
    step("AssistantVersion/candidate", "create", { needs: ["Assistant/front-desk"] }),
    step("CanaryDeploy/front-desk", "create", { needs: ["AssistantVersion/candidate"] }),
    step("Assistant/old-line", "delete", { objectId: "assistant-0001" }),
  ],
});

const ledgerOnly: Plan = plan({
  changes: [
    change("McpServer/calendar", "adopt", { id: "mcp_cal" }),
    change("Tool/hang-up", "move", { id: "tool-4444", movedFrom: "Tool/hangup" }),
    change("Assistant/quiet", "no-op"),
    change("McpServer/gone", "forget"),
  ],
  steps: [
    step("McpServer/calendar", "refresh-state", { objectId: "mcp_cal" }),
    step("Tool/hang-up", "refresh-state", { objectId: "tool-4444", movedFrom: "Tool/hangup" }),
    step("Assistant/quiet", "refresh-state", { objectId: "assistant-9999" }),
    step("McpServer/gone", "forget", { objectId: "mcp_gone" }),
  ],
});

export const results: Readonly<Record<string, { readonly plan: Plan; readonly result: ApplyResult }>> = {
  everyday: { plan: plans.everyday, result: resultOf(plans.everyday) },
  firstPlan: { plan: plans.firstPlan, result: resultOf(plans.firstPlan) },
  ledgerOnly: { plan: ledgerOnly, result: resultOf(ledgerOnly) },
  nothing: { plan: plans.nothing, result: { steps: [], serial: 41 } },
  partial: {
    plan: several,
    result: resultOf(several, {
      "Assistant/billing": {
        status: "failed",
        wrote: true,
        failure: {
          why: "unverified",
          mismatches: [{ path: "/voice_settings/voice_speed", sent: 1.1, live: 1 }],
        },
      },
      "Assistant/front-desk": {
        status: "failed",
        wrote: false,
        failure: {
          why: "request",
          failure: {
            reason: "invalid",
            message: "Value must be one of the available models.",
            method: "POST",
            path: "/ai/assistants/assistant-3e1c",
            effect: "no",
            status: 422,
            code: "10015",
            field: "model",
            requestId: "2f1c0a5e-7d7b-4f0e-9c55-0d6f0c1f6d1a",
          },
        },
      },
      "Assistant/support": { status: "unchanged", objectId: "assistant-dead" },
      "AssistantVersion/candidate": { status: "blocked", by: ["Assistant/front-desk"] },
      "CanaryDeploy/front-desk": { status: "blocked", by: ["AssistantVersion/candidate"] },
    }),
  },
  unauthorised: {
    plan: several,
    result: resultOf(
      several,
      Object.fromEntries(
        several.steps.map(({ id }, index): [string, StepOutcome] => [
          id,
          index === 0
            ? {
                status: "failed",
                wrote: false,
                failure: {
                  why: "request",
                  failure: {
                    reason: "authentication",
                    message: "The API key looks malformed.",
                    method: "POST",
                    path: "/ai/tools",
                    effect: "no",
                    status: 401,
                    code: "10009",
                  },
                },
              }
            : { status: "not-started", because: "stopped" },
        ]),
      ),
      "The API key looks malformed.",
    ),
  },
  interrupted: {
    plan: several,
    result: resultOf(
      several,
      {
        "Assistant/front-desk": {
          status: "failed",
          wrote: true,
          failure: {
            why: "request",
            failure: {
              reason: "network",
              message: "the connection was reset before an answer came",
              method: "POST",
              path: "/ai/assistants/assistant-3e1c",
              effect: "unknown",
              attempts: 4,
            },
          },
        },
        "Assistant/support": { status: "failed", wrote: false, failure: { why: "stale", message: "it has been changed since the plan was made" } },
        "AssistantVersion/candidate": { status: "not-started", because: "interrupted" },
        "CanaryDeploy/front-desk": { status: "not-started", because: "interrupted" },
        "Assistant/old-line": { status: "failed", wrote: true, failure: { why: "ledger", message: "no space left on device" } },
      },
      "interrupted",
    ),
  },
};
