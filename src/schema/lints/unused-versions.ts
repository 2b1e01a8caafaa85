import type { Json } from "../../model/json.ts";
import type { Lint } from "./lint.ts";
import { targetOf } from "./assistant-content.ts";

/** RC3011: a version that no other resource refers to. */
export const unusedVersions: Lint = (subjects, report) => {
  const used = new Set(subjects.flatMap(({ spec }) => [...targetsIn(spec)]));
  for (const { kind, address, at } of subjects) {
    if (kind.kind !== "AssistantVersion" || used.has(address)) continue;
    const message = `no canary and no test uses ${address}`;
    report({ code: "RC3011", message, at, address, hint: "serve it by a CanaryDeploy, or remove it" });
  }
};

function* targetsIn(value: Json): Generator<string> {
  const target = targetOf(value);
  if (target !== undefined) yield target;
  else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) yield* targetsIn(item);
  }
}
