/**
 * `npm run fuzz`: changed manifests, saved plans, ledgers, answers of the API and of forges. Whatever comes in, a command
 * ends within seconds, in its own words, and reaches nothing but the project, the one API and Git.
 *
 *     npm run fuzz -- --minutes 60
 *     npm run fuzz -- --minutes 5 --only live,forge
 *     npm run fuzz -- --seed 12 --from 1000                without the first 1000 inputs of each target
 *     npm run fuzz -- --seed 12 --only live --index 345    one input again
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { TARGETS } from "./targets/index.ts";
import { startWorker, type Outcome } from "./watch.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
    only: { type: "string", default: Object.keys(TARGETS).join(",") },
    index: { type: "string" },
    from: { type: "string", default: "0" },
    workers: { type: "string", default: "2" },
  },
});
const { seed } = values;
const targets = values.only.split(",");
const unknown = targets.find((name) => TARGETS[name] === undefined);
if (unknown !== undefined)
  throw new Error(`no such target ${unknown}; there are ${Object.keys(TARGETS).join(", ")}`);
const folder = resolve(import.meta.dirname, "../../fuzz-failures");
const tried = new Map(targets.map((name) => [name, 0]));
const kinds = new Map<string, number>();
let failures = 0;
let next = Number(values.from) * targets.length;

console.log(`seed ${seed}`);
const began = Date.now();
const end = began + Number(values.minutes) * 60_000;
if (values.index === undefined) await Promise.all(Array.from({ length: Number(values.workers) }, work));
else await once(targets[0] ?? "", Number(values.index));
report();
process.exit(failures === 0 ? 0 : 1);

async function work(): Promise<void> {
  const worker = await startWorker(folder);
  while (Date.now() < end) {
    const target = targets[next % targets.length] ?? "";
    const index = Math.floor(next / targets.length);
    next += 1;
    take(target, index, await worker.attempt({ target, index, seed }));
  }
  await worker.end();
}

async function once(target: string, index: number): Promise<void> {
  const worker = await startWorker(folder);
  take(target, index, await worker.attempt({ target, index, seed }));
  await worker.end();
}

function take(target: string, index: number, { faults, kept }: Outcome): void {
  tried.set(target, (tried.get(target) ?? 0) + 1);
  if (faults.length === 0) return;
  failures += 1;
  // The same fault once more is counted, not told again.
  const kind = faults.join("\n").replaceAll(/\d+/g, "0").slice(0, 400);
  const before = kinds.get(kind) ?? 0;
  kinds.set(kind, before + 1);
  if (before > 0) return;
  console.log(`\nFAILED ${target} ${index}\n${faults.join("\n").slice(0, 3000)}`);
  console.log(`again: npm run fuzz -- --seed ${seed} --only ${target} --index ${index}`);
  if (kept !== undefined) console.log(`kept in ${kept}`);
}

function report(): void {
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`\nTried in ${seconds} s, seed ${seed}:`);
  for (const [name, count] of tried) console.log(`  ${name.padEnd(10)} ${count} inputs`);
  console.log(failures === 0 ? "Nothing failed." : `${failures} failed, in ${kinds.size} ways.`);
}
