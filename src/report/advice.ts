import type { FailureReason, ProviderFailure } from "../model/provider.ts";

/** What to do after a request of a step failed for good; `{again}` stands for the command. */
export const AFTER_REQUEST: Readonly<Record<FailureReason, string>> = {
  authentication: "check the API key of this environment, then {again}",
  permission: "use an API key with permission for this, then {again}",
  "not-found": "plan again: a dependency no longer exists",
  conflict: "plan again and check the live values; then {again}",
  invalid: "correct the manifest, then {again}",
  "rate-limited": "wait a while, then {again}, with a lower --parallelism if necessary",
  server: "{again}; if it persists, report the request id to the API's support",
  network: "check the connection, then {again}",
  protocol: "{again}; if it persists, the API does not answer as documented",
};

/** What to do after a request of a command failed for good; `undefined` where the error says it. */
export function adviceAfter({ reason, status }: ProviderFailure): string | undefined {
  if (reason === "invalid" && status === undefined) return undefined;
  return (ADVICE[reason] ?? AFTER_REQUEST[reason]).replace("{again}", "try again");
}

const ADVICE: Readonly<Partial<Record<FailureReason, string>>> = {
  "not-found": "it may have been deleted: look at what is live",
  conflict: "look at what is live, then {again}",
  invalid: "correct what the answer names, then {again}",
  "rate-limited": "wait a while, then {again}",
};
