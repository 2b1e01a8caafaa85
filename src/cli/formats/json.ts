import { version } from "../../host/version.ts";
import type { Transcript } from "../../model/chat.ts";
import { stringify } from "../../model/json.ts";
import type { ReferenceGraph } from "../../model/reference-graph.ts";
import type { TestResult } from "../../model/test-run.ts";
import { cloneJson } from "../../report/cloned.ts";
import { diagnosticsJson } from "../../report/diagnostics.ts";
import { importJson } from "../../report/imported.ts";
import { applyJson } from "../../report/json/apply.ts";
import { driftJson } from "../../report/json/drift.ts";
import { plain } from "../../report/json/plain.ts";
import { migrationJson } from "../../report/migration.ts";
import { planJson } from "../../report/json/plan.ts";
import { proposalJson } from "../../report/proposal.ts";
import { transcriptJson } from "../../report/transcript.ts";
import { testsJson } from "../../report/tests.ts";
import { problemsFromHere, type CheckedProject } from "../checked-projects.ts";
import { pullJson } from "../../report/pull.ts";
import type { ApplyReport, DriftResult, PlanResult, Results } from "./format.ts";

const BY = { rollcallVersion: version };

export function plan({ plan, json }: PlanResult): string {
  return json ?? stringify(planJson(plan, BY), 2);
}

export function apply({ plan, result, effort }: ApplyReport): string {
  const { requests } = effort;
  return stringify(result === undefined ? planJson(plan, BY) : applyJson(result, plan, { ...BY, requests }), 2);
}

export function drift({ plan, proposal }: DriftResult): string {
  const data = driftJson(plan, BY);
  return stringify(proposal === undefined ? data : { ...data, x_rollcall_proposal: proposalJson(proposal) }, 2);
}

export function validation(checked: readonly CheckedProject[]): string {
  const [first, ...others] = checked;
  // One project has its files by their paths in it.
  return diagnosticsJson(others.length === 0 ? (first?.diagnostics ?? []) : checked.flatMap(problemsFromHere));
}

export function tests(results: readonly TestResult[]): string {
  return stringify(testsJson(results, BY), 2);
}

export function chat(transcript: Transcript): string {
  return stringify(transcriptJson(transcript, BY), 2);
}

export function graph(graph: ReferenceGraph): string {
  return stringify(plain(graph), 2);
}

export function pull({ result, environment }: Results["pull"]): string {
  return stringify(pullJson(result, environment, BY), 2);
}

export function migration(result: Results["migration"]): string {
  return stringify(migrationJson(result, BY), 2);
}

export function imported(result: Results["imported"]): string {
  return stringify(importJson(result, BY), 2);
}

export function cloned(result: Results["cloned"]): string {
  return stringify(cloneJson(result, BY), 2);
}
