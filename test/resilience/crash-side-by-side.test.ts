import { afterAll, beforeAll, expect, test } from "vitest";
import { EXAMPLE } from "../e2e/cli.ts";
import type { Scene } from "./crash-scene.ts";
import { atAll, killedAtRequest, MINUTES, ordeal, rehearse, type Rehearsed } from "./crash.ts";
import { buildProgram, type Program } from "./program.ts";

/** As many requests at a time as when nobody says how many. */
const SCENE: Scene = {
  project: EXAMPLE,
  live: "",
  ledger: { name: "staging.json" },
  args: ["apply", "--env", "staging", "--yes"],
};
const CREATION = {
  method: "POST",
  path: /^\/(?:ai\/assistants|ai\/tools|ai\/mcp_servers|ai\/assistants\/tests)$/,
};

let program: Program;
let rehearsed: Rehearsed;

beforeAll(async () => {
  program = await buildProgram();
  rehearsed = await rehearse(SCENE, program);
}, MINUTES);

afterAll(() => program?.remove());

test(
  "killed when a creation has taken effect and others are on their way",
  { timeout: 10 * MINUTES },
  async () => {
    const creations = rehearsed.requests.filter(
      (line) => line.startsWith("POST ") && CREATION.path.test(line.slice("POST ".length)),
    );
    expect(creations.length).toBeGreaterThan(20);
    await atAll(
      creations.map((_, index) => index + 1),
      (nth) => ordeal(rehearsed, (place) => killedAtRequest(program, place, { side: "after", nth }, CREATION)),
      (nth) => `after creation ${nth} of ${creations.length}`,
    );
  },
);
