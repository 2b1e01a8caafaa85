import { equal, type JsonObject } from "../../src/model/json.ts";
import {
  type LiveObject,
  ProviderError,
  type ProviderFailure,
  type UpdateRequest,
} from "../../src/model/provider.ts";
import type { Json } from "../../src/model/json.ts";
import type { Runtime } from "../../src/model/runtime.ts";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../src/providers/telnyx/emulator/emulator.ts";
import {
  createTelnyxProvider,
  type TelnyxOptions,
  type TelnyxProvider,
} from "../../src/providers/telnyx/provider.ts";

const KEY = "KEY0123456789abcdef_secret";

export const ASSISTANT = { name: "Front desk", instructions: "You answer the phone.", model: "some/model" };

interface Write {
  readonly line: string;
  readonly body?: Json;
}

/** An emulator and a provider that speaks to it, used in the steps in which the engine uses it. */
export interface ProviderWorld {
  readonly emulator: Emulator;
  readonly provider: TelnyxProvider;
  create(kind: string, spec: JsonObject, parentId?: string): Promise<LiveObject>;
  /** As `create`; the requests that it took are forgotten. */
  made(kind: string, spec: JsonObject, parentId?: string): Promise<LiveObject>;
  read(kind: string, id: string): Promise<LiveObject>;
  /** Makes of an object what `change` makes of it: reads, forgets the requests so far, and sends what differs. */
  change(kind: string, id: string, change: (spec: JsonObject) => JsonObject): Promise<void>;
  /** Verb, path and query of every request. */
  lines(): readonly string[];
  writes(): readonly Write[];
  stop(): Promise<void>;
}

/** Nothing is waited for. */
export const HURRIED: Runtime = {
  now: () => new Date(),
  random: () => 0,
  uuid: () => "",
  sleep: async () => {},
};

export async function startWorld(
  options: EmulatorOptions = {},
  settings: Partial<TelnyxOptions> = {},
): Promise<ProviderWorld> {
  const emulator = await startEmulator({ apiKey: KEY, seed: 1, ...options });
  const provider = createTelnyxProvider({ apiKey: KEY, baseUrl: emulator.url, runtime: HURRIED, ...settings });
  let keys = 0;
  const create = (kind: string, spec: JsonObject, parentId?: string) => {
    const idempotencyKey = `key-${(keys += 1)}`;
    return provider.create({ kind, spec, idempotencyKey, ...(parentId !== undefined && { parentId }) });
  };
  const read = async (kind: string, id: string) => {
    const object = await provider.read(kind, id);
    if (object === undefined) throw new Error(`${kind} ${id} is gone`);
    return object;
  };
  return {
    emulator,
    provider,
    create,
    read,
    made: async (kind, spec, parentId) => {
      const object = await create(kind, spec, parentId);
      emulator.clearRequests();
      return object;
    },
    change: async (kind, id, change) => {
      const live = (await read(kind, id)).spec;
      emulator.clearRequests();
      await provider.update(updateOf(kind, id, live, change(live)));
    },
    lines: () =>
      emulator
        .requests()
        .map(({ method, path, query }) => `${method} ${path}${query && `?${decodeURIComponent(query)}`}`),
    writes: () =>
      emulator
        .requests()
        .filter(({ method }) => method !== "GET")
        .map(({ method, path, body }): Write => {
          const line = `${method} ${path}`;
          return body === undefined ? { line } : { line, body };
        }),
    stop: async () => {
      await provider.close();
      await emulator.close();
    },
  };
}

export function updateOf(kind: string, id: string, live: JsonObject, target: JsonObject): UpdateRequest {
  const keys = new Set([...Object.keys(live), ...Object.keys(target)]);
  return { kind, id, live, target, blocks: [...keys].filter((key) => !equal(live[key], target[key])) };
}

export async function failureOf(work: Promise<unknown>): Promise<ProviderFailure> {
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof ProviderError)) throw new Error(`no failure of a request but ${String(error)}`);
  return error.failure;
}

export function omit(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
