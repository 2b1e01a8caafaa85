import { isList, property, type Json } from "../../../../model/json.ts";
import type { Lint, LintCheck, LintSubject } from "../../../../model/kind.ts";
import { nodeAt } from "../../../../model/node.ts";
import { segments, type PointerPattern } from "../../../../model/pointer.ts";
import { E164 } from "../../../../model/phone-number.ts";

/** Fields of a tool that hold a telephone number, or something else altogether such as a SIP address. */
export const TOOL_NUMBERS = [
  "/transfer/from",
  "/transfer/targets/*/to",
  "/invite/from",
  "/invite/targets/*/to",
];
export const ASSISTANT_NUMBERS = [
  ...TOOL_NUMBERS.map((path) => `/tools/*${path}`),
  "/telephony_settings/fallback_destination",
];

const NUMBER_LIKE = /^\+[\s\S]*$|^[\d\s().-]{7,}$/;

/** RC3008: what looks like a telephone number has the form that Telnyx dials. */
export function phoneNumbers(
  fields: readonly PointerPattern[],
  isDialled: (subject: LintSubject) => boolean = () => true,
): Lint {
  return (check) => {
    for (const subject of check.subjects.filter(isDialled)) {
      const found = fields.flatMap((field) => valuesAt(subject.spec, segments(field)));
      for (const number of found) checkNumber(check, subject, number);
    }
  };
}

export function checkNumber(check: LintCheck, subject: LintSubject, { value, path }: Found): void {
  if (typeof value !== "string" || value.includes("{{") || value.includes("@")) return;
  if (E164.test(value) || !NUMBER_LIKE.test(value)) return;
  const better = `+${value.replaceAll(/\D/g, "")}`;
  const hint =
    value.startsWith("+") && E164.test(better)
      ? `write "${better}"`
      : "write `+`, the country code and the digits";
  check.report({
    code: "RC3008",
    message: `${check.label(subject, path)}: ${JSON.stringify(value)} is not a number in E.164 form`,
    at: nodeAt(subject.node, path),
    address: subject.address,
    hint,
  });
}

interface Found {
  readonly value: Json;
  readonly path: readonly string[];
}

/** The values at a path in which `*` stands for every entry of a list. */
export function valuesAt(
  value: Json | undefined,
  [segment, ...rest]: readonly string[],
  done: readonly string[] = [],
): readonly Found[] {
  if (value === undefined) return [];
  if (segment === undefined) return [{ value, path: done }];
  if (segment !== "*") return valuesAt(property(value, segment), rest, [...done, segment]);
  return isList(value) ? value.flatMap((item, index) => valuesAt(item, rest, [...done, String(index)])) : [];
}
