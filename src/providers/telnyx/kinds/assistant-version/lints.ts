import type { Json } from "../../../../model/json.ts";
import type { Lint } from "../../../../model/kind.ts";
import { contentLints } from "../../objects/lints/index.ts";
import { targetOf } from "../../objects/lints/content.ts";
import { ASSISTANT_NUMBERS, phoneNumbers } from "../../objects/lints/phone-numbers.ts";

/** RC3011: a version that no other resource refers to. */
const unusedVersions: Lint = ({ subjects, project, incomplete, report }) => {
  // What cannot be read may use a version.
  if (incomplete) return;
  const used = new Set([...project.values()].flatMap(({ spec }) => targetsIn(spec)));
  for (const { address, at } of subjects) {
    if (used.has(address)) continue;
    const message = `no canary and no test uses ${address}`;
    report({ code: "RC3011", message, at, address, hint: "serve it by a CanaryDeploy, or remove it" });
  }
};

function targetsIn(value: Json): readonly string[] {
  const target = targetOf(value);
  if (target !== undefined) return [target];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(targetsIn) : [];
}

export const lints: readonly Lint[] = [
  ...contentLints,
  phoneNumbers(ASSISTANT_NUMBERS.map((path) => `/changes${path}`)),
  unusedVersions,
];
