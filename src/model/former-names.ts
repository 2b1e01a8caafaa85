import { isList, type JsonObject } from "./json.ts";

/*
 * Names that saved plans and ledgers of older versions contain. They are replaced where such a file is read, after its
 * checksum was verified.
 */

const FORMER: Readonly<Record<"action" | "risks", Readonly<Record<string, string>>>> = {
  action: { ensure: "restore", record: "refresh-state" },
  risks: {
    "shared-tool": "shared-object",
    "broader-canary": "wider-rollout",
    "canary-reset": "child-reset",
  },
};

/** A step or an intent, with the current name of its action. */
export function withCurrentAction(value: JsonObject): JsonObject {
  const { action } = value;
  const current = typeof action === "string" ? own(FORMER.action, action) : undefined;
  return current === undefined ? value : { ...value, action: current };
}

/** A change of a plan, with the current names of its risks. */
export function withCurrentRisks(change: JsonObject): JsonObject {
  const { risks } = change;
  if (!isList(risks)) return change;
  return { ...change, risks: risks.map((risk) => own(FORMER.risks, String(risk)) ?? risk) };
}

function own(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}
