import { rollcall } from "../process.ts";
import { compare, type Row } from "../row.ts";
import { applied } from "../stage.ts";

const LATENCY = 50;

export const drifts: readonly Row[] = [
  {
    name: "drift-latency",
    title: `drift of 300 at ${LATENCY} ms ÷ (its requests × ${LATENCY} ms ÷ 8)`,
    goal: 1.3,
    measure: (rounds) =>
      applied(
        { Assistant: 100, AssistantVersion: 100, CanaryDeploy: 100 },
        LATENCY,
        async ({ project, server }) => {
          let requests = 0;
          const drift = async () => {
            await server.forget();
            const { milliseconds } = await rollcall(["drift", "--quiet"], { cwd: project, url: server.url });
            requests = (await server.requests()).length;
            return milliseconds;
          };
          const measured = await compare(rounds, drift, async () => (requests * LATENCY) / 8);
          return { ...measured, detail: `${measured.detail}; ${requests} requests` };
        },
      ),
  },
];
