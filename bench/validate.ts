/**
 * Validating 1,000 manifests, about 5 MB, against what the `yaml` package alone needs to parse the same text. Both run
 * in turn in one process; what counts is the ratio, which is to stay under 3.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseAllDocuments } from "yaml";
import { KINDS } from "../src/cli/workspace.ts";
import { loadProject } from "../src/schema/load.ts";

const COUNT = 1000;
const ROUNDS = 5;

const folder = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
await mkdir(join(folder, "assistants"));
await writeFile(
  join(folder, "rollcall.yaml"),
  "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: bench }\nspec: { manifests: [assistants] }\n",
);
const texts = Array.from({ length: COUNT }, (_, index) => manifest(index));
await Promise.all(texts.map((text, index) => writeFile(join(folder, "assistants", `a-${index}.yaml`), text)));

const times = { validate: [] as number[], parse: [] as number[] };
for (let round = 0; round < ROUNDS; round += 1) {
  const began = performance.now();
  const { diagnostics, resources } = await loadProject({ path: folder, env: {}, kinds: KINDS });
  times.validate.push(performance.now() - began);
  if (diagnostics.length > 0 || resources.length !== COUNT) throw new Error("the manifests are not valid");
  const parsing = performance.now();
  for (let index = 0; index < COUNT; index += 1) {
    const text = await readFile(join(folder, "assistants", `a-${index}.yaml`), "utf8");
    for (const document of parseAllDocuments(text)) document.toJS();
  }
  times.parse.push(performance.now() - parsing);
}
await rm(folder, { recursive: true });

const [validate, parse] = [median(times.validate), median(times.parse)];
const size = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
console.log(`validating ${COUNT} manifests, ${size.toFixed(1)} MB`);
console.log(
  `  rollcall ${validate.toFixed(0)} ms, yaml alone ${parse.toFixed(0)} ms, ratio ${(validate / parse).toFixed(2)} (to stay under 3)`,
);
if (validate / parse > 3) process.exitCode = 1;

function manifest(index: number): string {
  const prompt = Array.from(
    { length: 55 },
    (_, line) => `    ${line}. Be brief and kind, say what you can do, and never promise a date or a price.`,
  ).join("\n");
  return `apiVersion: rollcall.dev/v1
kind: Assistant
metadata:
  name: assistant-${index}
  labels: { team: bench }
spec:
  name: Assistant ${index}
  model: moonshotai/Kimi-K2.6
  instructions: |
${prompt}
  greeting: Hello, this is number ${index}.
  enabled_features: [telephony]
  voice_settings: { voice: Telnyx.NaturalHD.astra, voice_speed: 1.1 }
  telephony_settings: { time_limit_secs: 900, recording_settings: { enabled: true, channels: dual } }
  tools:
    - type: webhook
      webhook:
        name: look_up_${index}
        description: Finds an order by its number.
        url: https://orders.example/${index}
        body_parameters: { type: object, properties: { order: { type: string } }, required: [order] }
    - type: hangup
      hangup: { description: Ends the call. }
`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
