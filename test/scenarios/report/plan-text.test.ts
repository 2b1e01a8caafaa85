import { expect, test } from "vitest";
import { columns } from "../../../src/report/layout.ts";
import { planText } from "../../../src/report/text/plan.ts";
import { change, drift, path, plan } from "./fixtures.ts";
import { plans } from "./plans.ts";

const PLAIN = { colour: false, width: 100 };

const SOME = ["everyday", "everything", "conflicts"] as const;

for (const name of SOME) {
  test(`plan on a narrow terminal: ${name}`, async () => {
    const text = planText(plans[name], { style: { colour: false, width: 60 } });
    await expect(text).toMatchFileSnapshot(`goldens/plan-${name}-narrow.txt`);
    const tooWide = text.split("\n").filter((line) => columns(line) > 60 && !/^\S|^ *#|\(.*\)$|−\d+$/.test(line));
    expect(tooWide).toEqual([]);
  });

  test(`plan in colour: ${name}`, async () => {
    const text = planText(plans[name], { style: { colour: true, width: 100 } });
    await expect(text.replaceAll("\u001B", "␛")).toMatchFileSnapshot(`goldens/plan-${name}-colour.txt`);
  });
}

test("undeclared fields are listed on request", () => {
  const text = planText(plans.everyday, { style: PLAIN, showUnmanaged: true });
  expect(text).toMatch(/^ {4}= telephony_settings\.field_31 +30$/m);
  expect(text).not.toContain("undeclared field");
});

/** How tools that read Terraform's output find their way through a plan, line by line. */
const TITLES = {
  create: /^ *# (.*) will be created$/,
  update: /^ *# (.*) will be updated in-place$/,
  delete: /^ *# (.*) will be destroyed$/,
  replace: /^ *# (.*) must be replaced$/,
  move: /^ *# (.*) has moved to (?:.*)$/,
  movedFrom: /^ *# \(moved from (.*)\)$/,
};

test("patterns for Terraform output match every resource and the summary", () => {
  const lines = planText(plans.everything, { style: PLAIN }).split("\n");
  const found = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  expect(found(TITLES.create)).toEqual(["Assistant/spanish"]);
  expect(found(TITLES.update)).toEqual([
    "Assistant/support",
    "Assistant/appointments",
    "Tool/open-ticket",
    "CanaryDeploy/front-desk",
  ]);
  expect(found(TITLES.delete)).toEqual(["Assistant/old-line"]);
  expect(found(TITLES.replace)).toEqual(["AssistantVersion/front-desk-candidate"]);
  expect(found(TITLES.move)).toEqual(["Tool/hangup"]);
  expect(found(TITLES.movedFrom)).toEqual(["Assistant/helpdesk"]);
  expect(lines).toContain("Plan: 2 to add, 4 to change, 2 to destroy.");
  expect(planText(plans.nothing, { style: PLAIN })).toMatch(/^No changes\./m);
});

test("secrets are not shown", () => {
  const digest = "rollcall:sha256:3b1d99a210";
  const headers = [{ name: "X-Api-Key", value: digest }];
  const secret = path("webhook.token", "conflict", ["first", "second", "third"], { sensitive: true });
  const text = planText(
    plan({
      changes: [
        change("Tool/a", "create", { after: { webhook: { headers }, token: digest } }),
        change("Tool/b", "update", { changes: [secret, path("headers", "pending", [undefined, headers])] }),
      ],
      drift: [drift("Tool/b", "changed", { changes: [secret] })],
      refusals: [{ address: "Tool/b", rule: "conflict", message: "one path was changed" }],
    }),
    { style: PLAIN },
  );
  expect(text).not.toMatch(/first|second|third|3b1d99a210/);
  expect(text).toContain("(sensitive)");
});

test("many restored fields are summarized in one line", () => {
  const drifted = ["a", "b", "c"].map((label) => path(label, "drift", [1, 2, 2]));
  const text = planText(plan({ changes: [change("Tool/b", "update", { changes: drifted })] }), { style: PLAIN });
  expect(text).toContain("    ~ 3 fields  (restored to the last applied value, see above)\n");
});

for (const [name, one] of Object.entries(plans)) {
  test(`plan: ${name}`, async () => {
    const text = planText(one, { style: PLAIN, requests: 6, seconds: 0.81 });
    await expect(text).toMatchFileSnapshot(`goldens/plan-${name}.txt`);
  });
}
