import type { Address } from "../model/address.ts";
import type { JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import type { Report } from "./finding.ts";
import { canaryOrder } from "./lints/canary-order.ts";
import { canaryVersions } from "./lints/canary-versions.ts";
import { canaryWeights } from "./lints/canary-weights.ts";
import { contradictions } from "./lints/contradictions.ts";
import { emptyNames } from "./lints/empty-names.ts";
import { flowDefaults } from "./lints/flow-defaults.ts";
import { flowEnds } from "./lints/flow-ends.ts";
import { flowIds } from "./lints/flow-ids.ts";
import { formerAddresses } from "./lints/former-addresses.ts";
import { hardCycles } from "./lints/hard-cycles.ts";
import { ignoredPaths } from "./lints/ignored-paths.ts";
import { literalIds } from "./lints/literal-ids.ts";
import { payments } from "./lints/payments.ts";
import { phoneNumbers } from "./lints/phone-numbers.ts";
import { remoteNames } from "./lints/remote-names.ts";
import { repeatedTools } from "./lints/repeated-tools.ts";
import { rubricNames } from "./lints/rubric-names.ts";
import { toolParameters } from "./lints/tool-parameters.ts";
import { undeclaredVariables } from "./lints/undeclared-variables.ts";
import { webhookTimeouts } from "./lints/webhook-timeouts.ts";
import { unusedVersions } from "./lints/unused-versions.ts";
import { urls } from "./lints/urls.ts";
import type { Node } from "./node.ts";

/** A resource as a lint sees it: its values, and where they stand. */
export interface LintSubject {
  readonly address: Address;
  readonly kind: Kind;
  readonly name: string;
  readonly spec: JsonObject;
  readonly node: Node;
  /** The whole document. */
  readonly root: Node;
  /** Where its name is written. */
  readonly at: Node;
}

/** Looks at all resources at once; names the kinds that it knows by their names. */
export type Lint = (subjects: readonly LintSubject[], report: Report) => void;

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
