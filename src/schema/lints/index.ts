import { canaryOrder } from "./canary-order.ts";
import { canaryVersions } from "./canary-versions.ts";
import { canaryWeights } from "./canary-weights.ts";
import { contradictions } from "./contradictions.ts";
import { emptyNames } from "./empty-names.ts";
import { flowDefaults } from "./flow-defaults.ts";
import { flowEnds } from "./flow-ends.ts";
import { flowIds } from "./flow-ids.ts";
import { formerAddresses } from "./former-addresses.ts";
import { hardCycles } from "./hard-cycles.ts";
import { ignoredPaths } from "./ignored-paths.ts";
import type { Lint } from "./lint.ts";
import { literalIds } from "./literal-ids.ts";
import { payments } from "./payments.ts";
import { phoneNumbers } from "./phone-numbers.ts";
import { remoteNames } from "./remote-names.ts";
import { repeatedTools } from "./repeated-tools.ts";
import { rubricNames } from "./rubric-names.ts";
import { toolParameters } from "./tool-parameters.ts";
import { undeclaredVariables } from "./undeclared-variables.ts";
import { webhookTimeouts } from "./webhook-timeouts.ts";
import { unusedVersions } from "./unused-versions.ts";
import { urls } from "./urls.ts";

/** Every check that looks at all resources at once. */
export const LINTS: readonly Lint[] = [
  remoteNames,
  undeclaredVariables,
  phoneNumbers,
  canaryWeights,
  canaryVersions,
  canaryOrder,
  unusedVersions,
  payments,
  repeatedTools,
  rubricNames,
  flowEnds,
  flowIds,
  flowDefaults,
  contradictions,
  ignoredPaths,
  formerAddresses,
  hardCycles,
  literalIds,
  emptyNames,
  urls,
  toolParameters,
  webhookTimeouts,
];
