import { openCliStage } from "./cli-environment.ts";
import { openEngineStage } from "./engine-environment.ts";
import { searched } from "./search.ts";

searched("strict", openEngineStage, { alone: 2400, together: 2400 });
searched("lenient", openEngineStage, { alone: 2400, together: 2400 });
searched("strict", openCliStage, { alone: 200, together: 200 });
