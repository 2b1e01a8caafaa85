import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { node, rollcall } from "../process.ts";
import { compare, type Row } from "../row.ts";

/** So short that more rounds cost nothing. */
const MORE = 5;
const MANIFEST = `apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: front-desk }
spec:
  name: Front desk
  model: moonshotai/Kimi-K2.6
  instructions: Be brief and kind.
`;

const nothing = async () => (await node(["-e", "0"])).milliseconds;

export const startUp: readonly Row[] = [
  {
    name: "startup-validate",
    title: "`validate` of one manifest ÷ `node -e 0`",
    goal: 2.2,
    measure: async (rounds) => {
      const folder = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
      await writeFile(join(folder, "front-desk.yaml"), MANIFEST);
      const validate = async () => (await rollcall(["validate"], { cwd: folder })).milliseconds;
      return compare(rounds * MORE, validate, nothing).finally(() => rm(folder, { recursive: true }));
    },
  },
  {
    name: "startup-version",
    title: "`--version` ÷ `node -e 0`",
    goal: 1.3,
    measure: (rounds) =>
      compare(rounds * MORE, async () => (await rollcall(["--version"])).milliseconds, nothing),
  },
];
