import { addAdmin } from "./admin.ts";
import { createChance } from "./chance.ts";
import type { Emulator } from "./controls.ts";
import { directly } from "./direct.ts";
import { createFaults, type Fault } from "./faults.ts";
import { createKeys } from "./idempotency.ts";
import { openJournal } from "./journal.ts";
import { createPast, type Lag } from "./lag.ts";
import { createLimiter } from "./limits.ts";
import { type EmulatorOptions, HAZARDS } from "./options.ts";
import type { Answer, Pipeline } from "./pipeline.ts";
import { createPortal } from "./portal.ts";
import { createRequestLog } from "./request-log.ts";
import { BASE_PATH, createServer } from "./server.ts";
import { stateOf } from "./state.ts";
import { createStore, type TestRule } from "./store.ts";
import { hostName } from "./visitors.ts";
import type { World } from "./world.ts";

export type { Emulator } from "./controls.ts";
export type { EmulatorOptions } from "./options.ts";

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const now = options.now ?? (() => Date.now());
  const store = createStore();
  const chance = createChance(options.seed);
  const journal = await openJournal(store, chance, options.dataFile);
  const world: World = {
    store,
    chance,
    now,
    hazards: { ...HAZARDS, ...options.hazards },
    envelope: options.envelope ?? "documented",
    testRules: [],
    reads: new Map(),
    answers: { count: 0 },
  };
  const log = createRequestLog();
  const past = createPast(store, now);
  const save = (): boolean => {
    const isChanged = journal.save();
    if (isChanged) past.note();
    return isChanged;
  };
  const lastAnswers = new Map<string, Answer>();
  const requestIds = createChance(options.seed === undefined ? undefined : options.seed + 1);
  const faults = createFaults(chance);
  const host = options.host ?? "127.0.0.1";
  const pipeline: Pipeline = {
    world,
    log,
    faults,
    past,
    keys: createKeys(world),
    limit: createLimiter(options.rateLimit, now),
    apiKey: options.apiKey,
    latencyMs: options.latencyMs ?? 0,
    lastAnswers,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    requestId: () => requestIds.uuid(),
    save,
  };
  const app = createServer(pipeline, ownHosts(host, options.allowedHosts));
  const hands = {
    answer: directly(pipeline),
    requests: () => log.entries(),
    clearRequests: () => log.clear(),
    inject: (fault: Fault) => faults.inject(fault),
    faults: () => faults.pending(),
    clearFaults: () => faults.clear(),
    lag: (lag?: Lag) => past.lag(lag),
    testRule: (rule: TestRule) => void world.testRules.push(rule),
    clearTestRules: () => void world.testRules.splice(0),
    state: () => stateOf(world),
    portal: createPortal(world, save),
    reset() {
      store.clear();
      log.clear();
      faults.clear();
      past.lag(undefined);
      world.testRules.splice(0);
      world.reads.clear();
      lastAnswers.clear();
      chance.drawn = 0;
      journal.clear();
    },
    async close() {
      await app.close();
      journal.close();
    },
  };
  addAdmin(app, hands);
  await app.listen({ host, port: options.port ?? 0 });
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { ...hands, port, url: `http://${host.includes(":") ? `[${host}]` : host}:${port}${BASE_PATH}` };
}

/** What `host` is not, listening on it will tell. */
function ownHosts(host: string, allowed: readonly string[] = []): readonly string[] {
  const own = hostName(host.includes(":") ? `[${host}]` : host);
  const names = allowed.map((text) => hostName(text) ?? fail(`${text} is not a host`));
  return own === undefined ? names : [own, ...names];
}

function fail(message: string): never {
  throw new Error(message);
}
