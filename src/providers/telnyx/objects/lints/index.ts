import type { Lint } from "../../../../model/kind.ts";
import { contradictions } from "./contradictions.ts";
import { flowDefaults, flowEnds, flowIds } from "./flow.ts";
import { payments } from "./payments.ts";
import { phoneNumbers, TOOL_NUMBERS } from "./phone-numbers.ts";
import { repeatedTools } from "./repeated-tools.ts";
import { undeclaredInTools, undeclaredVariables } from "./templates.ts";
import { toolParameters } from "./tool-parameters.ts";
import { inlineDefinitions, ownDefinitions, type ToolDefinitions } from "./tools.ts";
import { pathParameters, webhookTimeouts } from "./webhooks.ts";

function definitionLints(definitionsIn: ToolDefinitions): readonly Lint[] {
  return [toolParameters, webhookTimeouts, pathParameters].map((lint) => lint(definitionsIn));
}

/** The checks of a kind whose resources are tools. */
export const toolLints: readonly Lint[] = [
  ...definitionLints(ownDefinitions),
  phoneNumbers(TOOL_NUMBERS),
  undeclaredInTools,
];

/** The checks of a kind whose resources have the content of an assistant. */
export const contentLints: readonly Lint[] = [
  ...definitionLints(inlineDefinitions),
  undeclaredVariables,
  payments,
  repeatedTools,
  flowEnds,
  flowIds,
  flowDefaults,
  contradictions,
];
