import { join, resolve } from "node:path";
import { node, rollcall } from "../process.ts";
import { assistant, forgetLedger } from "../project.ts";
import { compare, type Row } from "../row.ts";
import { bare } from "../server.ts";
import { type Stage, unapplied } from "../stage.ts";

const BARE_APPLY = resolve(import.meta.dirname, "../bare-apply.mjs");
const LATENCY = 50;

/** A first apply, on an account without anything in it. */
async function applyAll({ project, server }: Stage): Promise<number> {
  await server.reset();
  await forgetLedger(project);
  return (await rollcall(["apply", "--yes", "--quiet"], { cwd: project, url: server.url })).milliseconds;
}

/** The same creations, each read back, by a process that reads the same manifests. */
async function bareProcess({ project, server }: Stage): Promise<number> {
  await server.reset();
  const task = { manifests: join(project, "manifests"), url: server.url };
  return (await node([BARE_APPLY, JSON.stringify(task)])).milliseconds;
}

/** The same requests alone, in a process that is warm. */
async function bareCreates({ server }: Stage, count: number): Promise<number> {
  await server.reset();
  const works = Array.from(
    { length: count },
    (_, index) => async (send: Parameters<Parameters<typeof bare>[2][number]>[0]) => {
      const { id } = (await send("POST", "/ai/assistants", assistant(index))) as { readonly id: string };
      await send("GET", `/ai/assistants/${id}`);
    },
  );
  return bare(server.url, 4, works);
}

/** Milliseconds for one more object, among so many. */
function timeForOne(count: number): Promise<number> {
  return unapplied({ Assistant: count }, 0, async (many) => {
    const all = await applyAll(many);
    const one = await unapplied({ Assistant: 1 }, 0, applyAll);
    return (all - one) / (count - 1);
  });
}

function growth(few: number, many: number): Pick<Row, "name" | "title" | "goal" | "measure"> {
  return {
    name: `growth-${many}`,
    title: `time for an object, ${many} against ${few}`,
    goal: 1.2,
    measure: async (rounds) => {
      const { detail, ...rest } = await compare(
        rounds,
        () => timeForOne(many),
        () => timeForOne(few),
      );
      return { ...rest, detail: `each ${detail}` };
    },
  };
}

export const applies: readonly Row[] = [
  {
    name: "apply-1000",
    title:
      "apply 1,000 creates (whole process) ÷ node start + `yaml` parse + the same POST + GET requests, 4 at a time",
    goal: 3,
    measure: (rounds) =>
      unapplied({ Assistant: 1000 }, 0, async (stage) => {
        const { detail, ...rest } = await compare(
          rounds,
          () => applyAll(stage),
          () => bareProcess(stage),
        );
        const warm = await bareCreates(stage, 1000);
        return { ...rest, detail: `${detail}; the requests alone, warm: ${warm.toFixed(0)} ms` };
      }),
  },
  growth(100, 1000),
  { ...growth(1000, 10_000), isLong: true },
  {
    name: "apply-latency",
    title: `apply 300 at ${LATENCY} ms latency ÷ ideal of 4`,
    goal: 1.1,
    measure: (rounds) =>
      unapplied({ Assistant: 300 }, LATENCY, (stage) =>
        compare(
          rounds,
          () => applyAll(stage),
          async () => (300 * 2 * LATENCY) / 4,
        ),
      ),
  },
];
