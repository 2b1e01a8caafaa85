import { addAdmin } from "./admin.ts";
import { type Chance, createChance } from "./chance.ts";
import { createClock } from "./clock.ts";
import type { Emulator } from "./controls.ts";
import { answered } from "./direct.ts";
import { createFaults, type Fault } from "./faults.ts";
import { createKeys } from "./idempotency.ts";
import { type Journal, openJournal } from "./journal.ts";
import { createPast, type Lag } from "./lag.ts";
import { createLimiter } from "./limits.ts";
import { type EmulatorOptions, HAZARDS } from "./options.ts";
import type { Answer, Pipeline } from "./pipeline.ts";
import { createPortal } from "./portal.ts";
import { createRequestLog } from "./request-log.ts";
import { dispatchDue } from "./runtime/dispatch.ts";
import { providerAccounts } from "./runtime/providers/index.ts";
import type { ProviderAssistant, ProviderName } from "./runtime/providers/provider.ts";
import {
  type ChatRule,
  checkedRule,
  type EnhanceRule,
  type EventRule,
  noRules,
  type ToolRule,
} from "./runtime/rules.ts";
import { BASE_PATH, createServer } from "./server.ts";
import { stateOf } from "./state.ts";
import type { TestRule } from "./records.ts";
import { createStore, type Store } from "./store.ts";
import { hostName } from "./visitors.ts";
import type { World } from "./world.ts";

export type { Emulator } from "./controls.ts";
export type { EmulatorOptions } from "./options.ts";

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const store = createStore();
  const chance = createChance(options.seed);
  const journal = await openJournal(store, chance, options.dataFile);
  const world = worldOf(store, chance, options);
  const pipeline = pipelineOf(world, journal, options);
  const host = options.host ?? "127.0.0.1";
  const app = createServer(pipeline, ownHosts(host, options.allowedHosts));
  const controls = {
    ...controlsOf(pipeline, journal),
    async close() {
      await app.close();
      journal.close();
    },
  };
  addAdmin(app, controls);
  await app.listen({ host, port: options.port ?? 0 });
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { ...controls, port, url: `http://${host.includes(":") ? `[${host}]` : host}:${port}${BASE_PATH}` };
}

function worldOf(store: Store, chance: Chance, options: EmulatorOptions): World {
  const clock = createClock(options.now ?? (() => Date.now()));
  return {
    store,
    chance,
    clock,
    now: () => clock.now(),
    hazards: { ...HAZARDS, ...options.hazards },
    envelope: options.envelope ?? "documented",
    testRules: [],
    rules: noRules(),
    providers: providerAccounts(),
    reads: new Map(),
    answers: { count: 0 },
  };
}

function pipelineOf(world: World, journal: Journal, options: EmulatorOptions): Pipeline {
  const past = createPast(world.store, world.now);
  const requestIds = createChance(options.seed === undefined ? undefined : options.seed + 1);
  return {
    world,
    log: createRequestLog(),
    faults: createFaults(world.chance),
    past,
    keys: createKeys(world),
    limit: createLimiter(options.rateLimit, world.now),
    apiKey: options.apiKey,
    latencyMs: options.latencyMs ?? 0,
    lastAnswers: new Map<string, Answer>(),
    sleep: options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
    requestId: () => requestIds.uuid(),
    save: () => {
      const isChanged = journal.save();
      if (isChanged) past.note();
      return isChanged;
    },
  };
}

function controlsOf(pipeline: Pipeline, journal: Journal): Omit<Emulator, "url" | "port" | "close"> {
  const { world, log, faults, past, lastAnswers, save } = pipeline;
  return {
    answer: (request) => answered(pipeline, request),
    requests: () => log.entries(),
    clearRequests: () => log.clear(),
    inject: (fault: Fault) => faults.inject(fault),
    faults: () => faults.pending(),
    clearFaults: () => faults.clear(),
    lag: (lag?: Lag) => past.lag(lag),
    ...rulesOf(world),
    advance(milliseconds: number) {
      world.clock.advance(milliseconds);
      if (dispatchDue(world)) save();
    },
    state() {
      if (dispatchDue(world)) save();
      return stateOf(world);
    },
    portal: createPortal(world, save),
    reset() {
      world.store.clear();
      log.clear();
      faults.clear();
      past.lag(undefined);
      clearRules(world);
      world.clock.reset();
      Object.assign(world.providers, providerAccounts());
      world.reads.clear();
      lastAnswers.clear();
      world.chance.drawn = 0;
      journal.clear();
    },
  };
}

type RuleControls = "testRule" | "clearTestRules" | "chatRule" | "toolRule" | "eventRule" | "enhanceRule";

function rulesOf(world: World): Pick<Emulator, RuleControls | "clearRules" | "providerHas"> {
  return {
    testRule: (rule: TestRule) => void world.testRules.push(rule),
    clearTestRules: () => void world.testRules.splice(0),
    toolRule: (rule: ToolRule) => void world.rules.tools.push(rule),
    enhanceRule: (rule: EnhanceRule) => void world.rules.enhance.push(rule),
    eventRule: (rule: EventRule) => void world.rules.events.push(rule),
    chatRule: (rule: ChatRule) => void world.rules.chat.push(checkedRule(rule)),
    providerHas(provider: ProviderName, assistants: readonly ProviderAssistant[]) {
      if (!Object.hasOwn(world.providers, provider)) throw new Error(`unknown provider '${provider}'`);
      if (!Array.isArray(assistants)) throw new Error("assistants must be a list");
      world.providers[provider] = assistants;
    },
    clearRules: () => clearRules(world),
  };
}

function clearRules({ testRules, rules }: World): void {
  for (const list of [testRules, ...Object.values(rules)]) list.splice(0);
}

/** An invalid `host` is reported when the server listens on it. */
function ownHosts(host: string, allowed: readonly string[] = []): readonly string[] {
  const own = hostName(host.includes(":") ? `[${host}]` : host);
  const names = allowed.map((text) => hostName(text) ?? fail(`${text} is not a host`));
  return own === undefined ? names : [own, ...names];
}

function fail(message: string): never {
  throw new Error(message);
}
