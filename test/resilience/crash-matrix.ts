import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXAMPLE } from "../e2e/cli.ts";
import { officeScene, type Place, type Scene } from "./crash-scene.ts";
import {
  afterKill,
  atAll,
  KILL_AT,
  killedAtRequest,
  MINUTES,
  ordeal,
  type Point,
  rehearse,
  type Rehearsed,
  requestsTo,
} from "./crash.ts";
import { builtProgram, type Program } from "./program.ts";
import { spread } from "./spread.ts";

/** Where runs start from. The caller removes the project. */
type SceneOf = (program: Program) => Promise<Scene>;

const change = (name: string) => () => officeScene(name);

/** The first apply of the example, with as many requests at a time as the arguments say. */
const firstApply = (...args: readonly string[]): Scene => ({
  project: EXAMPLE,
  live: "",
  ledger: { name: "staging.json" },
  args: ["apply", "--env", "staging", "--yes", ...args],
});

export const SCENES = {
  "the first apply of the example": async () => firstApply("--parallelism", "1"),
  "an update of everything": change("everything"),
  "a prune": change("prune"),
  "a move": change("move"),
  "a replacement": change("replace"),
  "a replacement, after a run that was killed": async (program) =>
    afterKill(await officeScene("replace"), program),
  "an apply that creates objects": change("create things"),
} as const satisfies Readonly<Record<string, SceneOf>>;

export type SceneName = keyof typeof SCENES;

/** What the tests of the surrounding block share. */
interface Built {
  readonly program: Program;
  readonly scene: Scene;
}

/** Builds the program and the scene before the tests of the surrounding block, and tidies up after them. */
export function sceneFor(sceneOf: SceneOf): () => Built {
  let built: Built | undefined;
  beforeAll(async () => {
    const program = await builtProgram();
    built = { program, scene: await sceneOf(program) };
  });
  afterAll(async () => {
    if (built !== undefined && built.scene.project !== EXAMPLE)
      await rm(built.scene.project, { recursive: true, force: true });
  });
  return () => {
    if (built === undefined) throw new Error("there is no scene");
    return built;
  };
}

interface Rehearsal extends Built {
  readonly rehearsed: Rehearsed;
}

/** The same, rehearsed. */
function rehearsalOf(
  sceneOf: SceneOf,
  env?: (scene: Scene) => Readonly<Record<string, string>>,
): () => Rehearsal {
  const built = sceneFor(sceneOf);
  let rehearsed: Rehearsed | undefined;
  beforeAll(async () => {
    const { program, scene } = built();
    rehearsed = await rehearse(scene, program, env?.(scene));
  });
  return () => {
    if (rehearsed === undefined) throw new Error("there was no rehearsal");
    return { ...built(), rehearsed };
  };
}

/**
 * Every moment between two requests, once: after the one is before the next. A write is killed on both sides, and what
 * follows it only after.
 */
function momentsOf(requests: readonly string[]): readonly Point[] {
  return requests.flatMap((line, index): readonly Point[] => {
    const nth = index + 1;
    const isCovered = index > 0 && isWrite(requests[index - 1]);
    return [
      ...(isCovered ? [] : [{ side: "before", nth } as const]),
      ...(isWrite(line) ? [{ side: "after", nth } as const] : []),
    ];
  });
}

function isWrite(line: string | undefined): boolean {
  return line !== undefined && !line.startsWith("GET ");
}

/** A real process is killed at some requests and writes of the ledger; the next apply finishes the job. */
export function survives(names: readonly SceneName[], count: number): void {
  describe.each(names)("%s", (name) => {
    const rehearsal = rehearsalOf(SCENES[name]);

    test("killed before and after some requests", { timeout: 10 * MINUTES }, async () => {
      const { program, rehearsed } = rehearsal();
      const { requests } = rehearsed;
      const kill = (point: Point) => async (place: Place) => {
        const killed = await killedAtRequest(program, place, point);
        expect(requestsTo(place), "requests until then").toEqual(requests.slice(0, point.nth));
        return killed;
      };
      await atAll(
        spread(momentsOf(requests), count),
        (point) => ordeal(rehearsed, kill(point)),
        ({ side, nth }) => `${side} request ${nth}, ${requests[nth - 1]}`,
      );
    });

    test("killed before and after some ledger writes", { timeout: 10 * MINUTES }, async () => {
      const { program, rehearsed } = rehearsal();
      const { saves } = rehearsed;
      let killed = 0;
      const kill = ({ side, nth }: Point) => {
        const env = { KILL_AT: `save:${side}:${nth}` };
        return async (place: Place) => {
          const ended = await place.start(program, { env, first: [KILL_AT] }).ended;
          if (ended.signal === "SIGKILL") killed += 1;
          // What is learnt at the same moment is written in one stroke, so that a run may have fewer writes.
          return ended.code === 0 ? undefined : ended;
        };
      };
      const before = Array.from({ length: saves }, (_, index): Point => ({ side: "before", nth: index + 1 }));
      const points = spread([...before, { side: "after", nth: saves } as const], count);
      await atAll(
        points,
        (point) => ordeal(rehearsed, kill(point)),
        ({ side, nth }) => `${side} write ${nth} of ${saves} of the ledger`,
      );
      expect(killed).toBeGreaterThan((points.length - 1) * 0.8);
    });
  });
}

/** The same between some two steps on the files of the ledger. */
export function survivesLedgerSteps(count: number): void {
  describe("an apply that creates objects", () => {
    const log = ({ project }: Scene) => join(project, "operations.log");
    const rehearsal = rehearsalOf(SCENES["an apply that creates objects"], (scene) => ({
      KILL_AT: "any:before:0",
      KILL_LOG: log(scene),
    }));

    test("killed before some steps on the files of the ledger", { timeout: 10 * MINUTES }, async () => {
      const { program, rehearsed } = rehearsal();
      const operations = (await readFile(log(rehearsed.scene), "utf8")).trimEnd().split("\n");
      expect(operations).toContain("rename default.json");
      expect(operations).toContain("link default.json.lock");
      const kill = (nth: number) => (place: Place) =>
        place.start(program, { env: { KILL_AT: `any:before:${nth}` }, first: [KILL_AT] }).ended;
      await atAll(
        spread(
          operations.map((_, index) => index + 1),
          count,
        ),
        (nth) => ordeal(rehearsed, kill(nth)),
        (nth) => `before step ${nth}, ${operations[nth - 1]}`,
      );
    });
  });
}

const CREATION = {
  method: "POST",
  path: /^\/(?:ai\/assistants|ai\/tools|ai\/mcp_servers|ai\/assistants\/tests)$/,
};

/** The same while several requests are on their way. */
export function survivesSideBySide(count = Infinity): void {
  describe("an apply with the default parallelism", () => {
    const rehearsal = rehearsalOf(async () => firstApply());

    test(
      `killed after ${count === Infinity ? "every creation" : "some creations"}`,
      { timeout: 10 * MINUTES },
      async () => {
        const { program, rehearsed } = rehearsal();
        const creations = rehearsed.requests.filter(
          (line) => line.startsWith("POST ") && CREATION.path.test(line.slice("POST ".length)),
        );
        expect(creations.length).toBeGreaterThan(20);
        await atAll(
          spread(
            creations.map((_, index) => index + 1),
            count,
          ),
          (nth) =>
            ordeal(rehearsed, (place) => killedAtRequest(program, place, { side: "after", nth }, CREATION)),
          (nth) => `after creation ${nth} of ${creations.length}`,
        );
      },
    );
  });
}
