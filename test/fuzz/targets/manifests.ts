import type { Chance } from "../chance.ts";
import { mutatedBytes, mutatedText } from "../mutate-text.ts";
import type { Files } from "../sandbox.ts";
import { anyText } from "../values.ts";
import { accountWith } from "./account.ts";
import type { Target } from "./target.ts";

/** Projects with mistakes in them, and with more than mistakes. */
export const manifests: Target = async ({ recordings, sandbox, chance }) => {
  const { example, small, scenarios } = recordings;
  const base = chance.pick([example, small, chance.pick(scenarios), chance.pick(scenarios)]);
  const emulator = await accountWith(undefined, sandbox);
  return {
    contents: { files: mutatedFiles(base, chance), links: chance.oneIn(10) ? [anyLink(base, chance)] : [] },
    env: { TELNYX_BASE_URL: emulator.url },
    // The port of the emulator, and those that texts of the corpus name.
    ports: [emulator.port],
    commands: [
      ["validate", "--format", chance.pick(["text", "json", "github", "sarif"])],
      more(base === example, chance),
    ],
    close: () => emulator.close(),
  };
};

function more(isExample: boolean, chance: Chance): readonly string[] {
  const env = isExample ? ["--env", chance.pick(["staging", "production"])] : [];
  return chance.pick([
    ["plan", ...env, "--format", chance.pick(["text", "json", "markdown", "html", "gitlab"])],
    ["plan", ...env, "--out", "plan.json"],
    ["apply", ...env, "--yes"],
    ["graph", ...env, "--format", chance.pick(["mermaid", "dot", "json"])],
    ["validate", ...env, "--show", "Assistant/front-desk"],
    ["drift", ...env, "--format", "json"],
    ["ci", "artifact-name", ...env],
  ]);
}

function mutatedFiles(base: Files, chance: Chance): Files {
  const files = new Map(base);
  for (let left = 1 + chance.below(3); left > 0; left -= 1) {
    const path = chance.pick([...files.keys()]);
    const bytes = files.get(path) ?? Buffer.alloc(0);
    if (chance.oneIn(20)) files.delete(path);
    if (chance.oneIn(20)) files.set(`${anyText(chance).slice(0, 80)}.yaml`, bytes);
    files.set(
      path,
      chance.oneIn(6) ? mutatedBytes(bytes, chance) : Buffer.from(mutatedText(bytes.toString("utf8"), chance)),
    );
  }
  return files;
}

const TARGETS = ["../outside/secret.txt", "../outside/default.json", "../outside", "/dev/zero", "/", "."];

/** Wherever something is read or written, a link leads out. */
export function anyLink(base: Files, chance: Chance): readonly [string, string] {
  const own = [
    ".rollcall",
    "plan.json",
    ".rollcall/default.json",
    ".rollcall/production.json",
    ".rollcall/production.log.jsonl",
  ];
  return [chance.pick([...own, ...base.keys()]), chance.pick(TARGETS)];
}
