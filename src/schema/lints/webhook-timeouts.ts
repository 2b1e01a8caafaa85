import { property } from "../../model/json.ts";
import type { Lint } from "./lint.ts";
import { nodeAt } from "../node.ts";
import { labelled } from "../shown.ts";
import { toolDefinitions } from "./tool-definitions.ts";

/** What the API took there while it still applied the value. */
const LEAST = 500;
const MOST = 10_000;

/** RC2018: a webhook's own time limit is stored and not applied. */
export const webhookTimeouts: Lint = (subjects, report) => {
  for (const subject of subjects) {
    for (const { definition, path } of toolDefinitions(subject)) {
      const found = property(definition["webhook"], "timeout_ms");
      if (typeof found !== "number" || (found >= LEAST && found <= MOST)) continue;
      const at = [...path, "webhook", "timeout_ms"];
      report({
        code: "RC2018",
        message: `${labelled(`${subject.kind.kind}.spec`, at)}: ${found} has no effect: Telnyx stores it and does not apply it`,
        at: nodeAt(subject.node, at),
        address: subject.address,
        hint: "set `timeout_ms` of the tool, beside `type`",
      });
    }
  }
};
