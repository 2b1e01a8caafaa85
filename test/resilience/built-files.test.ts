import { beforeAll, expect, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { KEY } from "../e2e/cli.ts";
import { project } from "../security/project.ts";
import { builtProgram } from "./program.ts";

beforeAll(builtMain);

test("the built program finds the published schema of plans: it shows a saved plan", async () => {
  const program = await builtProgram();
  const one = await project();
  expect((await one.rollcall("plan", "--out", "plan.json")).code).toBe(0);
  const env = { TELNYX_BASE_URL: one.emulator.url, TELNYX_API_KEY: KEY };
  const { ended } = program.start(one.folder, ["show", "plan.json"], { env, shell: '"$@"' });
  expect(await ended).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("1 to add") });
});
