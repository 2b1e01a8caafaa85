import type { Address } from "../../src/model/address.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Runtime } from "../../src/model/runtime.ts";
import { applyProject, type ApplyOutcome } from "../../src/operations/apply.ts";
import { currentLedger, planProject } from "../../src/operations/plan.ts";
import type { PlanChoices } from "../../src/model/plan-choices.ts";
import type { Workspace } from "../../src/operations/workspace.ts";
import type { Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { createTelnyxProvider, type TelnyxProvider } from "../../src/providers/telnyx/provider.ts";
import { type Item, type Project, resourcesOf } from "./items.ts";
import { textLedger, type TextLedger } from "./ledger.ts";
import { type Live, liveObjects } from "./live.ts";

/** What someone did past the manifests and what has become of it. */
export interface PortalEdit {
  readonly id: string;
  readonly address: Address;
  /** In the API's shape, and as a manifest would name it. */
  readonly rawPath: readonly string[];
  readonly path: string;
  readonly value: string | number;
}

export interface World {
  readonly emulator: Emulator;
  readonly ledger: TextLedger;
  readonly runtime: Runtime;
  project: Project;
  /** What no apply has been able to see yet. */
  edits: readonly PortalEdit[];
  /** Ids of objects that people made in the portal. */
  readonly made: Set<string>;
  /** How many things got a name so far. */
  count: number;
  /** A version was promoted past the manifests. */
  promoted: boolean;
  /** Somebody was at work past the manifests. */
  disturbed: boolean;
}

/** Where a run is cut off: after so many requests, or around so many commits of the ledger. */
export interface Kill {
  readonly at: "request" | "before-commit" | "after-commit";
  readonly nth: number;
}

class Killed extends Error {
  override readonly name = "Killed";
}

export function newWorld(emulator: Emulator): World {
  emulator.reset();
  return {
    emulator,
    ledger: textLedger(),
    runtime: virtualRuntime(),
    project: new Map<Address, Item>(),
    edits: [],
    made: new Set(),
    count: 0,
    promoted: false,
    disturbed: false,
  };
}

/** Time passes only by sleeping; ids are never used twice. */
function virtualRuntime(): Runtime {
  let now = Date.UTC(2026, 0, 1);
  let count = 0;
  return {
    now: () => new Date(now),
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, "0")}`,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
}

const CHOICES: PlanChoices = { prune: false, onConflict: "refuse", allowMassChange: true };

/** Runs one command with a provider of its own, as the command line does. */
async function command<T>(
  world: World,
  kill: Kill | undefined,
  run: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const { emulator, ledger, runtime } = world;
  const switchOff = killSwitch(kill);
  ledger.beforeCommit = () => switchOff.tell("before-commit");
  ledger.afterCommit = () => switchOff.tell("after-commit");
  const provider = createTelnyxProvider({
    apiKey: "KEY_of_the_model",
    baseUrl: emulator.url,
    runtime,
    onRequest: () => switchOff.tell("request"),
  });
  const workspace: Workspace = {
    project: "model",
    environment: "default",
    protectAll: false,
    resources: resourcesOf(world.project),
    includedFile: () => undefined,
    provider: guarded(provider, switchOff.check),
    ledger,
    runtime,
  };
  try {
    return await run(workspace);
  } finally {
    await provider.close();
  }
}

/** Once it has struck, nothing gets through any more: no request, no commit. */
function killSwitch(kill: Kill | undefined) {
  let seen = 0;
  let dead = false;
  const check = () => {
    if (dead) throw new Killed();
  };
  return {
    check,
    tell(what: Kill["at"]) {
      check();
      if (kill === undefined || kill.at !== what) return;
      seen += 1;
      if (seen < kill.nth) return;
      dead = true;
      throw new Killed();
    },
  };
}

function guarded(provider: TelnyxProvider, check: () => void): TelnyxProvider {
  const after = <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      check();
      return call(...args);
    };
  };
  return {
    ...provider,
    list: after(provider.list),
    read: after(provider.read),
    create: after(provider.create),
    update: after(provider.update),
    delete: after(provider.delete),
  };
}

export function plan(world: World, choices: Partial<PlanChoices> = {}): Promise<Plan> {
  return command(world, undefined, async (workspace) =>
    planProject(workspace, { ...CHOICES, ...choices }, await currentLedger(workspace)),
  );
}

/** The outcome and the plan that was shown before; both are missing when the run was killed early. */
export interface Applied {
  readonly outcome?: ApplyOutcome;
  readonly plan?: Plan;
}

export async function apply(world: World, choices: Partial<PlanChoices>, kill?: Kill): Promise<Applied> {
  let shown: Plan | undefined;
  try {
    const outcome = await command(world, kill, (workspace) =>
      applyProject(workspace, {
        ...CHOICES,
        ...choices,
        parallelism: 2,
        holder: { who: "model", host: "here", pid: 1, operation: "apply" },
        lockTimeout: 0,
        approve: async (planned) => {
          shown = planned;
          return true;
        },
        onEvent: () => undefined,
      }),
    );
    return { outcome, plan: outcome.plan };
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return shown === undefined ? {} : { plan: shown };
  }
}

export function live(world: World): readonly Live[] {
  return liveObjects(world.emulator.state());
}

export async function entries(world: World): Promise<ReadonlyMap<Address, LedgerEntry>> {
  const state = await world.ledger.read();
  return new Map(Object.entries(state?.entries ?? {}) as [Address, LedgerEntry][]);
}
