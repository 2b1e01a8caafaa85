import { beforeAll, describe, expect } from "vitest";
import type { StepResult } from "../../src/model/event.ts";
import type { RequestLogEntry } from "../../src/providers/telnyx/emulator/request-log.ts";
import { everyNth } from "../grid.ts";
import { liveObjects, type Live } from "../stories/live.ts";
import { atOnce } from "./at-once.ts";
import { TROUBLES, type Trouble } from "./faults.ts";
import { scenario } from "./scenarios.ts";
import type { Picture } from "./state-snapshot.ts";
import { openStage, startOf, type Ran, type Stage, type Start } from "./scenario-run.ts";

/** A scenario with what an undisturbed run of it sends and leaves behind. */
interface Rehearsed {
  readonly start: Start;
  readonly before: Picture;
  readonly after: Picture;
  readonly writes: readonly Write[];
}

interface Write {
  /** Among all requests of the run, counted from 1. */
  readonly nth: number;
  readonly line: string;
  readonly method: string;
  readonly path: string;
}

async function rehearse(name: string): Promise<Rehearsed> {
  const start = await startOf(scenario(name));
  const stage = await openStage(start);
  try {
    const before = await stage.picture();
    expect((await stage.apply()).code).toBe(0);
    const writes = stage.emulator
      .requests()
      .flatMap(({ method, path }, index) =>
        method === "GET" ? [] : [{ nth: index + 1, line: `${method} ${path}`, method, path }],
      );
    return { start, before, after: await stage.picture(), writes };
  } finally {
    await stage.close();
  }
}

/** One apply with the trouble, then one without, then a plan; everything that is promised about them. */
async function ordeal(
  { start, before, after }: Rehearsed,
  { fault, requestTimeoutMs }: Trouble,
  write: Write,
  often: "once" | "always",
): Promise<Ran> {
  const stage = await openStage(start);
  try {
    const objects = liveObjects(stage.emulator.state());
    const match =
      often === "once"
        ? { nth: write.nth }
        : { method: write.method, path: new RegExp(`^${escaped(write.path)}$`) };
    stage.emulator.inject({ match, times: often === "once" ? 1 : "always", fault });
    const ran = await stage.apply(requestTimeoutMs === undefined ? {} : { requestTimeoutMs });
    expect(stage.emulator.faults(), "the fault has struck").toHaveLength(often === "once" ? 0 : 1);
    noDuplicates(stage);
    await isHonest(stage, ran, before, after);
    isTrue(ran, objects, liveObjects(stage.emulator.state()));
    stage.emulator.clearFaults();
    await converges(stage, ran, after);
    return ran;
  } finally {
    await stage.close();
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** No two objects of a kind bear one name. */
function noDuplicates({ emulator }: Stage): void {
  const names = liveObjects(emulator.state())
    .filter(({ kind, name }) => kind !== "AssistantVersion" || name === "Candidate")
    .map(({ kind, id, name }) =>
      kind === "AssistantVersion" ? `${id.split("/")[0]} ${name}` : `${kind} ${name}`,
    );
  expect(names.toSorted(), "no two objects of one name").toEqual([...new Set(names)].toSorted());
}

/** The table of exit codes. */
async function isHonest(stage: Stage, { code, outcome }: Ran, before: Picture, after: Picture): Promise<void> {
  const now = await stage.picture();
  if (code === 0) expect(now, "0: applied and verified").toEqual(after);
  if (code === 1 || code === 4) expect(now.live, `${code}: nothing was written`).toEqual(before.live);
  if (code !== 3) return;
  const steps = outcome?.status === "done" ? outcome.result.steps : [];
  expect(
    steps.some(({ outcome: { status } }) => status === "failed"),
    "3: something failed",
  ).toBe(true);
}

/** What is not said to be written was not. */
function isTrue({ outcome }: Ran, before: readonly Live[], now: readonly Live[]): void {
  const steps = outcome?.status === "done" ? outcome.result.steps : [];
  const touched = new Set(steps.filter((one) => !isUntouched(one)).map(({ step }) => step.address));
  for (const { step } of steps.filter(isUntouched)) {
    // A write to its assistant removes a canary; one object may take several steps.
    if (step.kind === "CanaryDeploy" || touched.has(step.address)) continue;
    const own = (one: Live) => one.kind === step.kind && one.id === step.objectId;
    if (step.objectId !== undefined) expect(now.find(own)?.raw, step.id).toEqual(before.find(own)?.raw);
    else expect(now.filter(isNewOf(step, before)), step.id).toEqual([]);
  }
}

function isUntouched({ outcome }: StepResult): boolean {
  const { status } = outcome;
  return status === "blocked" || status === "not-started" || (status === "failed" && !outcome.wrote);
}

function isNewOf({ kind, desired }: StepResult["step"], before: readonly Live[]): (one: Live) => boolean {
  const known = new Set(before.map(({ id }) => id));
  const name = desired?.["name"] ?? desired?.["display_name"] ?? desired?.["version_name"];
  return (one) => one.kind === kind && one.name === name && !known.has(one.id);
}

async function converges(stage: Stage, { code }: Ran, after: Picture): Promise<void> {
  if (code !== 0) {
    expect(await stage.apply(), "the next apply").toMatchObject({ code: 0 });
    expect(await stage.picture(), "after the next apply").toEqual(after);
  }
  stage.emulator.clearRequests();
  const plan = await stage.plan();
  expect(plan.steps.map(({ id, action }) => `${action} ${id}`)).toEqual([]);
  expect(plan.refusals).toEqual([]);
  expect(plan.drift).toEqual([]);
  expect(stage.emulator.requests().filter(isWrite)).toEqual([]);
}

function isWrite({ method }: RequestLogEntry): boolean {
  return method !== "GET";
}

const SIDE_BY_SIDE = 4;

/** What is not done although it is tried again and again. */
const NEVER = new Set([
  "429 without Retry-After",
  "500 without an effect",
  "reset before the effect",
  "422 of the service",
]);

/** Every trouble at every write of every scenario. */
export function endures(...scenarios: readonly string[]): void {
  const test = everyNth(11);
  describe.each(scenarios)("%s", (name) => {
    let rehearsed: Rehearsed;
    beforeAll(async () => {
      rehearsed = await rehearse(name);
    });

    test.each(named(TROUBLES))("%s, once, at every write", async (_, trouble) => {
      await atOnce(SIDE_BY_SIDE, rehearsed.writes, async (write) => {
        const { code } = await ordeal(rehearsed, trouble, write, "once").catch(at(write));
        if (trouble.passes) expect(code, `${write.nth} ${write.line}`).toBe(0);
      });
    });

    test.each(named(TROUBLES.filter(({ lasting }) => lasting)))("%s at every write", async (_, trouble) => {
      await atOnce(SIDE_BY_SIDE, rehearsed.writes, async (write) => {
        const { code } = await ordeal(rehearsed, trouble, write, "always").catch(at(write));
        if (NEVER.has(trouble.name)) expect(code, `${write.nth} ${write.line}`).not.toBe(0);
      });
    });
  });
}

function named(troubles: readonly Trouble[]) {
  return troubles.map((trouble) => [trouble.name, trouble] as const);
}

function at({ nth, line }: Write): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error) error.message = `at request ${nth}, ${line}: ${error.message}`;
    throw error;
  };
}
