import type { DirectRequest } from "./direct.ts";
import type { Fault } from "./faults.ts";
import type { Lag } from "./lag.ts";
import type { Outgoing } from "./pipeline.ts";
import type { Portal } from "./portal.ts";
import type { RequestLogEntry } from "./request-log.ts";
import type { ProviderAssistant, ProviderName } from "./runtime/providers/provider.ts";
import type { ChatRule, EnhanceRule, EventRule, ToolRule } from "./runtime/rules.ts";
import type { EmulatorState } from "./state.ts";
import type { TestRule } from "./records.ts";

/** A running server that behaves as the Telnyx API, with controls for tests. */
export interface Emulator {
  /** Answers a request without a connection. */
  answer(request: DirectRequest): Promise<Outgoing>;
  /** The base URL for clients, with the base path. */
  readonly url: string;
  readonly port: number;
  /** Every request to the API so far, in order of arrival. */
  requests(): readonly RequestLogEntry[];
  clearRequests(): void;
  inject(fault: Fault): void;
  /** Faults that have not been used as often as they should be. */
  faults(): readonly Fault[];
  clearFaults(): void;
  /** Delays what reads show of writes, until it is called again. Without an argument, reads are up to date. */
  lag(lag?: Lag): void;
  testRule(rule: TestRule): void;
  clearTestRules(): void;
  /** Sets how the bot answers. */
  chatRule(rule: ChatRule): void;
  /** Sets how events that are created from now on end. */
  eventRule(rule: EventRule): void;
  /** Sets what the webhooks of tools answer to tests. */
  toolRule(rule: ToolRule): void;
  /** Sets the result of enhancing instructions. */
  enhanceRule(rule: EnhanceRule): void;
  /** Sets which assistants another provider has. */
  providerHas(provider: ProviderName, assistants: readonly ProviderAssistant[]): void;
  /** Forgets all rules, those for test runs too. */
  clearRules(): void;
  /** Advances the clock. Events that are due happen. */
  advance(milliseconds: number): void;
  /** A deep copy. */
  state(): EmulatorState;
  readonly portal: Portal;
  /** Forgets everything: state, log, faults, rules and the advance of the clock. */
  reset(): void;
  /** Closes connections that are still waiting, too. */
  close(): Promise<void>;
}
