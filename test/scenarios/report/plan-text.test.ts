import { expect, test } from "vitest";
import { planText } from "../../../src/report/text/plan.ts";
import { plans } from "./plans.ts";

const PLAIN = { colour: false, width: 100 };

for (const [name, plan] of Object.entries(plans)) {
  test(`plan: ${name}`, async () => {
    const text = planText(plan, { style: PLAIN, requests: 6, seconds: 0.81 });
    await expect(text).toMatchFileSnapshot(`goldens/plan-${name}.txt`);
  });
}
