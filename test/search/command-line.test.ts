import { openCliStage } from "./cli-stage.ts";
import { searched } from "./search.ts";

searched("strict", openCliStage, { runs: 10 });
