import { expect, test } from "vitest";
import { driftText } from "../../../src/report/text/drift.ts";
import { plans } from "./plans.ts";

const PLAIN = { colour: false, width: 100 };

for (const name of ["driftOnly", "everything", "conflicts", "nothing", "observed"] as const) {
  test(`drift: ${name}`, async () => {
    const text = driftText(plans[name], { style: PLAIN, requests: 3, seconds: 0.34 });
    await expect(text).toMatchFileSnapshot(`goldens/drift-${name}.txt`);
  });
}
