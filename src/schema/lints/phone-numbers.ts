import { property, type Json } from "../../model/json.ts";
import { segments } from "../../model/pointer.ts";
import type { Report } from "../finding.ts";
import type { Lint, LintSubject } from "./lint.ts";
import { nodeAt } from "../node.ts";
import { labelled } from "../shown.ts";
import { entriesOf } from "./assistant-content.ts";

const TOOL = ["/transfer/from", "/transfer/targets/*/to", "/invite/from", "/invite/targets/*/to"];
const ASSISTANT = [...TOOL.map((path) => `/tools/*${path}`), "/telephony_settings/fallback_destination"];

/** Fields that hold a telephone number, or something else altogether such as a SIP address. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Tool: TOOL,
  Assistant: ASSISTANT,
  AssistantVersion: ASSISTANT.map((path) => `/changes${path}`),
  AssistantTest: ["/destination"],
};

const E164 = /^\+[1-9]\d{6,14}$/;
const NUMBER_LIKE = /^\+[\s\S]*$|^[\d\s().-]{7,}$/;

/** RC3008: what looks like a telephone number has the form that Telnyx dials. */
export const phoneNumbers: Lint = (subjects, report) => {
  for (const subject of subjects) {
    if (subject.kind.kind === "AssistantTest" && !isDialled(subject)) continue;
    for (const field of FIELDS[subject.kind.kind] ?? []) {
      for (const { value, path } of valuesAt(subject.spec, segments(field)))
        check(subject, value, path, report);
    }
    if (subject.kind.kind === "CanaryDeploy") checkClauses(subject, report);
  }
};

function isDialled({ spec }: LintSubject): boolean {
  return (
    spec["telnyx_conversation_channel"] === "phone_call" || spec["telnyx_conversation_channel"] === "sms_chat"
  );
}

/** Numbers of callers; a beginning of a number is no number. */
function checkClauses(subject: LintSubject, report: Report): void {
  for (const { index, item } of entriesOf(subject.spec["rules"])) {
    for (const { index: clause, item: condition } of entriesOf(item["match"])) {
      if (condition["attribute"] !== "telnyx_end_user_target" || condition["operator"] === "starts_with")
        continue;
      const path = ["rules", String(index), "match", String(clause), "values"];
      for (const found of valuesAt(condition["values"], ["*"])) {
        check(subject, found.value, [...path, ...found.path], report);
      }
    }
  }
}

function check(subject: LintSubject, value: Json, path: readonly string[], report: Report): void {
  if (typeof value !== "string" || value.includes("{{") || value.includes("@")) return;
  if (E164.test(value) || !NUMBER_LIKE.test(value)) return;
  const digits = value.replaceAll(/\D/g, "");
  const better = `+${digits}`;
  const hint =
    value.startsWith("+") && E164.test(better)
      ? `write "${better}"`
      : "write `+`, the country code and the digits";
  report({
    code: "RC3008",
    message: `${labelled(`${subject.kind.kind}.spec`, path)}: ${JSON.stringify(value)} is not a number in E.164 form`,
    at: nodeAt(subject.node, path),
    address: subject.address,
    hint,
  });
}

interface Found {
  readonly value: Json;
  readonly path: readonly string[];
}

/** The values at a path in which `*` stands for every entry. */
function valuesAt(
  value: Json | undefined,
  path: readonly string[],
  done: readonly string[] = [],
): readonly Found[] {
  const [segment, ...rest] = path;
  if (value === undefined) return [];
  if (segment === undefined) return [{ value, path: done }];
  if (segment !== "*") return valuesAt(property(value, segment), rest, [...done, segment]);
  return Array.isArray(value)
    ? value.flatMap((item: Json, index) => valuesAt(item, rest, [...done, String(index)]))
    : [];
}
