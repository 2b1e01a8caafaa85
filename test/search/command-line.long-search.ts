import { openCliStage } from "./cli-environment.ts";
import { searched } from "./search.ts";

searched("strict", openCliStage, { alone: 200, together: 200 });
