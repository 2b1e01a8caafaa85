import { type Json, type JsonObject, property } from "../../src/model/json.ts";
import { type LiveObject, type Provider, ProviderError } from "../../src/model/provider.ts";
import { kinds } from "./kinds.ts";

export interface MemoryProvider extends Provider {
  readonly objects: Map<string, Map<string, LiveObject>>;
  /** `create Robot r1`, `update Robot r1 voice,tags`, … in order. */
  readonly writes: string[];
  readonly reads: string[];
  /** Called before every write; throwing fails it. */
  beforeWrite: (what: string) => void;
  /** Called after every write took effect; throwing loses the answer. */
  afterWrite: (what: string) => void;
  put(kind: string, object: LiveObject): void;
  edit(kind: string, id: string, values: JsonObject): void;
}

/** A small API in memory: whole blocks are replaced, the server fills `model` in, a robot's update ends its trial. */
export function memoryProvider(): MemoryProvider {
  const objects = new Map<string, Map<string, LiveObject>>(kinds.map(({ kind }) => [kind, new Map()]));
  const of = (kind: string) => objects.get(kind) ?? new Map<string, LiveObject>();
  const writes: string[] = [];
  const reads: string[] = [];
  let count = 0;
  const write = (what: string, effect: () => void) => {
    self.beforeWrite(what);
    writes.push(what);
    effect();
    self.afterWrite(what);
  };
  const self: MemoryProvider = {
    target: { baseUrl: "memory:", account: "test" },
    kinds: new Map(kinds.map((kind) => [kind.kind, kind])),
    objects,
    writes,
    reads,
    beforeWrite: () => undefined,
    afterWrite: () => undefined,
    put: (kind, object) => void of(kind).set(object.id, object),
    edit(kind, id, values) {
      const live = of(kind).get(id);
      if (live === undefined) throw new Error(`no ${kind} ${id}`);
      of(kind).set(id, { ...live, spec: { ...live.spec, ...values } });
    },
    async list(kind, parentId) {
      reads.push(`list ${kind}${parentId === undefined ? "" : ` ${parentId}`}`);
      return [...of(kind).values()].filter(({ id }) => parentId === undefined || id.startsWith(`${parentId}/`));
    },
    async read(kind, id) {
      reads.push(`read ${kind} ${id}`);
      return of(kind).get(id);
    },
    async create({ kind, parentId, spec }) {
      const prefix = kind.slice(0, 1).toLowerCase();
      const own = `${prefix}${(count += 1)}`;
      const id = kind === "Trial" ? (parentId ?? "") : parentId === undefined ? own : `${parentId}/${own}`;
      const object = { id, spec: { ...(kind === "Robot" ? { model: "server-chosen" } : {}), ...spec } };
      write(`create ${kind} ${id}`, () => self.put(kind, object));
      return object;
    },
    async update({ kind, id, target, blocks }) {
      const live = of(kind).get(id);
      if (live === undefined) throw notFound(kind, id);
      const sent = Object.fromEntries(
        blocks.flatMap((block): [string, Json][] => {
          const value = property(target, block);
          return value === undefined ? [] : [[block, value]];
        }),
      );
      write(`update ${kind} ${id} ${[...blocks].join(",")}`, () => {
        of(kind).set(id, { ...live, spec: { ...live.spec, ...sent } });
        if (kind === "Robot") of("Trial").delete(id);
      });
    },
    async delete(kind, id) {
      write(`delete ${kind} ${id}`, () => void of(kind).delete(id));
    },
  };
  return self;
}

function notFound(kind: string, id: string): ProviderError {
  return new ProviderError({
    reason: "not-found",
    message: `no ${kind} ${id}`,
    method: "POST",
    path: `/${kind}/${id}`,
    effect: "no",
    status: 404,
  });
}

/** A failure whose effect is not known: the answer was lost. */
export function lostAnswer(): ProviderError {
  return new ProviderError({
    reason: "network",
    message: "the connection was reset",
    method: "POST",
    path: "/",
    effect: "unknown",
  });
}

/** A failure that certainly had no effect. */
export function refused(reason: "invalid" | "authentication" = "invalid"): ProviderError {
  return new ProviderError({
    reason,
    message: "refused",
    method: "POST",
    path: "/",
    effect: "no",
    status: 422,
  });
}
