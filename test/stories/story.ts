import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Json, JsonObject } from "../../src/model/json.ts";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn, type Ran } from "../e2e/cli.ts";
import { asShown, firstLack, type Live, liveObjects } from "../model/live.ts";
import { type Backend, type BackendName, backendOf } from "./backends.ts";
import { type Clock, startClock } from "./clock.ts";
import { cutAtStep, Killed } from "./cut.ts";
import { addressOf, declare, type Kind, type Manifest, resolved } from "./manifests.ts";

/** A project, an account and their people, from one command line to the next. */
export interface Story {
  readonly folder: string;
  readonly emulator: Emulator;
  readonly clock: Clock;
  /** The variables that commands are given. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on these are the manifests, and there are no others. */
  declare(...manifests: readonly Manifest[]): Promise<void>;
  readonly declared: readonly Manifest[];
  /** Runs one command line. */
  run(...args: readonly string[]): Promise<Ran>;
  /** The same, and it has to end with this code. */
  ends(code: number, ...args: readonly string[]): Promise<Ran>;
  /** Runs it until its process is killed at this request; nothing that it does later has any effect. */
  killed(at: Moment, ...args: readonly string[]): Promise<void>;
  /** The same where it may end before that moment comes; then it says how. */
  cutOff(at: Moment | Cut, ...args: readonly string[]): Promise<Ran | undefined>;
  /** A project and an account in which nothing has happened yet. */
  beginAgain(): Promise<void>;
  /** What stands live under this name, which must be one object at most. */
  one(kind: Kind, name: string): Live | undefined;
  /** Its id; there must be one. */
  idOf(kind: Kind, name: string): string;
  all(kind: Kind, name?: string): readonly Live[];
  close(): Promise<void>;
}

/** The request at which a process is killed: before it has taken effect, or after, in both cases without an answer. */
export interface Moment {
  readonly side: "before" | "after";
  readonly method?: string;
  readonly writes?: true;
  readonly path?: string | RegExp;
  readonly nth?: number;
}

/** Between two steps on the files of the ledger: before the nth. */
export interface Cut {
  readonly step: number;
}

export interface StoryOptions extends EmulatorOptions {
  readonly backend?: BackendName;
}

/** No process has such a high number. */
const NOBODY = 2 ** 30;

export async function openStory({ backend: name = "file", ...options }: StoryOptions = {}): Promise<Story> {
  const place = await mkdtemp(join(tmpdir(), "rollcall-story-"));
  const folder = join(place, "project");
  const clock = startClock();
  await declare(folder, {}, []);
  const backend = await backendOf(name, folder);
  const emulator = await startEmulator({ seed: 1, now: clock.now, ...options });
  const env = { TELNYX_BASE_URL: emulator.url, TELNYX_API_KEY: KEY };
  let declared: readonly Manifest[] = [];
  const all = (kind: Kind, called?: string) =>
    liveObjects(emulator.state()).filter(
      (object) =>
        object.kind === kind && object.isMain !== true && (called === undefined || object.name === called),
    );
  const run = (...args: readonly string[]) => runIn(folder, env, args, { runtime: clock.runtime });
  const cutOff: Story["cutOff"] = (at, ...args) =>
    killed({ backend, emulator, clock, folder }, at, (around) => runIn(folder, env, args, around));
  return {
    folder,
    emulator,
    clock,
    env,
    get declared() {
      return declared;
    },
    async declare(...manifests) {
      declared = manifests;
      await declare(folder, backend.settings, manifests);
    },
    run,
    async ends(code, ...args) {
      const ran = await run(...args);
      expect(ran.code, `rollcall ${args.join(" ")}\n${ran.stdout}\n${ran.stderr}`).toBe(code);
      return ran;
    },
    async killed(at, ...args) {
      const ran = await cutOff(at, ...args);
      if (ran === undefined) return;
      throw new Error(`it was not killed, and ended with ${ran.code}:\n${ran.stdout}\n${ran.stderr}`);
    },
    cutOff,
    async beginAgain() {
      declared = [];
      emulator.reset();
      await rm(folder, { recursive: true, force: true });
    },
    all,
    one(kind, called) {
      const found = all(kind, called);
      expect(found.length, `objects named ${kind} ${called}`).toBeLessThanOrEqual(1);
      return found[0];
    },
    idOf(kind, called) {
      const [found, ...others] = all(kind, called);
      if (found === undefined || others.length > 0) throw new Error(`${others.length} more than one ${called}`);
      return found.id;
    },
    async close() {
      await emulator.close();
      await rm(place, { recursive: true, force: true });
    },
  };
}

/** A story that is over with its test. */
export async function story(options: StoryOptions = {}): Promise<Story> {
  const opened = await openStory(options);
  onTestFinished(() => opened.close());
  return opened;
}

interface Scene {
  readonly backend: Backend;
  readonly emulator: Emulator;
  readonly clock: Clock;
  readonly folder: string;
}

/**
 * What is kept is photographed at that moment. From then on the run reaches nobody and waits for nothing, and what it
 * still writes is put back: all that is left is what a killed process leaves.
 */
async function killed(
  { backend, emulator, clock, folder }: Scene,
  at: Moment | Cut,
  start: (around: Parameters<typeof runIn>[3]) => Promise<Ran>,
): Promise<Ran | undefined> {
  let putBack: (() => void) | undefined;
  const die = () => {
    putBack = backend.photograph();
    emulator.inject({ times: "always", fault: { kind: "reset-before" } });
  };
  if (!("step" in at)) {
    const { side, ...match } = at;
    const kind = side === "before" ? "reset-before" : "reset-after";
    emulator.inject({ match, fault: { kind }, onStrike: die });
  }
  const { runtime } = clock;
  const sleep: typeof runtime.sleep = (milliseconds, signal) => {
    if (putBack !== undefined && signal === undefined) throw new Killed();
    return runtime.sleep(milliseconds, signal);
  };
  const heal = "step" in at ? cutAtStep(folder, at.step, die) : () => undefined;
  try {
    const ran = await start({ pid: NOBODY, runtime: { ...runtime, sleep } }).catch((error: unknown) => {
      if (error instanceof Killed || putBack !== undefined) return undefined;
      throw error;
    });
    if (putBack === undefined) return ran;
  } finally {
    heal();
    emulator.clearFaults();
  }
  putBack();
  if (!backend.knowsProcesses) clock.pass(120_000);
  return undefined;
}

/** One difference that a plan shows. */
interface Shown {
  readonly address: string;
  readonly action: string;
  readonly id?: string;
  readonly changes: readonly { readonly path: string; readonly class: string }[];
}

export interface PlanShown {
  readonly code: number;
  readonly empty: boolean;
  readonly changes: readonly Shown[];
  readonly drift: readonly {
    readonly address: string;
    readonly id: string;
    readonly what: string;
    readonly changes: readonly { readonly path: string; readonly class: string }[];
  }[];
  readonly refusals: readonly { readonly rule: string; readonly address?: string; readonly message: string }[];
}

/** What a plan says; it may be one that is refused. */
export async function planned(story: Story, ...args: readonly string[]): Promise<PlanShown> {
  const ran = await story.run("plan", "--format", "json", ...args);
  expect([0, 1], ran.stderr).toContain(ran.code);
  const plan = JSON.parse(ran.stdout) as { readonly x_rollcall: Omit<PlanShown, "code"> };
  return { ...plan.x_rollcall, code: ran.code };
}

/** Paths of a plan by class, as `Assistant/front /greeting`. */
export function pathsOf(plan: PlanShown, ...classes: readonly string[]): readonly string[] {
  return [...plan.changes, ...plan.drift].flatMap(({ address, changes }) =>
    changes.filter((change) => classes.includes(change.class)).map(({ path }) => `${address} ${path}`),
  );
}

/** A plan that calls nothing somebody else's: no drift, no conflict, no refusal. */
export async function callsNothingForeign(story: Story, ...args: readonly string[]): Promise<PlanShown> {
  const plan = await planned(story, ...args);
  expect(pathsOf(plan, "drift", "conflict"), "called somebody else's edit").toEqual([]);
  expect(
    plan.drift.map(({ address, what }) => `${address} ${what}`),
    "drift",
  ).toEqual([]);
  expect(plan.refusals, "refusals").toEqual([]);
  return plan;
}

/** Everything is in order: live is as declared, once each, the plan is empty, and nothing has drifted. */
export async function isInOrder(story: Story, ...args: readonly string[]): Promise<void> {
  expect(lacks(story), "live is as declared").toEqual([]);
  await story.ends(0, "plan", "--detailed-exitcode", ...args);
  await story.ends(0, "drift");
}

/** With one more plain apply everything is in order. */
export async function comesInOrder(story: Story): Promise<void> {
  await story.ends(0, "apply", "--yes");
  await isInOrder(story);
}

/** What is declared and not live as declared, and what is live twice. */
function lacks(story: Story): readonly string[] {
  return story.declared.flatMap((manifest) => {
    const { kind, spec } = manifest;
    const address = addressOf(manifest);
    const found = standing(story, manifest);
    const [live, ...more] = found;
    if (live === undefined) return [`${address} is not live`];
    if (more.length > 0) return [`${address} is live ${found.length} times`];
    const wanted = asShown(kind, resolved(spec, (target) => idFor(story, target)) as JsonObject);
    const lack = firstLack(wanted, live.raw);
    return lack === undefined ? [] : [`${address}${lack}`];
  });
}

function standing(story: Story, { kind, spec }: Manifest): readonly Live[] {
  const parent = parentId(story, spec);
  if (kind === "CanaryDeploy") return story.all(kind).filter(({ id }) => id === parent);
  const name = String(spec["name"] ?? spec["display_name"] ?? spec["version_name"]);
  const found = story.all(kind, name);
  return kind === "AssistantVersion" ? found.filter(({ id }) => id.startsWith(`${parent}/`)) : found;
}

function parentId(story: Story, spec: JsonObject): string | undefined {
  const parent = spec["assistant"] as { readonly ref?: string } | undefined;
  return parent?.ref === undefined ? undefined : idFor(story, parent.ref);
}

/** As others hold it: of a version its own id. */
function idFor(story: Story, address: string): string {
  const manifest = story.declared.find((one) => addressOf(one) === address);
  const [live] = manifest === undefined ? [] : standing(story, manifest);
  return live?.id.split("/").at(-1) ?? `nothing for ${address}`;
}

/** The value at a path of an object, in the API's shape. */
export function at(live: Live | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, key) => (typeof value === "object" && value !== null ? (value as JsonObject)[key] : undefined),
    live?.raw,
  );
}
