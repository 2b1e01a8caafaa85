import { rollcall } from "../process.ts";
import { assistant, forgetLedger } from "../project.ts";
import { compare, type Row } from "../row.ts";
import { bare } from "../server.ts";
import { type Stage, unapplied } from "../stage.ts";

const LATENCY = 50;

/** A first apply, on an account without anything in it. */
async function applyAll({ project, server }: Stage): Promise<number> {
  await server.reset();
  await forgetLedger(project);
  return (await rollcall(["apply", "--yes", "--quiet"], { cwd: project, url: server.url })).milliseconds;
}

/** The same creations, each read back. */
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
    title: "apply 1,000 creates ÷ the same POST + GET requests, bare, 4 at a time",
    goal: 3,
    measure: (rounds) =>
      unapplied({ Assistant: 1000 }, 0, (stage) =>
        compare(
          rounds,
          () => applyAll(stage),
          () => bareCreates(stage, 1000),
        ),
      ),
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
