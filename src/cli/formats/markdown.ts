import { applyMarkdown } from "../../report/markdown/apply.ts";
import { driftMarkdown } from "../../report/markdown/drift.ts";
import { planMarkdown } from "../../report/markdown/plan.ts";
import { proposalMarkdown } from "../../report/proposal.ts";
import type { ApplyReport, DriftResult, PlanResult } from "./format.ts";

export { transcriptMarkdown as chat } from "../../report/transcript.ts";

export function plan({ plan, planId }: PlanResult): string {
  return planMarkdown(plan, planId === undefined ? {} : { planId });
}

export function apply({ plan, result, milliseconds }: ApplyReport): string {
  return result === undefined ? planMarkdown(plan) : applyMarkdown(result, plan, { milliseconds });
}

/** Bytes; GitHub takes 65,536 characters. */
const COMMENT_LIMIT = 65_000;

export function drift({ plan, proposal }: DriftResult): string {
  if (proposal === undefined) return driftMarkdown(plan);
  const below = proposalMarkdown(proposal);
  const limit = COMMENT_LIMIT - Buffer.byteLength(below);
  return `${driftMarkdown(plan, { limit, created: proposal.created })}\n${below}`;
}
