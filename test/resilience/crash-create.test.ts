import { EXAMPLE } from "../e2e/cli.ts";
import { survives } from "./crash.ts";

survives({
  "the first apply of the example": async () => ({
    project: EXAMPLE,
    live: "",
    ledger: { name: "staging.json" },
    args: ["apply", "--env", "staging", "--yes", "--parallelism", "1"],
  }),
});
