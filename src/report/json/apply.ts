import type { ApplyResult, StepFailure, StepOutcome, StepResult } from "../../model/event.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Adoption, Plan } from "../../model/plan.ts";
import type { RequestCount } from "../../model/provider.ts";
import { applyView, everyStep } from "../apply-view.ts";
import { envelope, type JsonOptions } from "./envelope.ts";
import { plain } from "./plain.ts";
import { requestJson } from "./request.ts";

export interface ApplyJsonOptions extends JsonOptions {
  readonly requests?: RequestCount;
}

/** What apply did and did not do. `complete` only when every step was applied and verified. */
export function applyJson(result: ApplyResult, plan: Plan, options: ApplyJsonOptions): JsonObject {
  const view = applyView(result, plan);
  const steps = everyStep(result, plan);
  const of = (status: StepOutcome["status"]) =>
    steps.filter(({ outcome }) => outcome.status === status).map(stepJson);
  return {
    ...envelope(options),
    complete: view.complete,
    resources: { added: view.added, changed: view.changed, destroyed: view.destroyed },
    ...(plan.adoptions === undefined ? {} : { adopted: plan.adoptions.map(adoptionJson) }),
    applied: of("applied"),
    unchanged: of("unchanged"),
    failed: of("failed"),
    blocked: of("blocked"),
    not_started: of("not-started"),
    refused: plan.refusals.map(plain),
    ...(result.stopped === undefined ? {} : { stopped: result.stopped }),
    x_rollcall: plain({
      project: plan.project,
      environment: plan.environment,
      destroy: plan.destroy,
      target: plan.target,
      ledger: { ...plan.ledger, serial: result.serial },
      requests: options.requests,
    }),
  };
}

/** A live value that a manifest declares now. */
function adoptionJson({ address, path, target, line, patchOf }: Adoption): JsonObject {
  return plain({ address, path, file: target, line, patchOf });
}

function stepJson({ step, outcome }: StepResult): JsonObject {
  const { id, address, kind, action } = step;
  return { step: id, address, kind, action, ...outcomeJson(outcome) };
}

function outcomeJson(outcome: StepOutcome): JsonObject {
  switch (outcome.status) {
    case "applied":
      return plain({
        object_id: outcome.objectId,
        deleted_ids: outcome.deletedIds,
        request_ids: outcome.requestIds,
      });
    case "unchanged":
      return { object_id: outcome.objectId };
    case "failed":
      return plain({
        wrote: outcome.wrote,
        deleted_ids: outcome.deletedIds,
        failure: failureJson(outcome.failure),
      });
    case "blocked":
      return { by: outcome.by };
    case "not-started":
      return { because: outcome.because };
  }
}

function failureJson(failure: StepFailure): JsonObject {
  if (failure.why !== "request") return plain(failure);
  return { why: failure.why, ...requestJson(failure.failure) };
}
