import { PLAN_KEY } from "../../e2e/cli.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { parseJson } from "../../../src/model/parse-json.ts";
import { sealed, type PlanTerms } from "../../../src/reconcile/saved-plan/planfile.ts";
import type { Chance } from "../chance.ts";
import { mutatedJson, textOf } from "../mutate-json.ts";
import { mutatedBytes, mutatedText } from "../mutate-text.ts";
import { accountWith } from "./account.ts";
import type { Target } from "./target.ts";

/** Saved plans that were changed; half of them are sealed again, as only a holder of the key can. */
export const plans: Target = async ({ recordings, sandbox, chance }) => {
  const { changed, ledger, account, plan } = recordings;
  const emulator = await accountWith(account, sandbox);
  const files = new Map(changed)
    .set(".rollcall/production.json", ledger)
    .set("plan.json", mutatedPlan(plan, chance));
  const options = chance.pick([
    [],
    ["--allow-equivalent"],
    ["--accept", "none"],
    ["--plan-id", "0"],
    ["--format", "json"],
  ]);
  return {
    contents: { files, links: [] },
    env: { TELNYX_BASE_URL: emulator.url },
    ports: [emulator.port],
    commands: [["apply", "plan.json", "--yes", ...options]],
    close: () => emulator.close(),
  };
};

function mutatedPlan(plan: Buffer, chance: Chance): Buffer {
  if (chance.oneIn(8)) return mutatedBytes(plan, chance);
  if (chance.oneIn(8)) return Buffer.from(mutatedText(plan.toString("utf8"), chance));
  const text = textOf(mutatedJson(JSON.parse(plan.toString("utf8")), chance));
  return Buffer.from(chance.oneIn(4) ? text : sealedAgain(text));
}

function sealedAgain(text: string): string {
  try {
    const { x_rollcall: extension, ...file } = parseJson(text) as JsonObject;
    const { planId: _, checksum: __, seal: ___, terms, ...more } = extension as JsonObject;
    return JSON.stringify(sealed({ ...file, x_rollcall: more }, terms as unknown as PlanTerms, PLAN_KEY));
  } catch {
    // Too deep to be sealed, or nothing to seal.
    return text;
  }
}
