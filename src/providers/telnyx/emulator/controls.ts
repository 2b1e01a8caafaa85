import type { DirectRequest } from "./direct.ts";
import type { Fault } from "./faults.ts";
import type { Lag } from "./lag.ts";
import type { Outgoing } from "./pipeline.ts";
import type { Portal } from "./portal.ts";
import type { RequestLogEntry } from "./request-log.ts";
import type { ProviderAssistant, ProviderName } from "./runtime/providers/provider.ts";
import type { ChatRule, EnhanceRule, EventRule, ToolRule } from "./runtime/rules.ts";
import type { EmulatorState } from "./state.ts";
import type { TestRule } from "./store.ts";

/** A running server that behaves as the Telnyx API, with controls for tests. */
export interface Emulator {
  /** Answers a request that comes over no connection. */
  answer(request: DirectRequest): Promise<Outgoing>;
  /** With the base path: what a client takes as its base URL. */
  readonly url: string;
  readonly port: number;
  /** Every request to the API so far, in order of arrival. */
  requests(): readonly RequestLogEntry[];
  clearRequests(): void;
  inject(fault: Fault): void;
  /** Faults that have not struck as often as they should. */
  faults(): readonly Fault[];
  clearFaults(): void;
  /** Writes take effect at once and show late, until it is called again; without an argument at once. */
  lag(lag?: Lag): void;
  testRule(rule: TestRule): void;
  clearTestRules(): void;
  /** How the bot answers from now on. */
  chatRule(rule: ChatRule): void;
  /** How events that are scheduled from now on go. */
  eventRule(rule: EventRule): void;
  /** What the webhooks of tools answer to tests. */
  toolRule(rule: ToolRule): void;
  /** What becomes of instructions that are enhanced. */
  enhanceRule(rule: EnhanceRule): void;
  /** What an import finds from now on at another provider. */
  providerHas(provider: ProviderName, assistants: readonly ProviderAssistant[]): void;
  /** Forgets the rules of every sort, those for test runs too. */
  clearRules(): void;
  /** Lets time pass: what is scheduled for it happens. */
  advance(milliseconds: number): void;
  /** A deep copy. */
  state(): EmulatorState;
  readonly portal: Portal;
  /** Forgets everything: state, log, faults, rules and time that was let pass. */
  reset(): void;
  /** Cuts connections that still wait. */
  close(): Promise<void>;
}
