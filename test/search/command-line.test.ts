import { openCliStage } from "./cli-stage.ts";
import { searched } from "./search.ts";

searched("strict", openCliStage, { alone: 10, together: 10 });
