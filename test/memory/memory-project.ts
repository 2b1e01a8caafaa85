import { isObject, type JsonObject } from "../../src/model/json.ts";
import { fold } from "../../src/model/fold.ts";
import type { Ledger, LedgerState } from "../../src/model/ledger.ts";
import type { Lifecycle, Resource } from "../../src/model/resource.ts";
import type { Provider } from "../../src/model/provider.ts";
import type { Runtime } from "../../src/model/runtime.ts";
import { applyProject, type ApplyChoices, type ApplyOutcome } from "../../src/operations/apply.ts";
import { newMemory, remembering } from "../../src/operations/memory.ts";
import { planProject } from "../../src/operations/plan.ts";
import type { PlanChoices } from "../../src/model/plan-choices.ts";
import type { Workspace } from "../../src/operations/workspace.ts";
import { memoryProvider, type MemoryProvider } from "./provider.ts";

const CHOICES: PlanChoices = { prune: false, onConflict: "refuse", allowMassChange: true };

/** A manifest in short: `manifest("Robot/desk", { script: "…" })`. */
export function manifest(
  address: `${string}/${string}`,
  spec: JsonObject,
  lifecycle: Partial<Lifecycle> = {},
): Resource {
  const [kind = "", name = ""] = address.split("/");
  return {
    address,
    kind,
    name,
    labels: {},
    lifecycle: { ignore: [], movedFrom: [], ...lifecycle },
    spec,
    file: `${name}.yaml`,
  };
}

export const ref = (address: `${string}/${string}`) => ({ ref: address });

/** Time that stands still and chance that does not. */
export function quietRuntime(): Runtime {
  let count = 0;
  return {
    now: () => new Date("2026-01-01T00:00:00Z"),
    random: () => 0.5,
    uuid: () => `uuid-${(count += 1)}`,
    sleep: async () => undefined,
  };
}

function memoryLedger(): Ledger & { state: LedgerState | undefined } {
  const self: Ledger & { state: LedgerState | undefined } = {
    place: "memory",
    state: undefined,
    read: async () => self.state,
    holder: async () => undefined,
    unlock: async () => undefined,
    open: async () => ({
      get state() {
        return self.state ?? EMPTY;
      },
      entry: (address) => self.state?.entries[address],
      async commit(facts) {
        self.state = structuredClone(fold(self.state ?? EMPTY, facts));
      },
      flush: async () => undefined,
      release: async () => undefined,
    }),
  };
  return self;
}

const includedFile = (): undefined => undefined;

const EMPTY: LedgerState = { lineage: "l", serial: 0, entries: {} };

export interface World {
  readonly provider: MemoryProvider;
  readonly ledger: ReturnType<typeof memoryLedger>;
  workspace(resources: readonly Resource[]): Workspace;
  plan(resources: readonly Resource[], choices?: Partial<PlanChoices>): ReturnType<typeof planProject>;
  /** The same by a program that has planned before; every answer is new to it, as those of a real API are. */
  planAgain: World["plan"];
  apply(resources: readonly Resource[], choices?: Partial<ApplyChoices>): Promise<ApplyOutcome>;
  /** The live specs of a kind by natural name or id. */
  live(kind: string): Record<string, JsonObject>;
}

/** Every answer is a value of its own. */
function answering(provider: Provider): Provider {
  return {
    ...provider,
    list: async (...of) => structuredClone(await provider.list(...of)),
    read: async (...of) => structuredClone(await provider.read(...of)),
  };
}

export function world(time: Partial<Runtime> = {}, settings: Pick<Workspace, "observeAll"> = {}): World {
  const provider = memoryProvider();
  const ledger = memoryLedger();
  const workspace = (resources: readonly Resource[]): Workspace => ({
    project: "works",
    environment: "default",
    protectAll: false,
    ...settings,
    resources,
    includedFile,
    provider,
    ledger,
    runtime: { ...quietRuntime(), ...time },
  });
  const program = { provider: remembering(answering(provider)), memory: newMemory(), includedFile };
  return {
    provider,
    ledger,
    workspace,
    plan: (resources, choices = {}) =>
      planProject(workspace(resources), { ...CHOICES, ...choices }, ledger.state),
    planAgain: (resources, choices = {}) =>
      planProject({ ...workspace(resources), ...program }, { ...CHOICES, ...choices }, ledger.state),
    apply: (resources, choices = {}) =>
      applyProject(workspace(resources), {
        ...CHOICES,
        parallelism: 4,
        holder: { who: "test", host: "here", pid: 1, operation: "apply" },
        lockTimeout: 0,
        approve: async () => true,
        onEvent: () => undefined,
        ...choices,
      }),
    live(kind) {
      const objects = [...(provider.objects.get(kind)?.values() ?? [])];
      return Object.fromEntries(
        objects.map(({ id, spec }) => {
          const name = isObject(spec) ? (spec["name"] ?? spec["title"] ?? spec["label"]) : undefined;
          return [typeof name === "string" ? name : id, spec];
        }),
      );
    },
  };
}
