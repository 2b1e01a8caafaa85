import { peakMemory, rollcall } from "../process.ts";
import { forgetLedger } from "../project.ts";
import type { Row } from "../row.ts";
import { applied, unapplied } from "../stage.ts";

const COUNTS = { Assistant: 10_000 } as const;
const rounds = 1;

export const memory: readonly Row[] = [
  {
    name: "memory-apply",
    title: "peak memory of apply of 10,000",
    goal: 512,
    unit: "MB",
    isLong: true,
    measure: () =>
      unapplied(COUNTS, 0, async ({ project, server }) => {
        await forgetLedger(project);
        const value = await peakMemory(["apply", "--yes", "--quiet"], { cwd: project, url: server.url });
        return { value, rounds, detail: "one run" };
      }),
  },
  {
    name: "memory-plan",
    title: "peak memory of a no-change plan of 10,000",
    goal: 512,
    unit: "MB",
    isLong: true,
    measure: () =>
      applied(COUNTS, 0, async ({ project, server }) => {
        const place = { cwd: project, url: server.url };
        await rollcall(["plan", "--quiet"], place);
        return { value: await peakMemory(["plan", "--quiet"], place), rounds, detail: "one run" };
      }),
  },
];
