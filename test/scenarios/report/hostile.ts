import * as fc from "fast-check";
import type { Address } from "../../../src/model/address.ts";
import type { Json } from "../../../src/model/json.ts";
import type { PathChange, PathClass, Plan, ResourceChange } from "../../../src/model/plan.ts";
import { change, drift, path, plan, step } from "./fixtures.ts";

/** Text that tries to move the cursor, hide, reorder, forge a line or break out of a page. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\u001B[2J",
        "\u001B]8;;https://evil.example\u0007",
        "\r",
        "\n",
        "\n\n",
        "\b\b\b",
        "\u009B31m",
        "\u202E",
        "\u2066",
        "\u200B",
        "\u2028",
        "\uD83D",
        "\nPlan: 0 to add, 0 to change, 0 to destroy.",
        "\nNo changes.",
        "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.",
        "\n```\n",
        "\n~~~~\n",
        "</details>",
        "</summary><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<!-- ",
        " -->",
        "@everyone ",
        "#123 ",
        "[click](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        "| a | b |",
        "`",
        "**",
        "\n# heading\n",
        "\n- item\n",
        "https://evil.example ",
        "&lt;",
        "\\",
        "{+",
        "[-",
      ),
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom("Hello, ", "how can I help? ", "refund "),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

const hostileValue: fc.Arbitrary<Json> = fc.oneof(
  hostileText,
  fc.array(hostileText, { maxLength: 3 }),
  fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

const pathChange: fc.Arbitrary<PathChange> = fc
  .record(
    {
      label: hostileText,
      class: fc.constantFrom<PathClass>("pending", "drift", "conflict", "unset", "released", "unmanaged", "no-baseline"),
      before: hostileValue,
      after: hostileValue,
      baseline: hostileValue,
      file: hostileText,
    },
    { requiredKeys: ["label", "class"] },
  )
  .map((parts) => Object.assign({ path: `/${parts.label.replaceAll("~", "~0").replaceAll("/", "~1")}` }, parts));

const address = hostileText.map((text): Address => `Assistant/${text}`);

const resourceChange: fc.Arbitrary<ResourceChange> = fc
  .record({
    address,
    action: fc.constantFrom("create", "update", "replace", "delete", "adopt", "move", "forget", "no-op"),
    reason: hostileText,
    id: hostileText,
    changes: fc.array(pathChange, { maxLength: 3 }),
    after: fc.dictionary(hostileText, hostileValue, { maxKeys: 3 }),
  })
  .map(({ address, action, ...parts }) => change(address, action, parts));

export const hostilePlan: fc.Arbitrary<Plan> = fc
  .record({
    project: hostileText,
    environment: hostileText,
    changes: fc.array(resourceChange, { maxLength: 3 }),
    message: hostileText,
    hint: hostileText,
    foreign: fc.dictionary(hostileText, fc.integer({ min: 0, max: 3 }), { maxKeys: 2 }),
  })
  .map(({ project, environment, changes, message, hint, foreign }) =>
    plan({
      project,
      environment,
      changes,
      foreign,
      drift: changes.map(({ address, changes }) => drift(address, "changed", { changes, unmanaged: changes })),
      refusals: changes.map(({ address }) => ({ address, rule: "conflict", message, hint })),
      steps: changes.map(({ address }) => step(address, "update")),
    }),
  );

const HOSTILE = "```\n</details>\n<script>alert(1)</script> @everyone #1 | a | `b`\n~~~\n<!-- \u202E\u001B[31m";

/** One text of every kind that tries to break out, wherever text can stand. */
export const hostile: Plan = plan({
  project: "acme --> <b>",
  changes: [
    change(`Assistant/${HOSTILE}`, "update", {
      reason: HOSTILE,
      changes: [
        path("greeting", "pending", [HOSTILE, `${HOSTILE}!`], { file: HOSTILE }),
        path(HOSTILE, "pending", ["`|`", "\\|"]),
      ],
    }),
    change("Tool/a", "create", { after: { [HOSTILE]: HOSTILE, short: "a|b", tick: "`", list: ["@here", "</details>"] } }),
  ],
  refusals: [{ rule: "ambiguous", message: HOSTILE, hint: HOSTILE }],
});
