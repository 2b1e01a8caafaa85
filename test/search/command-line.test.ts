import { openCliStage } from "./cli-environment.ts";
import { searched } from "./search.ts";

searched("strict", openCliStage, { alone: 10, together: 10 });
