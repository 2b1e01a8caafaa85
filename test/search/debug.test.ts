import fc from "fast-check";
import { test, vi } from "vitest";
import { openStory } from "../stories/story.ts";
import { story, type Act } from "./acts.ts";
import { play } from "./play.ts";
import { writeFileSync } from "node:fs";
test("debug", { timeout: 3_000_000 }, async () => {
  vi.stubEnv("PATH", "");
  const told = await openStory({});
  const quiet = process.env.QUIET === "1";
  const only = (process.env.TROUBLE ?? "nothing").split(",");
  const n = Number(process.env.N ?? 100);
  const seed = Number(process.env.SEED ?? 1);
  const ends = new Map<string, number>();
  const fails = new Map<string, {count: number, acts: readonly Act[], stack: string}>();
  const all = fc.sample(story(quiet, 12), { numRuns: n, seed });
  const t0 = Date.now();
  for (const acts of all) {
    const filtered = acts.map((a) => a.do === "apply" && !only.includes(a.trouble.what) ? { ...a, trouble: { what: "nothing" as const } } : a)
       .filter((a) => !(process.env.SKIP ?? "").split(",").includes(a.do));
    try { const e = await play(told, filtered); ends.set(e, (ends.get(e) ?? 0) + 1); }
    catch (e) {
      const m = (e as Error).message.split("\n")[0]!.replace(/[0-9a-f]{8}-[0-9a-f-]+/g, "ID").replace(/\d+/g, "N").slice(0, 160);
      const k = fails.get(m);
      if (!k || filtered.length < k.acts.length) fails.set(m, { count: (k?.count ?? 0) + 1, acts: filtered, stack: (e as Error).message.slice(0,1500)+"\n"+(e as Error).stack!.split("\n").filter(l=>l.includes("w-stories/test")).slice(0,4).join("\n") });
      else k.count++;
    }
  }
  let out = `${n} stories ${((Date.now()-t0)/n).toFixed(0)} ms each\n` + JSON.stringify([...ends]) + "\n";
  for (const [m, { count, acts, stack }] of [...fails].sort((a,b)=>b[1].count-a[1].count)) out += `\n#### ${count}× ${m}\n${stack}\n${acts.map((a) => "   " + JSON.stringify(a)).join("\n")}\n`;
  writeFileSync("/tmp/debug.txt", out);
  await told.close();
});
